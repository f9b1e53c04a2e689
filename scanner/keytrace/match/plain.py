"""The one pass without Hyperscan: a search for the literals of all triggers, then `regex` for those whose are there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from math import inf
from time import monotonic

from keytrace.match.trigger import Hits, Trigger, ends_of

_GRAM = 4  # bytes: as many as a machine word that a memoryview can be cast to


class RegexIndex:
    """The same result as Hyperscan's: for a little text at once, for much text slowly."""

    def __init__(self, triggers: Sequence[Trigger]) -> None:
        self._triggers = triggers
        self._always: list[int] = []  # the triggers of which no literal is known
        self._short: dict[bytes, list[int]] = {}  # those of each literal that is shorter than a gram
        self._by_gram: dict[int, dict[bytes, list[int]]] = {}  # those of each literal, by its first gram
        for number, trigger in enumerate(triggers):
            for word in trigger.keywords:
                literal = word.lower().encode()
                gram = int.from_bytes(literal[:_GRAM], sys.byteorder)
                longer = self._by_gram.setdefault(gram, {}) if len(literal) >= _GRAM else self._short
                longer.setdefault(literal, []).append(number)
            if not trigger.keywords:
                self._always.append(number)

    def scan(self, data: bytes, path: str = "", patience: float = inf) -> Hits:
        """As Hyperscan's; raise TimeoutError when it takes longer than `patience`, in seconds."""
        hits: dict[int, list[int]] = {}
        end = monotonic() + patience
        for number in sorted({*self._always, *self._told(data.lower())}):
            trigger = self._triggers[number]
            if trigger.is_for(path) and (ends := ends_of(trigger, data, max(0.0, end - monotonic()))):
                hits[number] = ends
        return hits

    ready = True

    def prepare(self) -> None:
        """There is nothing to make."""

    def _told(self, lower: bytes) -> Iterator[int]:
        """Yield the triggers of which a literal is there."""
        for literal, numbers in self._short.items():
            if literal in lower:
                yield from numbers
        for gram in self._by_gram.keys() & _grams(lower):
            for literal, numbers in self._by_gram[gram].items():
                if literal in lower:
                    yield from numbers


def _grams(text: bytes) -> set[int]:
    """Return all that stands in four bytes of a text, as numbers."""
    grams: set[int] = set()
    for first in range(_GRAM):
        whole = (len(text) - first) // _GRAM * _GRAM
        grams.update(memoryview(text)[first : first + whole].cast("I") if whole > 0 else ())
    return grams
