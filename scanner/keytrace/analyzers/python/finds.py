"""What policies found: of several finds in one place the strongest, and from these the matches with their ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import libcst as cst

from keytrace.analyzers.python.interpret.joins import is_long
from keytrace.analyzers.python.interpret.values import Taint, Value
from keytrace.analyzers.python.literals import Weighed
from keytrace.analyzers.python.meaning import Uses
from keytrace.model import PIECES, Confidence, Evidence, Hidden, Location, Match, Severity, Span

# What tests do with secrets that they have made up: servers answer with what they were sent, files are written.
_MADE_UP_IN_TESTS = frozenset(
    ("credential-in-response", "credential-over-http", "credential-written", "credential-in-url")
)
_MADE_UP = frozenset(("name", "literal"))  # kinds of taints
_BY_KIND = {"name": (Confidence.MEDIUM, 2.0), "dump": (Confidence.MEDIUM, 2.0)}
_CERTAINTY = ("dump", "name", "literal", "generated", "prompt", "environment", "manager")
_MOST_WAYS = 6  # by which a secret reaches one place
_ONWARD = ("handed to", "returned by", "looked up by")  # how a step from one function to another is told
_FAR = 4  # such steps behind which a secret is less surely what it was
_WORD = re.compile(r"[a-z]+(?:[_-][a-z]+)*")
_CHOICES = 2  # words that a value is compared with which is one of several
_SHORTEST_FOLD = 8  # characters of a constant made of pieces at which rules for formats may look
_PLAIN = re.compile(rb"""(?s)[rRbBuU]{0,2}(?:\"{3}(?P<a>.*)\"{3}|'{3}(?P<b>.*)'{3}|"(?P<c>.*)"|'(?P<d>.*)')""")


@dataclass(frozen=True, slots=True)
class Flow:
    """A secret that reached a sink."""

    rule: str
    place: cst.CSTNode
    taint: Taint
    says: str
    severity: Severity | None = None  # None: as the rule says
    mild: bool = False  # few see it: where a name alone tells that it is a secret, it is not of high severity
    in_message: bool = False  # of an exception or assertion, which names things by their ids
    doubt: str = ""  # why it may be nothing, so that it is less sure

    @property
    def certainty(self) -> tuple[bool, int, bool]:
        kind = self.taint.kind
        return (not self.taint.part, _CERTAINTY.index(kind) if kind in _CERTAINTY else -1, not self.doubt)


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal that is a credential, or was weighed and is none, under a name that it was given to."""

    rule: str
    leaf: Value
    place: cst.CSTNode
    weighed: Weighed

    @property
    def rank(self) -> tuple[object, ...]:
        """Tell how strong it is; a default is one whatever it is assigned to."""
        weighed = self.weighed
        return (
            weighed.confidence is not None,
            weighed.counts,
            self.rule == "weak-signature-check",
            self.rule == "default-credential",
            weighed.severity is None,
            weighed.confidence or 0,
            sum(item.weight for item in weighed.evidence),
        )


@dataclass(frozen=True, slots=True)
class InUrl:
    """A credential at [start, end) of a constant text that is a URL; `weak`: one that opens little."""

    leaf: Value
    place: cst.CSTNode
    start: int
    end: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so at a place."""

    rule: str
    place: cst.CSTNode
    message: str
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A literal that a description of an interface has as an example."""

    place: cst.CSTNode


Find = Flow | Literal | InUrl | Fact | Example
Spans = Callable[[cst.CSTNode], tuple[int, int] | None]


class Finds:
    """Collects what policies find."""

    def __init__(self, *, in_test: bool, uses: Uses) -> None:
        self._in_test = in_test
        self._uses = uses
        self._flows: dict[tuple[str, cst.CSTNode], list[Flow]] = {}
        self._facts: dict[tuple[str, cst.CSTNode], Fact] = {}
        self._literals: dict[cst.CSTNode, Literal] = {}
        self._urls: dict[cst.CSTNode, InUrl] = {}
        self._examples: set[cst.CSTNode] = set()
        self._folds: dict[cst.CSTNode, Value] = {}
        self._pieces: set[cst.CSTNode] = set()  # of folded constants
        self._words: dict[
            cst.CSTNode | Location, set[str]
        ] = {}  # where secrets come from -> what they are compared with
        self._made_of: dict[cst.CSTNode, tuple[cst.CSTNode, ...]] = {}  # constants -> their pieces

    def clear(self) -> None:
        """Forget everything: a better informed reading begins."""
        for found in (self._flows, self._facts, self._literals, self._urls, self._folds, self._pieces, self._made_of):
            found.clear()
        self._words.clear()
        self._examples.clear()

    def add(self, find: Find) -> None:
        if isinstance(find, Flow):
            if self.is_something_else(find.taint):
                return
            _add_way(self._flows.setdefault((find.rule, find.place), []), find)
        elif isinstance(find, Literal):
            before = self._literals.get(find.place)
            if before is None or find.rank > before.rank:
                self._literals[find.place] = find
        elif isinstance(find, Example):
            self._examples.add(find.place)
        elif isinstance(find, InUrl):
            self._urls.setdefault(find.place, find)
        else:
            self._facts.setdefault((find.rule, find.place), find)

    def is_something_else(self, taint: Taint) -> bool:
        """Tell whether what is called a secret is a token of a text, a number, the path of a key."""
        return taint.kind == "name" and self._uses.is_something_else(taint.name)

    def _doubt(self, flow: Flow) -> str:
        """Say why a secret may be none, or be there to be seen; empty where nothing says so."""
        taint = flow.taint
        if flow.doubt:
            return flow.doubt
        if taint.part and taint.kind in _BY_KIND and is_long(taint):
            return "a few characters of what is long say which it is, not what it is"
        if taint.kind == "name":
            return self._uses.as_id(taint.name, in_message=flow.in_message)
        names = (taint.name, *filter(None, (_target(step.place) for step in taint.steps)))
        is_path = taint.kind == "environment" and any(map(self._uses.is_path, names))
        return "it is used as the path of a file, which holds it" if is_path else ""

    def compare(self, one: Value, other: Value) -> None:
        """Take note of plain words that something is compared with: what may be one of several is no secret."""
        texts = [leaf.text for leaf in (other, *(other.items or {}).values())]
        plain = {text for text in texts if text is not None and _WORD.fullmatch(text)}
        for taint in one.taints if plain else ():
            if taint.steps and taint.kind == "environment":
                self._words.setdefault(taint.steps[0].place, set()).update(plain)

    def _is_choice(self, taint: Taint) -> bool:
        """Tell whether the program asks which of several words something is."""
        return bool(taint.steps) and len(self._words.get(taint.steps[0].place, ())) >= _CHOICES

    def fold(self, value: Value, pieces: tuple[cst.CSTNode, ...]) -> None:
        """Take note of a constant that is made of pieces: the rules for formats look at what it is as a whole."""
        if value.node is not None and value.text is not None and len(value.text) >= _SHORTEST_FOLD:
            self._pieces.update(pieces)
            self._made_of[value.node] = pieces
            self._folds[value.node] = value

    def is_empty(self) -> bool:
        """Tell whether nothing was found that anybody would want to hear of."""
        literals = (literal.weighed.confidence for literal in self._literals.values())
        return not (self._flows or self._facts or self._urls or self._folds or any(literals))

    def nodes(self) -> Iterator[cst.CSTNode]:
        """Yield the nodes whose places are asked for."""
        yield from self._literals
        yield from self._urls
        for (_, place), flows in self._flows.items():
            yield place
            for flow in flows:
                yield from (step.place for step in flow.taint.steps if isinstance(step.place, cst.CSTNode))
        yield from (place for _, place in self._facts)
        yield from self._folds

    def literals(self) -> Iterator[cst.CSTNode]:
        """Yield where literals stand that are weighed."""
        yield from self._literals

    def matches(self, data: bytes, spans: Spans) -> Iterator[Match]:
        for node, url in self._urls.items():
            if (span := spans(node)) is not None:
                yield self._of_url(data, span, url)
        told = self._told()
        for node, literal in self._literals.items():
            if node not in self._urls and node not in told and (span := spans(node)) is not None:
                yield _of_literal(data, span, literal, is_example=node in self._examples)
        for node, flows in self._each_once():
            if (span := spans(node)) is not None:
                yield self._of_flows(span, flows, spans)
        for (_, node), fact in self._facts.items():
            if (span := spans(node)) is not None:
                yield Match(
                    fact.rule, *span, fact.confidence, Span(*span), fact.evidence, message=fact.message, is_secret=False
                )

    def _each_once(self) -> Iterator[tuple[cst.CSTNode, list[Flow]]]:
        """Yield the places that secrets reach, without those where a text is raised that is logged, and without what
        may be one of several words.
        """
        begins = {begin for flows in self._flows.values() for flow in flows if not flow.mild for begin in _begin(flow)}
        for (_, node), ways in self._flows.items():
            flows = [flow for flow in ways if not self._is_choice(flow.taint)]
            if not all(flow.mild and not begins.isdisjoint(_begin(flow)) for flow in flows):
                yield node, flows

    def _told(self) -> set[cst.CSTNode]:
        """Return the constants that are made of another one, which is told of where it stands."""
        counting = (one.leaf.text or "" for one in self._literals.values() if one.weighed.counts)
        texts = Counter(text for text in counting if len(text) >= _SHORTEST_FOLD)
        sizes = set(map(len, texts))
        wholes = ((node, self._literals.get(node)) for node in self._made_of)
        return {node for node, whole in wholes if whole is not None and _holds_other(whole, texts, sizes)}

    def folds(self, spans: Spans) -> Iterator[tuple[int, int, bytes]]:
        """Yield (start, end, literal) of each constant that is made of pieces, as it would be written in one."""
        told = self._told()
        for node, value in self._folds.items():
            span = spans(node) if node not in self._pieces and node not in told else None
            if span is not None and value.text is not None:
                yield (*span, b'"' + value.text.encode("utf-8", "replace") + b'"')

    def _of_url(self, data: bytes, span: tuple[int, int], url: InUrl) -> Match:
        start, end, hidden = _inside(data, span, url.leaf, (url.start, url.end))
        evidence = [Evidence("a credential stands in a URL", 4.0)]
        if url.weak:
            evidence.append(Evidence("the host is this machine or one kept for examples", -1.0))
        weak = Confidence.LOW if self._in_test else Confidence.MEDIUM
        return Match(
            "credential-in-url", start, end, weak if url.weak else Confidence.HIGH, Span(*span), tuple(evidence),
            hidden=hidden, severity=Severity.LOW if url.weak else None,
        )  # fmt: skip

    def _of_flows(self, span: tuple[int, int], flows: list[Flow], spans: Spans) -> Match:
        """Return the match of a place that secrets reach: by the surest way, with where the others begin."""
        flow = max(flows, key=lambda one: one.certainty)  # the first of several
        taint = flow.taint
        confidence, weight = _BY_KIND.get(taint.kind, (Confidence.HIGH, 4.0))
        times = sum(step.says.startswith(_ONWARD) for step in taint.steps)
        if times >= _FAR:
            confidence = Confidence(max(Confidence.LOW, confidence - 1))
        if self._in_test and taint.kind in _MADE_UP and flow.rule in _MADE_UP_IN_TESTS:
            confidence = Confidence.LOW
        what = f"a part of '{taint.name}'" if taint.part else f"'{taint.name}'"
        what = f"all of {taint.name}" if taint.kind == "dump" else what
        steps = tuple(_steps(taint, span, flow.says, spans))
        far = (Evidence(f"it is handed on {times} times before", -1.0),) if times >= _FAR else ()
        evidence = (Evidence(_where_from(taint), weight), Evidence(f"it is {flow.says}", 1.0), *far)
        if doubt := self._doubt(flow):
            confidence = Confidence.LOW
            evidence += (Evidence(doubt, -1.0),)
        return Match(
            flow.rule, *span, confidence, Span(*span), evidence, flow=steps, is_secret=False,
            message=f"{what[0].upper()}{what[1:]} is {flow.says}", related=_others(flow, flows, steps, spans),
            severity=Severity.MEDIUM if flow.mild and taint.kind == "name" else flow.severity,
        )  # fmt: skip


def _target(place: cst.CSTNode | Location) -> str:
    """Return the name of what a secret was assigned to."""
    return place.value if isinstance(place, cst.Name) else place.attr.value if isinstance(place, cst.Attribute) else ""


def _begin(flow: Flow) -> Iterator[tuple[str, cst.CSTNode | Location]]:
    """Yield the rule with where a secret came from."""
    return ((flow.rule, step.place) for step in flow.taint.steps[:1])


def _add_way(flows: list[Flow], flow: Flow) -> None:
    """Add one way to a sink to the others, each secret once; of too many the surest stays."""
    if len(flows) < _MOST_WAYS:
        if not any(one.taint.key == flow.taint.key and one.taint.steps[:1] == flow.taint.steps[:1] for one in flows):
            flows.append(flow)
    elif flow.certainty > max(one.certainty for one in flows):
        flows[-1] = flow


def _others(chosen: Flow, flows: list[Flow], steps: tuple[Span | Location, ...], spans: Spans) -> tuple[Span, ...]:
    """Return where the other secrets come from that reach the same place."""
    seen = {(step.start, step.end) for step in steps}
    found: list[Span] = []
    for flow in flows:
        first = flow.taint.steps[0] if flow is not chosen and flow.taint.steps else None
        span = spans(first.place) if first is not None and isinstance(first.place, cst.CSTNode) else None
        if first is not None and span is not None and span not in seen:
            seen.add(span)
            found.append(Span(*span, f"it is also reached by '{flow.taint.name}': {first.says}"))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _holds_other(whole: Literal, texts: Counter[str], sizes: set[int]) -> bool:
    """Tell whether half of a literal's value, or more, is another one of these texts, which have these sizes."""
    value, own = whole.weighed.value, whole.leaf.text if whole.weighed.counts else None
    parts = (
        value[at : at + size]
        for size in sizes if len(value) / 2 <= size <= len(value)
        for at in range(len(value) - size + 1)
    )  # fmt: skip
    return any(texts[part] > (part == own) for part in parts)


def _of_literal(data: bytes, span: tuple[int, int], literal: Literal, *, is_example: bool) -> Match:
    weighed = literal.weighed
    confidence, severity, evidence = weighed.confidence, weighed.severity, weighed.evidence
    if weighed.made_up and severity is None:
        severity = Severity.LOW
        evidence += (Evidence("a test has chosen the password: of low severity"),)
    if is_example and confidence is not None:
        confidence = Confidence.LOW
        evidence += (Evidence("it is an example in the description of an interface", -2.0),)
    at = (literal.leaf.text or "").rfind(weighed.value) if weighed.value else -1
    part = (at, at + len(weighed.value)) if at > 0 else None
    start, end, hidden = _inside(data, span, literal.leaf, part)
    return Match(
        literal.rule, start, end, confidence, Span(*span), evidence, hidden=hidden, severity=severity,
    )  # fmt: skip


def _inside(
    data: bytes, span: tuple[int, int], leaf: Value, part: tuple[int, int] | None
) -> tuple[int, int, Hidden | None]:
    """Return where the value of a literal stands, without its quotes; and what it is, where it is not written so."""
    start, end = span
    raw = leaf.const if isinstance(leaf.const, bytes) else str(leaf.const)
    value, wanted = _encoded(raw), _encoded(raw[slice(*part)] if part is not None else raw)
    plain = _PLAIN.fullmatch(data, start, end)
    if plain is not None and isinstance(leaf.node, cst.SimpleString):
        group = next(name for name in "abcd" if plain[name] is not None)
        first, last = plain.span(group)
        at = plain[group].find(wanted) if part is not None else -1
        return (first + at, first + at + len(wanted), None) if at >= 0 else (first, last, None)
    if data[start:end] == value:
        return start, end, None
    return start, end, Hidden(wanted, value, (PIECES,))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def _where_from(taint: Taint) -> str:
    """Say how it is known that a value is a secret."""
    if taint.kind == "name":
        return f"the name '{taint.name}' says that it is a secret, and nothing says otherwise"
    if taint.kind == "dump":
        return f"{taint.name} holds everything, secrets included"
    if taint.kind == "literal":
        return f"'{taint.name}' is a literal that looks like a credential"
    return f"the value is {taint.steps[0].says}" if taint.steps else "the value is a secret"


def _steps(taint: Taint, sink: tuple[int, int], says: str, spans: Spans) -> Iterator[Span | Location]:
    """Yield where a secret came from, each step, and where it went."""
    last: tuple[int, int] | None = None
    for step in taint.steps:
        if isinstance(step.place, Location):
            yield replace(step.place, note=step.says)
            continue
        span = spans(step.place)
        if span is not None and span not in (last, sink):
            last = span
            yield Span(*span, step.says)
    yield Span(*sink, says)
