"""From what the ledger holds to matches: where things stand, how sure they are, and the way that a secret took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from keytrace.analyzers.python.lattice import Taint, Value
from keytrace.analyzers.python.ledger import Flow, Ledger, Offer
from keytrace.analyzers.python.slices import Slice
from keytrace.model import PIECES, Confidence, Evidence, Hidden, Location, Match, Severity, Span

# What tests do with secrets that they have made up: servers answer with what they were sent, files are written.
_MADE_UP_IN_TESTS = ("credential-in-response", "credential-over-http", "credential-written", "credential-in-url")
_BY_KIND = {"name": (Confidence.MEDIUM, 2.0), "dump": (Confidence.MEDIUM, 2.0)}
_PLAIN = re.compile(rb"""(?s)[rRbBuU]{0,2}(?:\"{3}(?P<a>.*)\"{3}|'{3}(?P<b>.*)'{3}|"(?P<c>.*)"|'(?P<d>.*)')""")


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a module and where its nodes stand in it."""

    data: bytes
    part: Slice  # that was parsed
    spans: dict[int, tuple[int, int]]  # in the part

    def of(self, node: cst.CSTNode) -> tuple[int, int] | None:
        span = self.spans.get(id(node))
        return self.part.origin(*span) if span is not None else None


def matches(ledger: Ledger, text: Text) -> Iterator[Match]:
    """Yield what was found."""
    best = {number: _best(offers) for number, offers in ledger.offers.items()}
    for number, url in ledger.urls.items():
        span = text.of(url.node)
        best.pop(number, None)
        if span is None:
            continue
        start, end, hidden = _inside(text, span, url.leaf, (url.start, url.end))
        confidence = Confidence.MEDIUM if url.weak else Confidence.HIGH
        if url.weak and ledger.in_test:
            confidence = Confidence.LOW
        evidence = (
            Evidence("a credential stands in a URL", 4.0),
            *((Evidence("the host is this machine or one kept for examples", -1.0),) if url.weak else ()),
        )
        severity = Severity.LOW if url.weak else None
        yield Match(
            "credential-in-url", start, end, confidence, Span(*span), evidence, hidden=hidden, severity=severity
        )
    for offer in best.values():
        span = text.of(offer.leaf.node) if offer.leaf.node is not None else None
        if span is not None:
            yield _literal(text, span, offer)
    for flow in ledger.flows.values():
        span = text.of(flow.place)
        if span is not None:
            yield _flow(text, span, flow, in_test=ledger.in_test)
    for fact in ledger.facts.values():
        span = text.of(fact.place)
        if span is not None:
            yield Match(
                fact.rule, *span, fact.confidence, Span(*span), fact.evidence, message=fact.message, is_secret=False
            )


def folds(ledger: Ledger, text: Text) -> Iterator[tuple[int, int, bytes]]:
    """Yield (start, end, literal) of each constant that is made of pieces, as it would be written in one."""
    for value in ledger.folded():
        span = text.of(value.node) if value.node is not None else None
        if span is not None and value.text is not None:
            yield (*span, b'"' + value.text.encode("utf-8", "replace") + b'"')


def nodes(ledger: Ledger) -> Iterator[cst.CSTNode]:
    """Yield the nodes whose places are asked for."""
    for offers in ledger.offers.values():
        yield from (offer.leaf.node for offer in offers if offer.leaf.node is not None)
    yield from (url.node for url in ledger.urls.values())
    for flow in ledger.flows.values():
        yield flow.place
        yield from (step.place for step in flow.taint.steps if isinstance(step.place, cst.CSTNode))
    yield from (fact.place for fact in ledger.facts.values())
    yield from (value.node for value in ledger.folded() if value.node is not None)


def _best(offers: list[Offer]) -> Offer:
    """Return the strongest of what a literal was offered as; a default is one whatever it is assigned to."""

    def rank(offer: Offer) -> tuple[object, ...]:
        weighed = offer.weighed
        return (
            weighed.confidence is not None,
            (weighed.confidence or 0) >= Confidence.MEDIUM,
            offer.rule == "weak-signature-check",
            offer.rule == "default-credential",
            weighed.severity is None,
            weighed.confidence or 0,
            sum(item.weight for item in weighed.evidence),
        )

    return max(offers, key=rank)


def _literal(text: Text, span: tuple[int, int], offer: Offer) -> Match:
    weighed = offer.weighed
    value = offer.leaf.text or ""
    at = value.rfind(weighed.value) if weighed.value else -1
    start, end, hidden = _inside(text, span, offer.leaf, (at, at + len(weighed.value)) if at > 0 else None)
    return Match(
        offer.rule, start, end, weighed.confidence, Span(*span), weighed.evidence, hidden=hidden,
        severity=weighed.severity,
    )  # fmt: skip


def _inside(
    text: Text, span: tuple[int, int], leaf: Value, part: tuple[int, int] | None
) -> tuple[int, int, Hidden | None]:
    """Return where the value of a literal stands, without its quotes; and what it is, where it is not written so."""
    start, end = span
    const = leaf.const
    raw = const if isinstance(const, bytes) else str(const)
    value, wanted = _encoded(raw), _encoded(raw[slice(*part)] if part is not None else raw)
    plain = _PLAIN.fullmatch(text.data, start, end)
    if plain is not None and isinstance(leaf.node, cst.SimpleString):
        group = next(name for name in "abcd" if plain[name] is not None)
        first, last = plain.span(group)
        at = plain[group].find(wanted) if part is not None else -1
        return (first + at, first + at + len(wanted), None) if at >= 0 else (first, last, None)
    if text.data[start:end] == value:
        return start, end, None
    return start, end, Hidden(wanted, value, (PIECES,))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def _flow(text: Text, span: tuple[int, int], flow: Flow, *, in_test: bool) -> Match:
    taint = flow.taint
    confidence, weight = _BY_KIND.get(taint.kind, (Confidence.HIGH, 4.0))
    if in_test and taint.kind in ("name", "literal") and flow.rule in _MADE_UP_IN_TESTS:
        confidence = Confidence.LOW
    what = (
        f"all of {taint.name}"
        if taint.kind == "dump"
        else f"a part of '{taint.name}'"
        if taint.part
        else f"'{taint.name}'"
    )
    evidence = (Evidence(_where_from(taint), weight), Evidence(f"it is {flow.says}", 1.0))
    return Match(
        flow.rule, *span, confidence, Span(*span), evidence, flow=tuple(_steps(text, taint, span, flow.says)),
        message=f"{what[0].upper()}{what[1:]} is {flow.says}", is_secret=False,
    )  # fmt: skip


def _where_from(taint: Taint) -> str:
    """Say how it is known that a value is a secret."""
    if taint.kind == "name":
        return f"the name '{taint.name}' says that it is a secret, and nothing says otherwise"
    if taint.kind == "dump":
        return f"{taint.name} holds everything, secrets included"
    if taint.kind == "literal":
        return f"'{taint.name}' is a literal that looks like a credential"
    return f"the value is {taint.steps[0].says}" if taint.steps else "the value is a secret"


def _steps(text: Text, taint: Taint, sink: tuple[int, int], says: str) -> Iterator[Span | Location]:
    """Yield where a secret came from, each step, and where it went."""
    last: tuple[int, int] | None = None
    for step in taint.steps:
        if isinstance(step.place, Location):
            yield replace(step.place, note=step.says)
            continue
        span = text.of(step.place)
        if span is not None and span not in (last, sink):
            last = span
            yield Span(*span, step.says)
    yield Span(*sink, says)
