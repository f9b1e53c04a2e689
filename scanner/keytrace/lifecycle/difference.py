"""What changed between two inventories: keys that came, went, got another value, moved, changed their owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keytrace.lifecycle.key import Key, Place


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a key: came, went, value, moved, owner; with what was, and what is."""

    key: str
    kind: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def changes(old: Sequence[Key], new: Sequence[Key]) -> list[Change]:
    """Return the changes, sorted by key; a key under another id is the same where it has one name or value more."""
    before, after = {key.id: key for key in old}, {key.id: key for key in new}
    for ident in sorted(after.keys() - before.keys()):
        renamed = next((key for key in old if key.id not in after and _is_same(key, after[ident])), None)
        if renamed is not None and renamed.id in before:
            before[ident] = before.pop(renamed.id)
    found = [Change(ident, "came", (), _places(after[ident])) for ident in after.keys() - before.keys()]
    found += [Change(ident, "went", _places(before[ident]), ()) for ident in before.keys() - after.keys()]
    for ident in before.keys() & after.keys():
        found += _of_key(ident, before[ident], after[ident])
    return sorted(found, key=lambda change: (change.key, change.kind))


def without_digests(keys: Sequence[Key]) -> list[Key]:
    """Return keys whose values are not to be compared."""
    return [replace(key, places=tuple(replace(place, digest="") for place in key.places)) for key in keys]


def _is_same(one: Key, other: Key) -> bool:
    values = {place.digest for place in one.places if place.digest}
    return not values.isdisjoint(place.digest for place in other.places) or one.names == other.names


def _of_key(ident: str, old: Key, new: Key) -> Iterator[Change]:
    if _values(old) != _values(new) and (_values(old) or _values(new)):
        yield Change(ident, "value", tuple(sorted(_values(old))), tuple(sorted(_values(new))))
    before, after = _files(old), _files(new)
    if before != after:
        yield Change(ident, "moved", tuple(sorted(before - after)), tuple(sorted(after - before)))
    if old.owners != new.owners:
        yield Change(ident, "owner", old.owners, new.owners)


def _values(key: Key) -> frozenset[str]:
    return frozenset(place.digest for place in key.places if place.digest)


def _files(key: Key) -> frozenset[str]:
    """Return the roles that a key has in files; on which line is nothing new."""
    return frozenset(f"{place.role} {place.path}" for place in key.places)


def _places(key: Key) -> tuple[str, ...]:
    return tuple(map(_place, key.places))


def _place(place: Place) -> str:
    return f"{place.role} {place.path}:{place.line}"


_WORDS = {
    "came": "new key", "went": "gone", "value": "another value", "moved": "moved", "owner": "another owner"
}  # fmt: skip


def said(change: Change) -> list[str]:
    """Return a change in lines: what it is, and what was and is."""
    lines = [f"{change.key}: {_WORDS[change.kind]}"]
    if change.kind == "value":
        return [f"{lines[0]} ({len(change.before)} before, {len(change.after)} now)"]
    return [*lines, *(f"  - {one}" for one in change.before), *(f"  + {one}" for one in change.after)]
