"""Runs of the characters of one alphabet, as base64 and hex are, also over the ends of lines and string literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from keytrace.decoders.stretch import Origins, Stretch

_LINE = 32  # characters; a run is not wrapped at shorter lines
_MARGIN = 160  # bytes; no wrap is longer
# What stands between two lines of a run: a line end, escaped or with quotes and operators or comment marks around it.
_WRAP = (
    rb"(?:(?:\\r)?\\n|[\"'`]?[ \t]{0,8}[+.&\\]?[ \t]{0,8}\r?\n[ \t]{0,80}(?:(?:\#|>|\*|//)[ \t]{1,4})?"
    rb"(?:[+.&]?[ \t]{0,4}[bBrRfFuU]?[\"'`])?)"
)
_CLOSE = rb"={0,2}(?:[\"'`\\,;<)\]}]|[ \t]*(?:[\r\n+.&]|\Z))"  # what may stand behind a line of a run

Pieces = list[tuple[int, int]]
Decode = Callable[[bytes], Iterator[tuple[int, bytes, tuple[Origins, ...]]]]


class Alphabet:
    """Finds the runs of some characters. Backwards by `rstrip`, because a run may be megabytes long."""

    def __init__(self, characters: bytes) -> None:
        self._characters = characters
        letters = b"[" + re.escape(characters) + b"]"
        self._rest = re.compile(letters + b"*+")
        self._wrap_behind = re.compile(_WRAP + b"(?=" + letters + b")")
        self._wrap_before = re.compile(b"(?<=" + letters + b")" + _WRAP + rb"\Z")

    def piece(self, data: bytes, at: int, done: int) -> tuple[int, int]:
        """Return the unbroken run that holds the byte `at`; it does not begin before `done`."""
        found = self._rest.match(data, at)
        end = found.end() if found else at
        start, size = at, 256
        while True:
            piece = data[max(done, start - size) : start]
            rest = piece.rstrip(self._characters)
            start -= len(piece) - len(rest)
            if rest or start <= done:
                break
            size *= 4
        if data[start - 1 : start] == b"\\" and data[start : start + 1] in (b"n", b"r", b"t"):
            start += 1  # the letter belongs to the escaped line end before the run
        return start, max(start, end)

    def lines(self, data: bytes, piece: tuple[int, int], done: int) -> Pieces:
        """Return a piece with those that it is wrapped with, in order."""
        before: Pieces = []
        first = piece
        while (earlier := self._before(data, first, done)) is not None:
            before.append(earlier)
            first = earlier
        pieces = [*reversed(before), piece]
        while (later := self._behind(data, pieces[-1])) is not None:
            pieces.append(later)
        return pieces

    def _before(self, data: bytes, piece: tuple[int, int], done: int) -> tuple[int, int] | None:
        start = piece[0]
        if data[start - 1 : start + 1] == b"\\/" and start - 2 >= done:
            earlier = self.piece(data, start - 2, done)
            return earlier if earlier[1] == start - 1 else None
        wrap = self._wrap_before.search(data, max(done, start - _MARGIN), start)
        if not wrap or wrap.start() <= done:
            return None
        earlier = self.piece(data, wrap.start() - 1, done)
        return earlier if self._joined(data, earlier, piece) else None

    def _behind(self, data: bytes, piece: tuple[int, int]) -> tuple[int, int] | None:
        end = piece[1]
        if data[end : end + 2] == b"\\/":
            found = self._rest.match(data, end + 1)
            return (end + 1, found.end()) if found and found.end() > end + 1 else None
        wrap = self._wrap_behind.match(data, end)
        found = self._rest.match(data, wrap.end()) if wrap else None
        if not found:
            return None
        return found.span() if self._joined(data, piece, found.span()) else None

    @staticmethod
    def _joined(data: bytes, first: tuple[int, int], second: tuple[int, int]) -> bool:
        """Tell whether one line of a run goes on in the next: the lines are equally long, but for the last."""
        length = first[1] - first[0]
        return (
            length >= _LINE
            and 0 < second[1] - second[0] <= length
            and re.compile(_CLOSE).match(data, second[1]) is not None
        )


def stretches(data: bytes, hits: Sequence[int], alphabet: Alphabet, decode: Decode) -> Iterator[Stretch]:
    """Yield what `decode` makes of the runs at the hits, over several lines if that is text, too. It yields where in
    the run's text the encoding starts, the decoded bytes, and the steps that lead back to the run's text.
    """
    done = 0
    for hit in hits:
        if hit <= done:
            continue
        before = done
        piece = alphabet.piece(data, hit - 3, before)  # padding may stand behind
        found = stretch_of(data, [piece], decode)
        done = max(hit, piece[1] + 2)
        if found:  # else it is a line of something that is no text: no reason to look at the others
            pieces = alphabet.lines(data, piece, before)
            whole = stretch_of(data, pieces, decode) if len(pieces) > 1 else found
            for found in [whole] if whole else _texts(data, pieces, decode):
                yield found
                done = max(done, found.end)
            done = max(done, pieces[-1][1])  # the run was read to its end


def _texts(data: bytes, pieces: Pieces, decode: Decode) -> Iterator[Stretch]:
    """Yield what of a run that is no text as a whole is text: its lines that are, those next to each other as one."""
    alone = [stretch_of(data, [piece], decode) for piece in pieces]
    first = 0
    for number in range(len(pieces) + 1):
        if number == len(pieces) or not alone[number]:
            group = pieces[first:number]
            together = stretch_of(data, group, decode) if len(group) > 1 else None
            yield from [together] if together else filter(None, alone[first:number])
            first = number + 1


def stretch_of(data: bytes, pieces: Pieces, decode: Decode) -> Stretch | None:
    """Return what `decode` makes of a run that is broken into pieces, None where that is no text."""
    text = b"".join(data[start:end] for start, end in pieces)
    end = pieces[-1][1]
    padding = len(data[end : end + 2]) - len(data[end : end + 2].lstrip(b"="))
    characters = Origins()
    for first, last in pieces:
        characters.add(first, 1, 1, last - first)
    characters.add(end, 1, 1, padding)
    for at, decoded, steps in decode(text + b"=" * padding):
        return Stretch(characters.span(at, at + 1)[0], end + padding, decoded, (*steps, characters))
    return None
