"""Provider formats: where a rule's trigger fired, `regex` finds the groups, and checks weigh the value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner import scoring
from scanner.document import Document
from scanner.model import Confidence, Evidence, Match, Rule, Span
from scanner.multipattern import Hits, Trigger
from scanner.patterns import MATCH_TIMEOUT, MAX_MATCH, compile_pattern, compile_text_pattern

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
                    whole = Span(found.start(), found.end())
                    yield _weigh(rule, data[secret_start:secret_end], secret_start, secret_end, whole)


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


def _first_group(found: object) -> int:
    """As gitleaks: without secretGroup, the first group that took part is the secret, else the whole match."""
    groups = found.groups()  # type: ignore[attr-defined]
    return next((number for number, value in enumerate(groups, 1) if value), 0)


def _weigh(rule: Rule, value: bytes, start: int, end: int, whole: Span) -> Match:
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
    certain = False
    if rule.checksum and confidence is not None:
        from scanner.analyzers.checksums import CHECKS  # 10 ms to import: only when there is something to check

        verdict = CHECKS[rule.checksum](value)
        if verdict.holds is True:
            confidence, certain = Confidence.HIGH, True
            evidence.append(Evidence(verdict.note, 9))
        elif verdict.holds is False:
            confidence = Confidence.LOW
            evidence.append(Evidence(verdict.note, -5))
        elif verdict.note:
            evidence.append(Evidence(verdict.note))
    if not certain and confidence is not None and (doubt := scoring.placeholder(value)):
        evidence.append(doubt)
        confidence = Confidence.LOW if doubt.weight > scoring.REJECT else None
    return Match(rule.id, start, end, confidence, whole, tuple(evidence))
