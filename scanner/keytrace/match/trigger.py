"""What the one pass over a document looks for, and what it says: triggers, and where they fired."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from math import inf
from typing import TYPE_CHECKING, Any, Protocol, overload

from keytrace.match.patterns import compile_pattern, compile_text_pattern, time_for

if TYPE_CHECKING:
    from regex import Match

_NAME = 240  # characters of a name that a trigger begins with
_BLANKS = 20  # characters that part a name and its value

Hits = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A regex over bytes and literals (lower case), one of which any match of it holds; none means unknown."""

    regex: str
    keywords: tuple[str, ...] = ()
    overlapping: bool = False  # a match may begin inside another
    path: str = ""  # a regex of the paths of files for which it is meant; others need not be searched for it

    def is_for(self, path: str) -> bool:
        """Tell whether it is looked for in a file of this path."""
        return not self.path or compile_text_pattern(self.path).search(path) is not None


class Index(Protocol):
    def scan(self, data: bytes, path: str = "") -> Hits:
        """Return the end offsets of the matches of each trigger that is for files of this path, by its number."""

    @property
    def ready(self) -> bool:
        """Whether all is made that much text asks for."""

    def prepare(self) -> None:
        """Make now what is made for much text, and what processes to come can share."""


class StoredTriggers(Sequence[Trigger]):
    """Triggers as a cache keeps them, made when one of them is asked for; `digest` tells them from others."""

    def __init__(self, digest: str, count: int, content: bytes) -> None:
        self.digest = digest
        self._count = count
        self._content = content

    @cached_property
    def _all(self) -> tuple[Trigger, ...]:
        return tuple(
            Trigger(regex, tuple(words), overlapping, path)
            for regex, words, overlapping, path in json.loads(self._content)
        )

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Trigger: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Trigger, ...]: ...
    def __getitem__(self, number: int | slice) -> Trigger | tuple[Trigger, ...]:
        return self._all[number]

    def __iter__(self) -> Iterator[Trigger]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredTriggers) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def to_json(triggers: Iterable[Trigger]) -> list[Any]:
    """Return triggers as StoredTriggers reads them."""
    return [[trigger.regex, trigger.keywords, trigger.overlapping, trigger.path] for trigger in triggers]


def digest(triggers: Sequence[Trigger]) -> str:
    """Return what is another for other triggers."""
    if isinstance(triggers, StoredTriggers):
        return triggers.digest
    return sha256(json.dumps(to_json(triggers)).encode()).hexdigest()


def ends_of(trigger: Trigger, data: bytes, patience: float = inf) -> list[int]:
    """Return where matches of a trigger end, by `regex`; raise TimeoutError when that takes longer than it may."""
    pattern = compile_pattern(bounded(trigger))
    limit = min(patience, time_for(len(data)))
    found = pattern.finditer(data, overlapped=trigger.overlapping, timeout=limit)
    if not trigger.overlapping:
        return [match.end() for match in found]
    ends: set[int] = set()
    for longest in found:
        match: Match[bytes] | None = longest
        while match:  # `regex` tells one end of each beginning: `password: a=` may reach into the next line, or not
            ends.add(match.end())
            match = pattern.match(data, longest.start(), match.end() - 1, timeout=limit)
    return sorted(ends)


def bounded(trigger: Trigger) -> str:
    """Return the regex of a trigger, with an end to what `*` repeats where a match may begin inside another: `regex`
    would read a long name anew from each of its characters, and no analyzer looks so far back for a name.
    """
    if not trigger.overlapping:
        return trigger.regex
    shape = trigger.regex.replace(r"\s*", rf"\s{{0,{_BLANKS}}}")
    return shape.replace("]*", f"]{{0,{_NAME}}}").replace(r"\w*", rf"\w{{0,{_NAME}}}")
