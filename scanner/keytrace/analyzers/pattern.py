"""Provider formats: where a rule's trigger fired, `regex` finds the groups, and checks weigh the value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from keytrace.match import context as beside
from keytrace.match.multipattern import Hits, Trigger
from keytrace.match.patterns import (
    MAX_MATCH,
    compile_pattern,
    compile_text_pattern,
    secret_span,
    time_for,
    windows,
)
from keytrace.model import Confidence, Evidence, Match, Remarks, Rule, Severity, Span
from keytrace.rules.stored import ids
from keytrace.scoring import value as values
from keytrace.scoring import weigh as scoring
from keytrace.text.document import Document

if TYPE_CHECKING:
    import regex

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
CERTAIN = 9  # the weight of a checksum that holds
_BLOB = 64  # bytes of base64 before or behind a value that make it a part of something else


class PatternAnalyzer:
    """Applies the rules that have a regex of their own."""

    def __init__(self, rules: Sequence[Rule], owners: Sequence[Sequence[int]] = ()) -> None:
        """Take rules, and for each trigger the numbers of those whose it is, where that is known."""
        self._rules = rules
        self._of_trigger = owners or lay_out(rules)[1]
        self._finders: dict[int, list[beside.Near | beside.AtHost]] = {}  # made when a rule's trigger first fires

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(ids(self._rules))

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return lay_out(self._rules)[0]

    def analyze(self, document: Document, hits: Hits, _remarks: Remarks) -> Iterator[Match]:
        data, names = document.data, ids(self._rules)
        fired: dict[int, list[int]] = {}  # by rule
        for trigger, ends in hits.items():
            for number in self._of_trigger[trigger]:
                fired.setdefault(number, []).extend(ends)
        for number, ends in fired.items():
            rule = self._rules[number]
            if (
                rule.needs
                and self._known.issuperset(rule.needs)
                and {names[one] for one in fired}.isdisjoint(rule.needs)
            ):
                continue  # what it means something with is nowhere in the document
            if rule.path and not compile_text_pattern(rule.path).search(document.path):
                continue
            found = self._beside(number, data, sorted(ends)) if rule.near or rule.host else _found(rule, data, ends)
            for start, match in found:
                secret = Span(*secret_span(match, rule.secret_group))
                if secret.start < secret.end and match.end() - start <= MAX_MATCH:
                    yield weigh(rule, data, secret, match, start)

    def _beside(self, number: int, data: bytes, ends: Sequence[int]) -> Iterator[tuple[int, regex.Match[bytes]]]:
        finders = self._finders.get(number)
        if finders is None:
            rule = self._rules[number]
            forms = ((rule.near, beside.Near), (rule.host, beside.AtHost))
            finders = self._finders[number] = [form(words, rule.regex) for words, form in forms if words]
        for start, end in windows(ends, len(data), *beside.REACH):
            for finder in finders:
                yield from finder.find(data, start, end)


def lay_out(rules: Sequence[Rule]) -> tuple[tuple[Trigger, ...], tuple[tuple[int, ...], ...]]:
    """Return the triggers of rules, and for each the numbers of those whose it is: rules may share a name."""
    of_trigger: dict[tuple[str, str], list[int]] = {}  # by regex, and where it counts
    triggers = []
    for number, rule in enumerate(rules):
        path = "" if rule.near or rule.host else rule.path
        for shape, keywords in _triggers(rule):
            if (shape, path) not in of_trigger:
                of_trigger[shape, path] = []
                triggers.append(Trigger(shape, keywords, bool(rule.near), path))
            of_trigger[shape, path].append(number)
    return tuple(triggers), tuple(map(tuple, of_trigger.values()))


def _triggers(rule: Rule) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the regexes that tell where to look for a rule, each with the literals one of which it holds."""
    yield from beside.near_triggers(rule.near)
    for host in rule.host:
        yield beside.host_trigger(host), (host.lower(),)
    if not rule.near and not rule.host:
        yield rule.regex, rule.keywords


def _found(rule: Rule, data: bytes, ends: Sequence[int]) -> Iterator[tuple[int, regex.Match[bytes]]]:
    """Yield each match of a rule's regex, and where it starts."""
    pattern = compile_pattern(rule.regex)
    for start, end in windows(ends, len(data)):
        for found in pattern.finditer(data, start, end, timeout=time_for(end - start)):
            yield found.start(), found


def _in_a_blob(data: bytes, start: int, end: int) -> Evidence | None:
    """Return evidence when a value lies in a long run of base64: there, every marker of a few letters occurs."""
    around = (data[max(0, start - _BLOB) : start], data[end : end + _BLOB])
    if any(len(side) == _BLOB and not side.translate(None, _BASE64) for side in around):
        return Evidence("the value is a part of a longer run of base64", -4)
    return None


def _doubt(rule: Rule, data: bytes, start: int, end: int) -> Evidence | None:
    """Return what speaks against a value that has the format."""
    value = data[start:end]
    doubt = scoring.placeholder(value) or _in_a_blob(data, start, end)
    if doubt is None and (rule.near or rule.host):
        return scoring.not_random(value) or scoring.public(value)
    return doubt


def _has_mark(rule: Rule, value: bytes) -> bool:
    """Tell whether a mark of its provider stands in a value, which without one may be a key of another."""
    folded = value.lower()
    return any(len(keyword) > 2 and keyword.lower().encode() in folded for keyword in rule.keywords)


_evidence = lru_cache(maxsize=1024)(Evidence)  # the same is said of many, and kept once


def weigh(rule: Rule, data: bytes, secret: Span, found: regex.Match[bytes], start: int) -> Match:
    """Weigh a value of the rule's format, `found` in what begins at `start`."""
    evidence = [_evidence(f"has the format of: {rule.name}", float(rule.confidence) * 2)]
    confidence: Confidence | None = rule.confidence
    if rule.entropy:
        entropy = values.shannon(data[secret.start : secret.end])
        if entropy < rule.entropy:
            reason = _evidence(f"entropy {entropy:.1f} is below the rule's {rule.entropy:.1f} bits a character", -9)
            confidence = None
        else:
            reason = _evidence(f"entropy {entropy:.1f} bits a character, the rule asks for {rule.entropy:.1f}", 1)
        evidence.append(reason)
    certain, refuted, message, severity = False, False, "", None
    if rule.checksum and confidence is not None:
        from keytrace.checks import CHECKS  # 10 ms to import: only when there is something to check

        verdict = CHECKS[rule.checksum](found.groupdict().get("checked") or data[secret.start : secret.end])
        message = f"{rule.name}: {verdict.note}" if verdict.note else ""
        severity = min(rule.severity, Severity.LOW) if verdict.expired else None
        if verdict.holds is True:
            confidence, certain = Confidence.HIGH, True
            evidence.append(Evidence(verdict.note, CERTAIN))
        elif verdict.holds is False:
            confidence, refuted = Confidence.LOW, _has_mark(rule, data[secret.start : secret.end])
            evidence.append(Evidence(verdict.note, -5))
        elif verdict.note:
            evidence.append(Evidence(verdict.note))
    doubt = _doubt(rule, data, secret.start, secret.end) if confidence is not None and not certain else None
    if doubt:
        evidence.append(doubt)
        confidence = Confidence.LOW if doubt.weight > scoring.REJECT else None
    whole = Span(start, found.end())
    return Match(
        rule.id, secret.start, secret.end, confidence, whole, tuple(evidence),
        severity=severity, message=message, is_refuted=refuted,
    )  # fmt: skip
