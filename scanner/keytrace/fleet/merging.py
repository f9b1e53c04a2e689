"""The inventories of many repositories as one: a value that several have is of one key, a name alone of one in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain

from keytrace.fleet.work import Outcome
from keytrace.lifecycle.joining import Sets
from keytrace.lifecycle.key import Inventory, Key
from keytrace.lifecycle.views.records import to_keys
from keytrace.model import ScanError


def merged(outcomes: Iterable[Outcome]) -> Inventory:
    """Return the keys of all repositories, their places with the repository before the path, sorted by id."""
    keys: list[Key] = []
    errors: list[ScanError] = []
    notes: dict[str, None] = {}
    digest_key = ""
    for outcome in outcomes:
        errors += _errors(outcome)
        if outcome.inventory is None:
            continue
        digest_key = digest_key or outcome.inventory["digest_key"]
        notes |= dict.fromkeys(f"{outcome.name}: {note}" for note in outcome.inventory["notes"])
        keys += (_of_repository(key, outcome.name) for key in to_keys(outcome.inventory))
    each = map(_one, _joined(keys))
    return Inventory(tuple(sorted(each, key=lambda key: key.id)), tuple(errors), tuple(notes), digest_key)


def _errors(outcome: Outcome) -> Iterator[ScanError]:
    for one in outcome.errors:
        yield ScanError(outcome.name if outcome.is_lost else f"{outcome.name}/{one['path']}", one["message"])


def _of_repository(key: Key, name: str) -> Key:
    places = tuple(replace(place, path=f"{name}/{place.path}") for place in key.places)
    return replace(key, id=sha256(f"{name} {key.id}".encode()).hexdigest()[: len(key.id)], places=places)


def _joined(keys: Sequence[Key]) -> Iterator[list[Key]]:
    """Yield groups of keys, those that have a value in common as one."""
    sets = Sets(len(keys))
    first: dict[str, int] = {}  # the key that has a place with this digest
    for number, key in enumerate(keys):
        for place in key.places:
            if place.digest:
                sets.join(number, first.setdefault(place.digest, number))
    return ([keys[number] for number in group] for group in sets.groups())


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
