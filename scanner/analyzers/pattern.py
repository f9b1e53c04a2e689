"""Provider formats: where a rule's trigger fired, `regex` finds the groups, and checks weigh the value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scanner import scoring
from scanner.document import Document
from scanner.model import Confidence, Evidence, Match, Rule, Span
from scanner.multipattern import Hits, Trigger
from scanner.patterns import MATCH_TIMEOUT, MAX_MATCH, compile_pattern, compile_text_pattern

if TYPE_CHECKING:
    import regex

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BLOB = 64  # bytes of base64 before or behind a value that make it a part of something else
_AFTER = 256  # bytes after a hit in which a greedy match may go on


class PatternAnalyzer:
    """Applies the rules that have a regex of their own."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self.triggers = tuple(Trigger(rule.regex, rule.keywords) for rule in self._rules)

    def analyze(self, document: Document, hits: Hits) -> Iterator[Match]:
        for number, ends in hits.items():
            rule = self._rules[number]
            if rule.path and not compile_text_pattern(rule.path).search(document.path):
                continue
            yield from self._apply(rule, document.data, ends)

    def _apply(self, rule: Rule, data: bytes, ends: Sequence[int]) -> Iterator[Match]:
        pattern = compile_pattern(rule.regex)
        for start, end in _windows(ends, len(data)):
            for found in pattern.finditer(data, start, end, timeout=MATCH_TIMEOUT):
                group = rule.secret_group or _first_group(found)
                secret_start, secret_end = found.span(group)
                if secret_start < secret_end and found.end() - found.start() <= MAX_MATCH:
                    yield _weigh(rule, data, secret_start, secret_end, Span(found.start(), found.end()))


def _in_a_blob(data: bytes, start: int, end: int) -> Evidence | None:
    """Return evidence when a value lies in a long run of base64: there, every marker of a few letters occurs."""
    around = (data[max(0, start - _BLOB) : start], data[end : end + _BLOB])
    if any(len(side) == _BLOB and not side.translate(None, _BASE64) for side in around):
        return Evidence("the value is a part of a longer run of base64", -4)
    return None


def _windows(ends: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """Merge the stretches around the hits, each wide enough for the longest match."""
    start = end = -1
    for hit in ends:
        if start < 0:
            start = max(0, hit - MAX_MATCH)
        elif hit - MAX_MATCH > end:
            yield start, end
            start = hit - MAX_MATCH
        end = min(size, hit + _AFTER)
    if start >= 0:
        yield start, end


def _first_group(found: regex.Match[bytes]) -> int:
    """As gitleaks: without secretGroup, the first group that took part is the secret, else the whole match."""
    return next((number for number, value in enumerate(found.groups(), 1) if value), 0)


def _weigh(rule: Rule, data: bytes, start: int, end: int, whole: Span) -> Match:
    value = data[start:end]
    evidence = [Evidence(f"has the format of: {rule.name}", float(rule.confidence) * 2)]
    confidence: Confidence | None = rule.confidence
    if rule.entropy:
        entropy = scoring.shannon(value)
        if entropy < rule.entropy:
            evidence.append(
                Evidence(f"entropy {entropy:.1f} is below the rule's {rule.entropy:.1f} bits a character", -9)
            )
            confidence = None
        else:
            evidence.append(
                Evidence(f"entropy {entropy:.1f} bits a character, the rule asks for {rule.entropy:.1f}", 1)
            )
    certain, message = False, ""
    if rule.checksum and confidence is not None:
        from scanner.analyzers.checksums import CHECKS  # 10 ms to import: only when there is something to check

        verdict = CHECKS[rule.checksum](value)
        message = f"{rule.name}: {verdict.note}" if verdict.note else ""
        if verdict.holds is True:
            confidence, certain = Confidence.HIGH, True
            evidence.append(Evidence(verdict.note, 9))
        elif verdict.holds is False:
            confidence = Confidence.LOW
            evidence.append(Evidence(verdict.note, -5))
        elif verdict.note:
            evidence.append(Evidence(verdict.note))
    doubt = None if certain or confidence is None else scoring.placeholder(value) or _in_a_blob(data, start, end)
    if doubt:
        evidence.append(doubt)
        confidence = Confidence.LOW if doubt.weight > scoring.REJECT else None
    return Match(rule.id, start, end, confidence, whole, tuple(evidence), message=message)
