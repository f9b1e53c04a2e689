"""What belongs to one key: equal values, one name in all its spellings, references, parts of one credential.

Names that differ in a number are those of different keys, unless their values are equal.

The same name in two services is one key unless the services define it with values of which they share none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain

from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.key import Holds, Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.wording import (
    identity_of,
    is_automatic,
    is_key,
    is_plain,
    may_be_key,
    password_in,
    words_of,
)

Words = tuple[str, ...]
_STRONG = 16  # characters that a value has at least that no rule found and that is compared all the same


class Sets:
    """Disjoint sets of what belongs together."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._above[second] = first

    def groups(self) -> Iterable[list[int]]:
        """Return the members of each set, in their order."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._above)):
            groups[self.find(number)].append(number)
        return groups.values()


def counts(seen: Seen) -> bool:
    """Tell whether the value at a place is one that two places have in common only if it is the same secret."""
    if not seen.value or seen.mention.holds is not Holds.VALUE or seen.mention.role is Role.DOCUMENTED:
        return False
    return seen.is_sure or (
        seen.rule is None and _looks_random(seen.value) and (is_key(seen.name) or seen.mention.is_kept)
    )


def _looks_random(value: bytes) -> bool:
    if len(value) < _STRONG or b" " in value or not value.isascii():
        return False
    return len(set(value)) >= 10 and any(48 <= byte < 58 for byte in value) and any(byte > 64 for byte in value)


def join(every: Sequence[Seen], digests: Digests) -> list[list[Seen]]:
    """Return the places of each key, of all that is seen; what is of no key is left out."""
    names = _names_of_keys(every)
    kept = _once(one for one in every if names.get(words_of(one.name)) or _is_found(one))
    sets = Sets(len(kept))
    by_words, by_value = _by(kept, _words), _by(kept, lambda one: _digest(one, digests))
    for together in (*chain.from_iterable(_parts(kept, numbers) for numbers in by_words.values()), *by_value.values()):
        _all(sets, together)
    _refer(sets, kept)
    return [[kept[number] for number in numbers] for numbers in sets.groups()]


def _refer(sets: Sets, kept: Sequence[Seen]) -> None:
    """Join each place with what it takes its value from, and with the other parts of its credential."""
    by_name, by_place = _by(kept, lambda one: identity_of(one.name)), _by(kept, _place)
    apart = [sets.find(number) for number in range(len(kept))]
    for number, one in enumerate(kept):
        for name in one.mention.refers:
            meant = [at for at in by_name.get(identity_of(name), ()) if at != number and _is_near(one, kept[at])]
            if len({apart[at] for at in meant}) == 1:  # of several keys by one name it is not known which
                _all(sets, [number, *meant])
        for place in one.related:
            _all(sets, [number, *by_place.get(place, ())])


def _is_found(one: Seen) -> bool:
    """Tell whether the scan takes a value for a key, whatever its name; a publishable one counts, too."""
    return bool(one.value) and (one.is_sure or _is_public(one))


def _is_public(one: Seen) -> bool:
    return one.rule is not None and one.rule.scope == "publishable"


def _by(kept: Sequence[Seen], of: Callable[[Seen], Hashable]) -> dict[Hashable, list[int]]:
    """Return the numbers of places by what they have in common, of those that have it."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for number, one in enumerate(kept):
        if common := of(one):
            found[common].append(number)
    return found


def _words(one: Seen) -> Hashable:
    """Return what a name has in common with others; `password` alone may be that of anything."""
    words = identity_of(one.name)
    return (words, _scope(one)) if _is_word(one) else words


def _scope(one: Seen) -> str:
    """Return where a word alone means one thing: a file, in Terraform a folder, which is a module."""
    return one.path.rpartition("/")[0] if one.mention.form == "terraform" else one.path


def _is_word(one: Seen) -> bool:
    return len(words_of(one.name)) == 1 and not one.name.isupper()


def _digest(one: Seen, digests: Digests) -> str:
    is_whole = bool(one.value) and one.mention.holds is Holds.VALUE and one.mention.role is not Role.DOCUMENTED
    return digests.of(one.value) if counts(one) or (is_whole and _is_public(one)) else ""


def _place(one: Seen) -> tuple[str, int]:
    return one.place


def _all(sets: Sets, numbers: Sequence[int]) -> None:
    for number in numbers[1:]:
        sets.join(numbers[0], number)


def _once(every: Iterable[Seen]) -> list[Seen]:
    """Return places without those that say the same once more."""
    found: dict[tuple[object, ...], Seen] = {}
    for one in every:
        whose = (one.service, one.environment) if one.by else ()
        key = (one.path, one.mention.line, one.mention.role, identity_of(one.name) or one.value, whose)
        known = found.get(key)
        if known is None or (one.value and not known.value):
            found[key] = one
    return list(found.values())


def _names_of_keys(every: Iterable[Seen]) -> dict[Words, bool]:
    """Return the names that are those of keys: what a name promises, what is kept as a secret, what holds one."""
    names: dict[Words, bool] = {}
    referring: list[Seen] = []
    for one in every:
        if (words := words_of(one.name)) and not is_automatic(one.name):
            names[words] = names.get(words, False) or _is_key(one)
            referring += [one] if one.mention.refers and one.mention.holds is Holds.REFERENCE else []
    for _ in range(2):  # what takes its value from a key, and what takes it from that
        for one in referring:
            if any(names.get(words_of(name)) for name in one.mention.refers):
                names[words_of(one.name)] = True
    return names


def _is_key(one: Seen) -> bool:
    """Tell whether what stands at one place makes its name that of a key."""
    mention = one.mention
    if is_key(one.name) or (mention.is_kept and not is_plain(one.name)) or (one.is_sure and mention.form != "code"):
        return True
    return bool(may_be_key(one.name) and mention.value and password_in(mention.value))


def _is_near(one: Seen, other: Seen) -> bool:
    """Tell whether a place may be the one that another refers to: a word alone is that only beside it."""
    if _is_word(other):
        return _scope(one) == _scope(other) or one.service == other.service != ""
    return not (one.service and other.service) or one.service == other.service


def _parts(every: Sequence[Seen], numbers: Sequence[int]) -> list[list[int]]:
    """Return the places of one name, apart where services have values of their own."""
    values = _values(every[number] for number in numbers)
    services = sorted(values)
    sets = Sets(len(services))
    for first, name in enumerate(services):
        for second in range(first):
            if not _differ(values[name], values[services[second]]):
                sets.join(first, second)
    of = {name: sets.find(number) for number, name in enumerate(services)}
    whose = {value: of[name] for name in services for own in values[name].values() for value in own}
    default = min(of.values(), default=0)
    parts: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        one = every[number]
        parts[of.get(one.service, whose.get(one.value, default))].append(number)
    return list(parts.values())


def _values(group: Iterable[Seen]) -> dict[str, dict[str, set[bytes]]]:
    """Return the values that each service defines, by environment."""
    values: dict[str, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for one in group:
        if one.service and counts(one) and one.mention.role is Role.DEFINED:
            values[one.service][one.environment].add(one.value)
    return values


def _differ(one: dict[str, set[bytes]], other: dict[str, set[bytes]]) -> bool:
    """Tell whether two services have different values in the same environment and no value in common."""
    if not set().union(*one.values()).isdisjoint(set().union(*other.values())):
        return False
    return any(environment in other for environment in one)
