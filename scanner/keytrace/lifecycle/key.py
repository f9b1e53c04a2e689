"""What an inventory is made of: keys, and the places where each is defined, read, sent, logged, documented, shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from keytrace.model import ScanError


class Role(StrEnum):
    """What happens to a key at a place."""

    DEFINED = "defined"
    READ = "read"
    SENT = "sent"
    LOGGED = "logged"
    DOCUMENTED = "documented"
    SHIPPED = "shipped"  # in what everybody gets: a bundle, an app


class Holds(StrEnum):
    """What stands at a place."""

    VALUE = "value"
    REFERENCE = "reference"  # to a name that is set elsewhere, or to a store of secrets
    ENCRYPTED = "encrypted"
    PLACEHOLDER = "placeholder"  # a value that is none: changeme, <your key>
    EMPTY = "empty"
    NAME = "name"  # no more than the name: code that reads it


@dataclass(frozen=True, slots=True)
class Mention:
    """A name, a value or both at a line of a file, as the reader of its format sees it. The value is never shown."""

    role: Role
    name: str
    line: int
    form: str  # of the file: dotenv, compose, python …
    value: bytes | None = field(default=None, repr=False)
    holds: Holds = Holds.NAME
    environment: str = ""  # where the file itself says it; else its path may
    service: str = ""  # likewise
    refers: tuple[str, ...] = ()  # names of which this one takes its value
    is_kept: bool = False  # it stands where secrets are kept: whatever its name, it is one
    is_foreign: bool = False  # for a program that others made: no code of ours reads it


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key stands. `digest` tells whether two places hold the same value, and is empty where it may not."""

    role: Role
    path: str
    line: int
    name: str
    form: str
    holds: Holds
    environment: str = ""
    service: str = ""
    owners: tuple[str, ...] = ()
    digest: str = ""
    changed: str = ""  # the day of the commit that brought the line


@dataclass(frozen=True, slots=True)
class Key:
    """One key: all its names, and all places of its names and values. What is not known is empty."""

    id: str  # of its first name and its service: the same as long as these are
    names: tuple[str, ...]
    provider: str
    rule: str
    scope: str  # live, test, admin, restricted, publishable, unknown
    environments: tuple[str, ...]
    services: tuple[str, ...]
    owners: tuple[str, ...]
    owned_by: str  # where that is known from: configuration, CODEOWNERS, git
    first_seen: str
    last_changed: str
    expires: str
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        return self.names[0]

    def at(self, *roles: Role) -> tuple[Place, ...]:
        """Return the places with one of these roles."""
        return tuple(place for place in self.places if place.role in roles)


@dataclass(frozen=True, slots=True)
class Inventory:
    """The keys of a tree, sorted by id, with what could not be read and what else there is to say."""

    keys: tuple[Key, ...]
    errors: Sequence[ScanError] = ()
    notes: Sequence[str] = ()
    digest_key: str = ""  # which key made the digests: values of two inventories compare only if it is the same
