"""Values that were replaced elsewhere: what still holds the old one breaks when that is revoked, or keeps it in use."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from keytrace.lifecycle.changes import Change
from keytrace.lifecycle.checks.facts import Facts, Fault, Words, where, with_value
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.taking import by_words
from keytrace.names.environments import OF_DEVELOPERS

# Where keys are kept, and what hands them on: at one time, a copy is the one that is old.
_KEEPS = frozenset("dotenv kubernetes helm terraform ansible appsettings spring systemd serverless".split())
_HANDS_ON = frozenset("compose github-actions gitlab-ci circleci procfile dockerfile platform".split())

_COPY = 2  # what is in code, or shipped

Found = tuple[Seen, tuple[Seen, ...], str]  # what is stale, what is newer, and why


def stale(facts: Facts) -> Iterator[Fault]:
    """Yield each place that holds a value for a name whose newer definition has another."""
    for key, group in facts.each():
        told: set[int] = set()
        for words, places in by_words(group).items():
            found = list(with_value(places)) if words else []
            proven = [*_untrue(found, words, facts), *_taken(found, facts)]
            old = {one.value for one, _, _ in proven}
            for one, newer, why in (*proven, *_older([one for one in found if one.value not in old])):
                if id(one) not in told:
                    told.add(id(one))
                    yield Fault("stale-value", one, f"{key.name} has an old value here{why}", newer)


def _untrue(found: Sequence[Seen], words: Words, facts: Facts) -> Iterator[Found]:
    """Yield the places whose value is none of those that are said to be true."""
    for truth in facts.truths:
        true = truth.values.get(words, frozenset())
        for one in found if true else ():
            own = {facts.digests.of(value) for value in (one.value, one.mention.value) if value}
            if one.environment in ("", truth.environment) and true.isdisjoint(own):
                yield one, (), f", not the one in use in {truth.environment}"


def _taken(found: Sequence[Seen], facts: Facts) -> Iterator[Found]:
    """Yield the places whose value another place had before it got its new one."""
    for one, other in permutations(found, 2):
        may_be = one.value != other.value and _rank(other) < _COPY
        change = _when_taken(one, other, facts) if may_be else None
        if change and (one.number <= change.number or one.environment in ("", other.environment)):
            yield one, (other,), f"; {where(other)} has a new one" + (f" since {change.day}" if change.day else "")


def _when_taken(one: Seen, other: Seen, facts: Facts) -> Change | None:
    """Return the commit that replaced the value of `one` at the place of `other`, of a line that is no more."""
    name, spelled = other.name.encode("utf-8", "surrogateescape"), (one.value, b64encode(one.value))
    there = {each.text.strip() for each in (one, other) if each.path == other.path} | facts.lines_of(other.path)
    apart = name not in other.text  # the value stands below its name
    for line, change in facts.changes.gone(other.path, there):
        if (apart or name in line) and any(way in line for way in spelled):
            return change
    return None


def _older(found: Sequence[Seen]) -> Iterator[Found]:
    """Yield the places that have another value than a newer one or, at one time, than one where the key is kept."""
    often = Counter(one.value for one in found)
    for one in found:
        beside = (other for other in found if other.value != one.value and _is_beside(one, other))
        newer = [other for other in beside if _is_newer(other, one, often)]
        if newer and (one.environment or not any(_agrees(one, other) for other in found)):
            best = min(newer, key=lambda other: (-other.number, _rank(other), other.place))
            yield one, (best,), f"; {where(best)} has another"


def _is_beside(one: Seen, other: Seen) -> bool:
    """Tell whether two places are to have one value: of one environment, in two forms; or a copy of no environment."""
    if one.service and other.service and one.service != other.service:
        return False
    if one.environment and other.environment:
        return one.environment == other.environment and one.mention.form != other.mention.form
    if one.mention.form in _HANDS_ON and other.environment not in OF_DEVELOPERS:
        # without an environment compose is for one's own machine; and CI tests with values of its own
        return one.mention.form != "compose" and one.number != other.number
    return not one.environment and _rank(one) > 0 and _rank(other) == 0


def _agrees(one: Seen, other: Seen) -> bool:
    """Tell whether a definition has the value of a copy."""
    return other is not one and other.value == one.value and _rank(other) == 0


def _is_newer(one: Seen, other: Seen, often: Mapping[bytes, int]) -> bool:
    """Tell whether a place is newer or, at one time, nearer to where the key is kept, or has the value of most."""
    if one.number != other.number:
        return one.number > other.number
    if _rank(one) != _rank(other):
        return _rank(one) < _rank(other)
    return often[one.value] > often[other.value]


def _rank(one: Seen) -> int:
    """Return how far a place is from where the key is kept."""
    if one.mention.role is Role.SHIPPED:
        return _COPY
    return 0 if one.mention.form in _KEEPS else 1 if one.mention.form in _HANDS_ON else _COPY
