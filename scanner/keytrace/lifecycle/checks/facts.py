"""What the checks of an inventory are asked about, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from keytrace.lifecycle.changes import Changes
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.joining import counts
from keytrace.lifecycle.key import Key, Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.truth import Truth
from keytrace.lifecycle.wording import identity_of
from keytrace.model import Severity

Words = tuple[str, ...]
_TESTS = frozenset(
    "test tests testing spec specs __tests__ fixtures e2e mocks __mocks__ examples example docs testdata".split()
)
_MARKS = ("_test.", ".test.", ".spec.", "_spec.", "conftest")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a key at a place; `others` are places that the message speaks of."""

    rule: str
    at: Seen
    message: str
    others: tuple[Seen, ...] = ()
    severity: Severity | None = None  # where it is less bad than its rule says


@dataclass(frozen=True)
class Facts:
    """The keys of a tree with their places, and what is asked of them."""

    groups: Mapping[str, tuple[Key, Sequence[Seen]]]
    changes: Changes = field(default_factory=Changes)
    has_owners: bool = False  # something says who owns what
    today: date = field(default_factory=date.today)
    max_age: int = 0  # days; 0: any age is right
    expires_within: int = 30  # days
    truths: Sequence[Truth] = ()  # the values that are in use
    digests: Digests = field(default_factory=lambda: Digests(b""))  # those of the truths
    lines_of: Callable[[str], frozenset[bytes]] = lambda _: frozenset()  # what stands in a file, without white space

    def each(self) -> Iterable[tuple[Key, Sequence[Seen]]]:
        return self.groups.values()

    @cached_property
    def read(self) -> Mapping[str, frozenset[Words]]:
        """The names that each service reads."""
        return self._names(Role.READ)

    @cached_property
    def defined(self) -> Mapping[str, frozenset[Words]]:
        """The names that each service defines."""
        return self._names(Role.DEFINED)

    @cached_property
    def documented(self) -> Mapping[str, frozenset[Words]]:
        """The names that are documented for each service."""
        return self._names(Role.DOCUMENTED)

    def _names(self, role: Role) -> Mapping[str, frozenset[Words]]:
        found: dict[str, set[Words]] = {}
        for _, group in self.each():
            for one in group:
                if one.mention.role is role and not is_test(one.path):
                    found.setdefault(one.service, set()).add(identity_of(one.name))
        return {service: frozenset(names) for service, names in found.items()}


def every(names: Mapping[str, frozenset[Words]]) -> frozenset[Words]:
    """Return the names of all services."""
    return frozenset().union(*names.values())


def is_test(path: str) -> bool:
    """Tell whether a file is one of tests or examples."""
    *folders, base = path.lower().split("/")
    return not _TESTS.isdisjoint(folders) or base.startswith("test_") or any(mark in base for mark in _MARKS)


def with_value(group: Sequence[Seen]) -> Iterator[Seen]:
    """Yield the places, but those of tests, at which a key is defined or shipped with a value that counts."""
    for one in group:
        if one.mention.role in (Role.DEFINED, Role.SHIPPED) and counts(one) and not is_test(one.path):
            yield one


def where(one: Seen) -> str:
    """Return a place in words."""
    return f"{one.path}:{one.mention.line}"
