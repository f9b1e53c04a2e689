"""Which matches stay and which findings count: duplicates, thresholds, baseline."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from scanner.model import Confidence, Finding, Match, Rule, Severity


def deduplicate(matches: Sequence[Match], rules: Mapping[str, Rule]) -> list[Match]:
    """Keep one match for each stretch of text: where spans overlap, the more specific rule's.

    Specific is a provider's format before a keyword, a rule that needs no companion before one that does, a longer
    marker before a shorter one; then the surer, then the longer match, then the rule's id, so that the result does not
    depend on the order of `matches`.
    """

    def rank(match: Match) -> tuple[object, ...]:
        rule = rules[match.rule_id]
        return (
            rule.analyzer == "pattern",
            "generic" not in rule.tags,
            not rule.needs,
            match.confidence,
            max(map(len, rule.keywords), default=0),
            match.end - match.start,
            rule.id,
            -match.start,
        )

    kept: list[Match] = []
    spans: list[tuple[int, int]] = []  # of `kept`, sorted; they do not overlap
    for match in sorted(matches, key=rank, reverse=True):
        place = bisect_left(spans, (match.start, match.end))
        before = spans[place - 1] if place else (-1, -1)
        after = spans[place] if place < len(spans) else (match.end + 1, match.end + 1)
        if before[1] > match.start or after[0] < match.end or match.start in (before[0], after[0]):
            continue
        spans.insert(place, (match.start, match.end))
        kept.append(match)
    return sorted(kept, key=lambda match: (match.start, match.end))


def threshold(
    findings: Iterable[Finding], min_severity: Severity, min_confidence: Confidence
) -> tuple[list[Finding], int]:
    """Return the findings at or above both thresholds and the number of active ones below."""
    kept: list[Finding] = []
    hidden = 0
    for finding in findings:
        if finding.severity >= min_severity and finding.confidence >= min_confidence:
            kept.append(finding)
        elif finding.suppression is None:
            hidden += 1
    return kept, hidden
