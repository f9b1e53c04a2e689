"""Which matches stay and which findings count: duplicates, thresholds, baseline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from keytrace.model import Confidence, Match, Rule


def is_specific(rule: Rule) -> bool:
    """Tell whether a rule is for a format, not for names and values in general."""
    return rule.analyzer == "pattern" and "generic" not in rule.tags


def deduplicate(matches: Sequence[Match], rules: Mapping[str, Rule]) -> list[Match]:
    """Keep one match for each stretch of text: where spans overlap, the more specific rule's.

    Specific is a provider's format before how a program uses the value, and that before a keyword (low confidence
    loses that rank), a rule that needs no companion before one that does, a longer
    marker before a shorter one; then the surer, then the longer match, then the rule's id, so that the result does not
    depend on the order of `matches`. A match that was told whose it is ranks as what found it. What was found in
    decoded text comes after: it takes the place of a match of the encoded text only if that one knew less.
    """

    def rank(match: Match) -> tuple[object, ...]:
        rule = _found_by(match, rules)
        encodings = match.hidden.encodings if match.hidden else ()
        return (
            _is_sure("pattern", rule, match),
            _is_sure("python", rule, match),
            rule.analyzer == "pattern",
            "generic" not in rule.tags,
            not rule.needs,
            match.confidence,
            max(map(len, rule.keywords), default=0),
            match.end - match.start,
            rule.id,
            -match.start,
            -len(encodings),
            encodings,
        )

    matches = _without_refuted(matches, rules)
    plain = _apart(sorted((match for match in matches if not match.hidden), key=rank, reverse=True))
    hidden = _apart(sorted((match for match in matches if match.hidden), key=rank, reverse=True))
    if hidden:
        plain.sort(key=lambda match: match.start)
        starts, ends = [match.start for match in plain], [match.end for match in plain]  # both sorted: none overlap
        given_up: set[int] = set()
        kept: list[Match] = []
        for match in hidden:
            over = range(bisect_right(ends, match.start), bisect_left(starts, match.end))
            if all(_knows_more(match, plain[number], rules) for number in over):
                given_up.update(over)
                kept.append(match)
        hidden = kept
        plain = [match for number, match in enumerate(plain) if number not in given_up]
    return sorted(plain + hidden, key=lambda match: (match.start, match.end))


def _without_refuted(matches: Sequence[Match], rules: Mapping[str, Rule]) -> Sequence[Match]:
    """Leave out how a program uses a value that has a provider's mark and cannot be genuine: as in any other text, its
    format tells of that.
    """
    refuted = sorted((match.start, match.end) for match in matches if match.is_refuted)
    if not refuted:
        return matches
    starts, reach = [start for start, _ in refuted], list(accumulate((end for _, end in refuted), max))

    def is_covered(match: Match) -> bool:
        before = bisect_right(starts, match.start)
        return before > 0 and reach[before - 1] >= match.end

    return [match for match in matches if _found_by(match, rules).analyzer != "python" or not is_covered(match)]


def _found_by(match: Match, rules: Mapping[str, Rule]) -> Rule:
    return rules.get(match.found_by) or rules[match.rule_id]  # not there: only the other was selected


def _is_sure(analyzer: str, rule: Rule, match: Match) -> bool:
    """Tell whether it is a match of this analyzer that nothing speaks against, such as a wrong checksum."""
    return rule.analyzer == analyzer and match.confidence is not Confidence.LOW


def _apart(ranked: Sequence[Match]) -> list[Match]:
    """Return those that overlap none before them."""
    kept: list[Match] = []
    spans: list[tuple[int, int]] = []  # of `kept`, sorted; they do not overlap
    for match in ranked:
        place = bisect_left(spans, (match.start, match.end))
        before = spans[place - 1] if place else (-1, -1)
        after = spans[place] if place < len(spans) else (match.end + 1, match.end + 1)
        if before[1] > match.start or after[0] < match.end or match.start in (before[0], after[0]):
            continue
        spans.insert(place, (match.start, match.end))
        kept.append(match)
    return kept


def _knows_more(hidden: Match, plain: Match, rules: Mapping[str, Rule]) -> bool:
    """Tell whether what decoding found is to be reported instead of a match of the encoded text in the same place."""
    sure = hidden.confidence or Confidence.LOW
    if plain.confidence is Confidence.LOW < sure:
        return True
    specific, other = is_specific(_found_by(hidden, rules)), is_specific(_found_by(plain, rules))
    if specific != other:
        return specific and (sure > Confidence.LOW or plain.confidence is Confidence.LOW)
    whole = hidden.start <= plain.start and plain.end <= hidden.end
    return not specific and whole and (sure > Confidence.LOW or plain.confidence is Confidence.LOW)
