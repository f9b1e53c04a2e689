"""The inventories of many repositories as one: a value that several have is of one key, a name alone of one in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import chain

from keytrace.fleet.work import Outcome
from keytrace.lifecycle.key import Inventory, Key
from keytrace.lifecycle.views.records import to_keys
from keytrace.model import ScanError


def merged(outcomes: Iterable[Outcome]) -> Inventory:
    """Return the keys of all repositories, their places with the repository before the path, sorted by id."""
    groups: list[list[Key]] = []
    errors: list[ScanError] = []
    notes: dict[str, None] = {}
    digest_key = ""
    for outcome in outcomes:
        errors += _errors(outcome)
        if outcome.inventory is None:
            continue
        digest_key = digest_key or outcome.inventory["digest_key"]
        notes |= dict.fromkeys(f"{outcome.name}: {note}" for note in outcome.inventory["notes"])
        groups += [[_of_repository(key, outcome.name)] for key in to_keys(outcome.inventory)]
    keys = map(_one, _joined(groups))
    return Inventory(tuple(sorted(keys, key=lambda key: key.id)), tuple(errors), tuple(notes), digest_key)


def _errors(outcome: Outcome) -> Iterator[ScanError]:
    for one in outcome.errors:
        yield ScanError(outcome.name if outcome.is_lost else f"{outcome.name}/{one['path']}", one["message"])


def _of_repository(key: Key, name: str) -> Key:
    places = tuple(replace(place, path=f"{name}/{place.path}") for place in key.places)
    return replace(key, id=sha256(f"{name} {key.id}".encode()).hexdigest()[: len(key.id)], places=places)


def _joined(groups: Iterable[list[Key]]) -> Iterator[list[Key]]:
    """Yield groups of keys, those that have a value in common as one."""
    of_value: dict[str, list[Key]] = {}  # the group that has a place with this digest
    every: dict[int, list[Key]] = {}
    for group in groups:
        digests = {place.digest for key in group for place in key.places} - {""}
        others = {id(other): other for digest in digests if (other := of_value.get(digest)) is not None}
        for other in others.values():
            del every[id(other)]
        whole = [*chain.from_iterable(others.values()), *group]
        every[id(whole)] = whole
        of_value |= {place.digest: whole for key in whole for place in key.places if place.digest}
    yield from every.values()


def _one(keys: list[Key]) -> Key:
    """Return what several repositories have of one key."""
    first = keys[0]

    def every(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(chain.from_iterable(getattr(key, name) for key in keys)))

    def known(name: str) -> list[str]:
        return sorted({getattr(key, name) for key in keys} - {""})

    return replace(
        first,
        names=every("names"),
        provider=first.provider or next(iter(known("provider")), ""),
        rule=first.rule or next(iter(known("rule")), ""),
        environments=every("environments"),
        services=every("services"),
        owners=every("owners"),
        owned_by=first.owned_by or next(iter(known("owned_by")), ""),
        first_seen=next(iter(known("first_seen")), ""),
        last_changed=next(reversed(known("last_changed")), ""),
        expires=next(iter(known("expires")), ""),
        places=tuple(chain.from_iterable(key.places for key in keys)),
    )
