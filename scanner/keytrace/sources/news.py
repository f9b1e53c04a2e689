"""Which lines of texts are new: each counts once, and is shown with some others around it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

_AROUND = 5  # lines before and after new ones
_HEAD = 5  # lines of each file that say what it is
_SHORTEST = 6  # bytes of a line that may hold a secret
_MOST_SHARE = 0.7  # of a file, past which it is looked at as a whole
_ROOM = 2**24  # bytes of latest versions that are kept


class News:
    """The lines that were seen so far, by kinds of files, and the latest versions of files: most of a version stands in
    the one before it, and is not looked at line by line.
    """

    def __init__(self) -> None:
        self._seen: dict[Hashable, set[int]] = {}  # their hashes: half the memory, and two in 10^19 are the same
        self._latest: dict[str, bytes] = {}  # by path, the one of longest ago first
        self._left = _ROOM

    def know(self, kind: Hashable, text: bytes) -> None:
        """Take a text as seen."""
        self._seen.setdefault(kind, set()).update(map(hash, text.splitlines()))

    def of(self, kind: Hashable, path: str, text: bytes) -> tuple[bytes, frozenset[int]] | None:
        """Return what is new in the next version of a file, None where nothing is: the text with blank lines for those
        that do not count, if there are many, and the numbers of those that do.
        """
        start, end = (0, len(text)) if b"\r" in text else _changed(text, self._replace(path, text))
        lines = text[start:end].splitlines()  # as a document's: a carriage return alone ends one
        seen = self._seen.setdefault(kind, set())
        hashes = list(map(hash, lines))
        fresh = set(hashes).difference(seen)
        if not fresh:
            return None
        seen |= fresh
        first = text.count(b"\n", 0, start)
        new = [
            number for number, (line, one) in enumerate(zip(lines, hashes, strict=True), first)
            if one in fresh and len(line.strip()) >= _SHORTEST
        ]  # fmt: skip
        if not new:
            return None
        behind = text.count(b"\n", end) + (not text.endswith(b"\n")) if end < len(text) else 0
        total = first + len(lines) + behind
        kept = _kept(new, total)
        if sum(map(len, kept)) < _MOST_SHARE * total:
            shown = [b""] * total
            for number, line in zip(range(min(_HEAD, first)), text.split(b"\n", _HEAD), strict=False):
                shown[number] = line
            for run in kept:
                if (begin := max(run.start, first)) < run.stop:
                    shown[begin : run.stop] = lines[begin - first : run.stop - first]
            text = b"\n".join(shown)
        return text, frozenset(number + 1 for run in kept for number in run)

    def _replace(self, path: str, text: bytes) -> bytes:
        """Return the version of a file before this one, if it is at hand, and keep this one instead."""
        before = self._latest.pop(path, b"")
        self._left += len(before)
        if len(text) * 4 <= _ROOM:
            self._latest[path] = text
            self._left -= len(text)
        while self._left < 0:
            self._left += len(self._latest.pop(next(iter(self._latest))))
        return before


def _changed(text: bytes, before: bytes) -> tuple[int, int]:
    """Return a stretch of whole lines of a text outside of which there are lines that stood in it before, with as many
    of these around as are shown.
    """
    most = min(len(text), len(before))
    alike = _beginning(text, before, most)
    start = text.rfind(b"\n", 0, alike) + 1
    end = text.find(b"\n", len(text) - _ending(text, before, most - alike)) + 1 or len(text)
    for _ in range(_AROUND):
        start = text.rfind(b"\n", 0, max(0, start - 1)) + 1
        end = text.find(b"\n", end) + 1 or len(text)
    return start, end


def _beginning(one: bytes, other: bytes, most: int) -> int:
    """Return with how many of the same bytes both begin."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one.startswith(other[low:middle], low):
            low = middle
        else:
            high = middle - 1
    return low


def _ending(one: bytes, other: bytes, most: int) -> int:
    """Return with how many of the same bytes both end."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one.endswith(other[len(other) - middle : len(other) - low], 0, len(one) - low):
            low = middle
        else:
            high = middle - 1
    return low


def _kept(new: Sequence[int], count: int) -> list[range]:
    """Return the numbers of the lines that are looked at, as runs: the first ones, new ones, and some around each."""
    kept: list[range] = []
    begin, last = 0, _HEAD - _AROUND - 1
    for number in new:
        if number - last > 2 * _AROUND + 1:
            kept.append(range(begin, min(count, last + _AROUND + 1)))
            begin = number - _AROUND
        last = number
    kept.append(range(begin, min(count, last + _AROUND + 1)))
    return kept
