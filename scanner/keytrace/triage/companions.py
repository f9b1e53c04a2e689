"""Credentials of several parts: which id belongs to which secret, and what one that stands near tells of the other.

A rule names its companions. `needs` are rules without which its own match means nothing: 32 hexadecimal digits are a
Twilio token only where a Twilio account is named. `with` are rules that find the other parts of the credential: each
of their matches is related to the nearest secret, and one that is only a part has no finding of its own then.

Near is within 20 lines, in the same section of a file that has sections; a blank line counts for four.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from keytrace.model import Confidence, Evidence, Match, Rule, Span
from keytrace.text.document import Document

REACH = 20  # lines
_BLANK = 3  # lines that a blank line counts for besides its own
_BYTES = 4096  # no companion is farther: lines may be long
_CANDIDATES = 4  # the nearest companions before a secret, and as many behind it, are considered
_BLANK_LINE = re.compile(rb"\n[ \t]*(?=\r?\n)")
_SECTION = re.compile(rb"""(?:^|\n)[ \t]*(?:\[\[?[\w.:"'/ @-]{1,100}\]\]?[ \t]*(?:[#;][^\n]*)?|---[ \t]*)\r?(?=\n)""")


@dataclass(frozen=True, slots=True)
class Joined:
    """What `join` found out. The keys are matches as they were given."""

    related: Mapping[Match, Match]  # a secret -> the same with its companions
    companions: Mapping[Match, Sequence[Match]]  # a secret -> these
    parts: Mapping[Match, Match]  # a part that needs no finding of its own -> its secret


def settle(matches: Sequence[Match], rules: Mapping[str, Rule], document: Document) -> list[Match]:
    """Reject the matches whose rule needs a companion that is not near; drop those of which there is none at all."""
    needy = {match.rule_id for match in matches if rules[match.rule_id].needs}
    if not needy:
        return list(matches)
    named = _by_rule(matches, {name for rule_id in needy for name in rules[rule_id].needs})
    return [
        _needs(match, rules, named, document) if match.rule_id in needy else match
        for match in matches
        if match.rule_id not in needy or any(name in named for name in rules[match.rule_id].needs)
    ]


def join(
    matches: Sequence[Match], rules: Mapping[str, Rule], document: Document, counts: Callable[[Match], bool]
) -> Joined:
    """Relate each secret to the nearest matches of its companions, each of which belongs to one secret.

    A part goes into the finding of its secret only where nothing is lost by it: where that is as severe and as sure,
    and `counts`, which tells whether a match will be reported.
    """
    owners: dict[str, list[Match]] = defaultdict(list)  # by the rule of the companion
    for match in matches:
        for name in rules[match.rule_id].companions or ():
            owners[name].append(match)
    named = _by_rule(matches, owners)
    if not named:
        return Joined({}, {}, {})
    related: dict[Match, list[Match]] = defaultdict(list)
    for name, companions in named.items():
        for owner, companion in _pairs(sorted(owners[name], key=_place), companions, document):
            related[owner].append(companion)
    grown = {owner: _related(owner, others, rules, document) for owner, others in related.items()}
    parts: dict[Match, Match] = {}
    for owner in sorted(related, key=lambda match: (-rules[match.rule_id].severity, _place(match))):
        if owner in parts or not counts(owner):
            continue
        for companion in related[owner]:
            if rules[companion.rule_id].part and _covers(grown[owner], companion, rules):
                parts[companion] = owner
    return Joined(grown, related, parts)


def _covers(owner: Match, companion: Match, rules: Mapping[str, Rule]) -> bool:
    """Tell whether every threshold that shows the companion shows its owner."""
    return (
        rules[owner.rule_id].severity >= rules[companion.rule_id].severity
        and (owner.confidence or 0) >= (companion.confidence or 0)
    )  # fmt: skip


def _place(match: Match) -> tuple[int, int]:
    return (match.start, match.end)


def _by_rule(matches: Iterable[Match], names: Collection[str]) -> dict[str, list[Match]]:
    """Return the credible matches of the rules `names`, in order of position."""
    found: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        if match.rule_id in names and (match.confidence or 0) >= Confidence.MEDIUM:
            found[match.rule_id].append(match)
    for group in found.values():
        group.sort(key=_place)
    return found


# --- how far ----------------------------------------------------------------------------------------------------------


def _distance(one: Match, other: Match, document: Document) -> float | None:
    """Return how many lines lie between two matches, or None when they are not near, or overlap."""
    first, last = (one, other) if one.start <= other.start else (other, one)
    if first.end > last.start or last.start - first.end > _BYTES:
        return None
    lines: float = document.line_at(last.start) - document.line_at(max(first.start, first.end - 1))
    if not 0 <= lines <= REACH:
        return None
    between = document.data[first.end : last.start]
    if lines:
        if _SECTION.search(between):
            return None
        lines += _BLANK * len(_BLANK_LINE.findall(between))
    if lines > REACH:
        return None
    return lines + len(between) / (2 * _BYTES)  # of those on one line, the nearer


def _near(match: Match, companions: Sequence[Match], document: Document) -> list[tuple[int, float]]:
    """Return the numbers of the nearest companions, and how far they are."""
    place = bisect_left(companions, match.start, key=lambda companion: companion.start)
    around = range(max(0, place - _CANDIDATES), min(len(companions), place + _CANDIDATES))
    distances = ((number, _distance(match, companions[number], document)) for number in around)
    return [(number, distance) for number, distance in distances if distance is not None]


def _needs(match: Match, rules: Mapping[str, Rule], named: Mapping[str, list[Match]], document: Document) -> Match:
    needs = rules[match.rule_id].needs
    if any(_near(match, named.get(name, ()), document) for name in needs):
        return match
    names = " or ".join(rules[name].name if name in rules else name for name in needs)
    evidence = Evidence(f"means something only with {names} near, and that is too far", -9)
    return replace(match, confidence=None, evidence=(*match.evidence, evidence))


# --- which belongs to which -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Chain:
    """Pairs in order of position, the last of them first; `gain` is the sum of how near each is."""

    gain: float
    owner: int
    companion: int
    before: _Chain | None


def _pairs(owners: Sequence[Match], companions: Sequence[Match], document: Document) -> list[tuple[Match, Match]]:
    """Return who belongs to whom: each once, in the order of the text, such that the sum of nearness is greatest.

    The nearest alone would be wrong: in `id secret id secret` the second id is as near to the first secret.
    """
    best: list[_Chain | None] = [None] * (len(companions) + 1)  # a Fenwick tree: the best chain up to a companion
    for number, owner in enumerate(owners):
        chains: list[_Chain] = []
        for companion, distance in _near(owner, companions, document):
            before = _best_before(best, companion)
            gain = REACH + 1 - distance + (before.gain if before else 0)
            chains.append(_Chain(gain, number, companion, before))
        for chain in chains:
            place = chain.companion + 1
            while place < len(best):
                known = best[place]
                if known is None or known.gain < chain.gain:
                    best[place] = chain
                place += place & -place
    pairs: list[tuple[Match, Match]] = []
    chain_or_none = _best_before(best, len(companions))
    while chain_or_none:
        pairs.append((owners[chain_or_none.owner], companions[chain_or_none.companion]))
        chain_or_none = chain_or_none.before
    return pairs[::-1]


def _best_before(best: Sequence[_Chain | None], companion: int) -> _Chain | None:
    """Return the best chain that ends before a companion."""
    found: _Chain | None = None
    while companion > 0:
        chain = best[companion]
        if chain and (found is None or found.gain < chain.gain):
            found = chain
        companion -= companion & -companion
    return found


def _related(owner: Match, companions: Iterable[Match], rules: Mapping[str, Rule], document: Document) -> Match:
    """Return the owner with its companions, and surer by one step if nothing speaks against it."""
    ordered = sorted(companions, key=_place)
    evidence = list(owner.evidence)
    for companion in ordered:
        line = document.line_at(companion.start)
        evidence.append(Evidence(f"stands with: {rules[companion.rule_id].name}, on line {line}", 2))
    confidence = owner.confidence
    if confidence is not None and confidence >= rules[owner.rule_id].confidence and confidence < Confidence.HIGH:
        confidence = Confidence(confidence + 1)
    spans = (Span(match.start, match.end, match.message or rules[match.rule_id].name) for match in ordered)
    return replace(owner, confidence=confidence, evidence=tuple(evidence), related=(*owner.related, *spans))
