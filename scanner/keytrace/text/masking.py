"""A text with its secrets masked, and their values where they stand once more; thousands may stand in one line."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

MASK = b"********"

_BLOCK = 256  # bytes searched at once for values that repeat
_SHORTEST_VALUE = 4  # bytes; shorter ones are parts of words
_KEPT = 4  # stretches


class Masked:
    """A text, of which the spans `secrets` (sorted) are masked, a stretch at a time."""

    def __init__(self, data: bytes, secrets: Sequence[tuple[int, int]]) -> None:
        self.secrets = secrets
        self.stretch = lru_cache(maxsize=_KEPT)(self._stretch)
        self._data = data
        self._values = frozenset(data[a:b] for a, b in secrets if b - a >= _SHORTEST_VALUE)
        self._longest = max((b - a for a, b in secrets), default=0)
        self._lengths: dict[bytes, list[int]] = {}  # of the values, longest first, by how they begin
        for begin, length in {(value[:_SHORTEST_VALUE], len(value)) for value in self._values}:
            self._lengths.setdefault(begin, []).append(length)
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)
        self._blocks: dict[int, list[tuple[int, int]]] = {}  # where values stand in blocks of the text

    def _stretch(self, first: int, last: int) -> Stretch:
        """Return [first, last) of the text masked."""
        near = self.secrets[bisect_left(self.secrets, (first - self._longest,)) : bisect_left(self.secrets, (last,))]
        spans = {(max(a, first), min(b, last)) for a, b in near if b > first}
        return Stretch(self._data, first, last, sorted({*spans, *self._repeated(first, last)}))

    def _repeated(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the value of a secret stands once more in [start, end): as a user name, in a comment."""
        for number in range(start // _BLOCK, (end - 1) // _BLOCK + 1):
            for first, last in self._repeated_in(number):
                if start <= first < end:
                    yield first, min(last, end)

    def _repeated_in(self, number: int) -> list[tuple[int, int]]:
        """Return where values begin in a block: looked up, not searched for one by one, because there may be thousands;
        and once, because many secrets may stand in one long line.
        """
        known = self._blocks.get(number)
        if known is None:
            known = self._blocks[number] = []
            text, first = self._data, number * _BLOCK
            lengths_of = self._lengths.get
            for at in range(first, min(first + _BLOCK, len(text) - _SHORTEST_VALUE + 1)):
                for length in lengths_of(text[at : at + _SHORTEST_VALUE], ()):
                    if text[at : at + length] in self._values:
                        known.append((at, at + length))
                        break
        return known


class Stretch:
    """[first, last) of a text with each of `spans` (sorted) masked, and where in that its places are."""

    def __init__(self, data: bytes, first: int, last: int, spans: Sequence[tuple[int, int]]) -> None:
        self._last = last
        self._starts: list[int] = []  # of the masks, in the text
        self._ends: list[int] = []
        self._masks: list[int] = []  # where they are in the masked text
        pieces: list[bytes] = []
        length, position = 0, first
        for start, end in spans:
            if start < end and position < end:  # one inside the span before is masked already
                pieces += [data[position:start], MASK]
                length += max(0, start - position)
                self._starts.append(start)
                self._ends.append(end)
                self._masks.append(length)
                length += len(MASK)
                position = end
        self.text = b"".join([*pieces, data[position:last]])

    def start_of(self, at: int) -> int:
        """Return where in the masked text an offset is; inside a secret, where its mask begins."""
        number = bisect_right(self._ends, at)
        if number == len(self._ends):
            return len(self.text) - (self._last - at)
        return self._masks[number] - max(0, self._starts[number] - at)

    def end_of(self, at: int) -> int:
        """Return where in the masked text what ends at an offset ends; inside a secret, where its mask does."""
        number = bisect_left(self._ends, at)
        if number == len(self._ends) or self._starts[number] >= at:
            return self.start_of(at)
        return self._masks[number] + len(MASK)

    def mask_at(self, at: int) -> int | None:
        """Return where the mask is of the secret that holds an offset, the last if there are several."""
        number = bisect_right(self._ends, at)
        found = None
        while number < len(self._starts) and self._starts[number] <= at:
            found, number = self._masks[number], number + 1
        return found
