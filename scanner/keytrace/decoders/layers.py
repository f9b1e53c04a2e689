"""A document made of another: its encoded stretches decoded in their surroundings, with the way back.

    document --decoders--> Decoded --analyzers--> match --outward--> match in the document

Decoded text stands where its encoding stood, so that the name a value is bound to stays beside it. There is one such
document for each encoding; in it, what is encoded once more is decoded in the next.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from keytrace.decoders import DECODERS, OWNERS
from keytrace.decoders.stretch import Origins, Stretch
from keytrace.match.multipattern import Hits
from keytrace.model import PIECES, Hidden, Match, Span
from keytrace.text.document import Document
from keytrace.text.language import is_code

MAX_DEPTH = 5
_MAX_BYTES = 16 * 1024 * 1024
_MIN_BYTES = 256 * 1024
_MAX_GROWTH = 4
_MAX_DOCUMENTS = 64
_AROUND = 256  # bytes of the surroundings on either side of a stretch
_SETTING = rb"(?m)^[ \t]*(?:export[ \t]+|set[ \t]+)?[A-Za-z_][\w.\-]*[ \t]*[=:][ \t]*[^\s=]"
_PUNCTUATION = b"(){};"
_PUNCTUATED = 50  # of so many bytes, one is punctuation in programs and not in settings
_JUDGED = 0.8  # of a stretch; a rule that matches so much of it has looked at the encoding itself

_FILES = (
    "base64",
    "gzip in base64",
    "base32",
    "hex",
)  # what is written so is a text by itself; else, a part of the text around it


class Budget:
    """What may still be decoded of one document of so many bytes; `cut` says what was not."""

    __slots__ = ("_documents", "_left", "_seen", "cut")

    def __init__(self, size: int) -> None:
        self._left = min(_MAX_BYTES, max(_MIN_BYTES, _MAX_GROWTH * size))
        self._documents = _MAX_DOCUMENTS
        self._seen: set[bytes] = set()
        self.cut: dict[str, None] = {}

    def take(self, stretch: Stretch) -> Stretch | None:
        """Return as much of a stretch as may be decoded, None when nothing may."""
        if len(stretch.data) > self._left:
            self.cut["there is too much of it"] = None
            stretch = replace(stretch, data=stretch.data[: self._left])
        self._left -= len(stretch.data)
        return stretch if stretch.data else None

    def is_new(self, document: Decoded) -> bool:
        """Tell whether a text is to be searched: not a second time, whichever way led to it, and not for ever."""
        digest = sha256(document.data).digest()
        if digest in self._seen:
            return False
        if not self._documents:
            self.cut["there is too much of it"] = None
            return False
        self._seen.add(digest)
        self._documents -= 1
        self._left = max(0, self._left - document.surroundings)
        return True


class Decoded(Document):
    """The encoded stretches of `outer`, decoded, each with the text around it."""

    def __init__(self, outer: Document, stretches: Sequence[Stretch], encoding: str, path: str) -> None:
        self._path = path
        self.depth = _depth(outer) + 1
        self.surroundings = 0
        self._encoding = encoding
        self._starts_of_parts: list[int] = []
        self._parts: list[tuple[int, Stretch | None]] = []  # where a part comes from in `outer`
        self._stretches: list[tuple[int, int]] = []
        self._windows: list[tuple[int, int, bool, bool]] = []  # start, end, whether it begins and ends in a line
        self._pieces: list[bytes] = []
        self._size = 0
        for window in _windows(outer.data, stretches):
            self._add_window(outer.data, *window)
        super().__init__(outer.provenance, b"".join(self._pieces))
        self._outer = outer
        self._pieces = []

    def _add_window(self, data: bytes, start: int, end: int, stretches: Sequence[Stretch]) -> None:
        first = self._size
        position = start
        for stretch in stretches:
            self._add(data[position : stretch.start], position, None)
            self._stretches.append((self._size, self._size + len(stretch.data)))
            self._add(stretch.data, stretch.start, stretch)
            position = stretch.end
        self._add(data[position:end], position, None)
        cut_before, cut_behind = start > 0 and data[start - 1] not in b"\r\n", end < len(data)
        self._windows.append((first, self._size, cut_before, cut_behind and data[end] not in b"\r\n"))
        self._add(b"\n\n", end, None)  # windows are apart

    def _add(self, text: bytes, source: int, stretch: Stretch | None) -> None:
        if text:
            self._starts_of_parts.append(self._size)
            self._parts.append((source, stretch))
            self._pieces.append(text)
            self._size += len(text)
            if stretch is None:
                self.surroundings += len(text)

    @property
    def path(self) -> str:
        return self._path

    def touches(self, start: int, end: int) -> bool:
        """Tell whether any of [start, end) was encoded."""
        place = bisect_right(self._stretches, (end - 1, self._size)) - 1
        return place >= 0 and self._stretches[place][1] > start

    def outward(self, match: Match) -> Match | None:
        """Return the match as one of the outer document; None when it has nothing to do with what was encoded."""
        whole = match.whole
        first, last = min(whole.start, match.start), max(whole.end, match.end)
        if first == last or not self.touches(first, last):
            return None
        place = bisect_right(self._windows, (first, self._size + 1)) - 1
        start, end, cut_before, cut_behind = self._windows[place]
        if last > end or (cut_before and first == start) or (cut_behind and last == end):
            return None  # a part of something longer, or of two windows
        hidden = match.hidden or Hidden(self.data[match.start : match.end], self.data[whole.start : whole.end], ())
        place_of = self._outward_span(Span(match.start, match.end))
        return replace(
            match,
            start=place_of.start,
            end=place_of.end,
            whole=self._outward_span(whole),
            related=tuple(map(self._outward_span, match.related)),
            flow=match.flow,  # only Python programs have flows, and these are not decoded
            hidden=replace(hidden, encodings=(self._encoding, *hidden.encodings)),
        )

    def hides(self, match: Match) -> bool:
        """Tell whether a match of the outer document reads differently there."""
        return match.hidden is not None and match.hidden.value != self._outer.data[match.start : match.end]

    def _outward_span(self, span: Span) -> Span:
        if span.end <= span.start:
            start = self._source(span.start, span.start + 1)[0]
            return Span(start, start, span.note)
        return Span(self._source(span.start, span.start + 1)[0], self._source(span.end - 1, span.end)[1], span.note)

    def _source(self, start: int, end: int) -> tuple[int, int]:
        """Return where one decoded byte comes from."""
        place = bisect_right(self._starts_of_parts, start) - 1
        source, stretch = self._parts[place]
        part = self._starts_of_parts[place]
        return (
            (source + start - part, source + end - part) if stretch is None else stretch.span(start - part, end - part)
        )


def _depth(document: Document) -> int:
    return document.depth if isinstance(document, Decoded) else 0


def layers(document: Document, hits: Hits, judged: Iterable[Span], budget: Budget) -> Iterator[Decoded]:
    """Yield the document decoded, by each encoding that occurs in it. `hits` are those of the decoders' `TRIGGERS`,
    `judged` what rules for a format have matched: those that know an encoding are not contradicted from inside.
    """
    by_decoder: dict[str, list[int]] = {}
    for number in sorted(hits):
        by_decoder.setdefault(OWNERS[number], []).extend(hits[number])
    covered = _union(judged)
    for name, ends in by_decoder.items():
        found = DECODERS[name].find(document.data, sorted(set(ends)))
        in_code = name in _FILES and is_code(document.path)
        settings: list[Stretch] = []
        others: list[Stretch] = []
        for stretch in _allowed(document, found, covered, budget):
            (settings if in_code and _is_settings(stretch.data) else others).append(stretch)
        for group, path in ((others, document.path), (settings, f"{document.path}#{name}")):
            if group:
                inner = Decoded(document, group, name, path)
                if budget.is_new(inner):
                    yield inner


def folded(document: Document, found: Iterable[tuple[int, int, bytes]], budget: Budget) -> Iterator[Decoded]:
    """Yield the document with what Python expressions come to in their place: (start, end, text) of each."""
    stretches: list[Stretch] = []
    for start, end, text in sorted(found):
        if stretches and start < stretches[-1].end:
            continue
        origins = Origins()
        origins.add(start, len(text), end - start)
        taken = budget.take(Stretch(start, end, text, (origins,)))
        if taken is not None:
            stretches.append(taken)
    if stretches:
        inner = Decoded(document, stretches, PIECES, document.path)
        if budget.is_new(inner):
            yield inner


def _is_settings(text: bytes) -> bool:
    """Tell whether a text is made of settings: they are not in the language of the program they are encoded in."""
    marks = len(text) - len(text.translate(None, _PUNCTUATION))
    return marks * _PUNCTUATED <= len(text) and re.search(_SETTING, text) is not None


def _allowed(
    document: Document, found: Iterable[Stretch], covered: Sequence[tuple[int, int]], budget: Budget
) -> Iterator[Stretch]:
    for stretch in found:
        if isinstance(document, Decoded) and not document.touches(stretch.start, stretch.end):
            continue  # it stands in the surroundings, and was decoded one layer further out
        if _is_covered(stretch, covered):
            continue
        if _depth(document) == MAX_DEPTH:
            budget.cut[f"it is encoded more than {MAX_DEPTH} times over"] = None
            return
        taken = budget.take(stretch)
        if taken is None:
            return
        yield taken


def _union(spans: Iterable[Span]) -> list[tuple[int, int]]:
    union: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: span.start):
        if union and span.start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], span.end))
        else:
            union.append((span.start, span.end))
    return union


def _is_covered(stretch: Stretch, covered: Sequence[tuple[int, int]]) -> bool:
    """Tell whether one of the spans, which do not overlap, holds nearly all of a stretch."""
    place = bisect_left(covered, (stretch.start, stretch.start))
    size = stretch.end - stretch.start
    return any(
        min(end, stretch.end) - max(start, stretch.start) >= _JUDGED * size
        for start, end in covered[max(0, place - 1) : place + 2]
    )


def _windows(data: bytes, stretches: Sequence[Stretch]) -> Iterator[tuple[int, int, list[Stretch]]]:
    """Yield the surroundings of the stretches, where they overlap as one: from line to line, if the ends are near."""
    start = end = -1
    inside: list[Stretch] = []
    for stretch in stretches:
        low, high = max(0, stretch.start - _AROUND), min(len(data), stretch.end + _AROUND)
        if low:
            line = data.find(b"\n", low - 1, stretch.start)
            low = low if line < 0 else line + 1
        if high < len(data):
            line = data.rfind(b"\n", stretch.end, high + 1)
            high = high if line < 0 else line
        if inside and low <= end:
            end = max(end, high)
            inside.append(stretch)
            continue
        if inside:
            yield start, end, inside
        start, end, inside = low, high, [stretch]
    if inside:
        yield start, end, inside
