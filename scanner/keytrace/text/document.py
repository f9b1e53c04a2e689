"""A document: an artifact's text as canonical UTF-8 bytes, with lines, columns and masked excerpts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from keytrace.model import Excerpt, Location, Provenance, Region, Span
from keytrace.text.masking import MASK, Masked

_LINE_END = re.compile(rb"\r\n|\n|\r")
_EXCERPT_WIDTH = 160  # characters of a line shown around a secret
_BLANKS = re.compile(r"[ \t]{2,}")
_AROUND = 1024  # bytes of a line on either side of a place that are masked, to be shown or to tell it from others
_STRETCH = 4096  # bytes of a longer line that are masked at once


class Document:
    """Text with positions. Line starts are computed when first asked for: most documents have no match."""

    def __init__(
        self,
        provenance: Provenance,
        data: bytes,
        lines: frozenset[int] | None = None,
        context: object = None,
        *,
        is_binary: bool = False,
    ) -> None:
        self.provenance = provenance
        self.data = data
        self.lines = lines  # the lines on which a finding may start; None means all
        self.context = context  # what an analyzer should know of other artifacts; None at first sight
        self.is_binary = is_binary  # what is readable of it: only formats with a marker are looked for
        self._starts: list[int] | None = None
        self._ascii = data.isascii()
        self._maskings: list[Masked] = []  # by the spans that were last masked, and those before
        self._last = (0, 0, 1)  # line start, offset, column: columns in one long line are counted on, not anew

    @property
    def path(self) -> str:
        return self.provenance.path

    @property
    def line_starts(self) -> list[int]:
        """The offset of each line's first byte. A line ends with LF, CRLF or a lone CR."""
        if self._starts is None:
            self._starts = [0, *(end.end() for end in _LINE_END.finditer(self.data))]
        return self._starts

    def line_at(self, offset: int) -> int:
        """Return the 1-based number of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def line_span(self, number: int) -> tuple[int, int]:
        """Return the offsets of a line's first byte and of its end, without the line terminator."""
        starts = self.line_starts
        start = starts[number - 1]
        end = starts[number] if number < len(starts) else len(self.data)
        while end > start and self.data[end - 1] in b"\r\n":
            end -= 1
        return start, end

    def line(self, number: int) -> bytes:
        """Return a line without its terminator; empty when there is no such line."""
        if not 1 <= number <= len(self.line_starts):
            return b""
        start, end = self.line_span(number)
        return self.data[start:end]

    def region(self, start: int, end: int) -> Region:
        """Return lines and columns of the span [start, end)."""
        first, last = self.line_at(start), self.line_at(max(start, end - 1))
        return Region(first, self._column(first, start), last, self._column(last, end))

    def _column(self, line: int, offset: int) -> int:
        start = self.line_starts[line - 1]
        if self._ascii:
            return offset - start + 1
        known_start, known_offset, known_column = self._last
        if known_start != start or known_offset > offset:
            known_offset, known_column = start, 1
        text = self.data[known_offset:offset].decode("utf-8", "replace")
        column = known_column + len(text) + sum(char > "\uffff" for char in text)
        self._last = (start, offset, column)
        return column

    def masked_line(self, start: int, end: int, secrets: Sequence[tuple[int, int]]) -> bytes:
        """Return the first line of [start, end) with each span of `secrets` (sorted) masked; cropped when overlong."""
        return self._masked(start, end, secrets)[0]

    def excerpt(self, start: int, end: int, secrets: Sequence[tuple[int, int]]) -> Excerpt:
        """Return the first line of [start, end) for display, with each span of `secrets` (sorted) masked."""
        masked, mark_start, mark_end = self._masked(start, end, secrets)
        before = masked[:mark_start].decode("utf-8", "replace")
        marked = masked[mark_start:mark_end].decode("utf-8", "replace")
        after = masked[mark_end:].decode("utf-8", "replace")
        if self.is_binary:
            before, after = _BLANKS.sub(" ", before), _BLANKS.sub(" ", after)
        if len(before) > _EXCERPT_WIDTH // 2:
            before = "…" + before[-_EXCERPT_WIDTH // 2 :]
        if len(after) > _EXCERPT_WIDTH // 2:
            after = after[: _EXCERPT_WIDTH // 2] + "…"
        return Excerpt(before + marked + after, len(before), len(before) + len(marked))

    def _masked(self, start: int, end: int, secrets: Sequence[tuple[int, int]]) -> tuple[bytes, int, int]:
        """Return the line of [start, end) masked, cropped when overlong, and the place, or its mask, in that."""
        line = self.line_span(self.line_at(start))
        low, high = max(line[0], start - _AROUND), min(line[1], max(end, start) + _AROUND)
        if (low, high) == line:
            stretch = self._masking(secrets).stretch(low, high)
        else:  # others in the same line are shown with much the same around them
            first = max(line[0], low // _STRETCH * _STRETCH)
            stretch = self._masking(secrets).stretch(first, min(line[1], max(high, first + 2 * _STRETCH)))
        begin = stretch.start_of(low)
        text = stretch.text[begin : stretch.end_of(high)]
        if (mask := stretch.mask_at(start)) is not None:
            return text, mask - begin, mask - begin + len(MASK)
        mark = stretch.start_of(start) - begin  # not a secret itself, but a place where one is used
        return text, mark, max(mark, stretch.end_of(min(end, high)) - begin)

    def _masking(self, secrets: Sequence[tuple[int, int]]) -> Masked:
        for known in self._maskings:
            if known.secrets is secrets:
                return known
        self._maskings = [Masked(self.data, secrets), *self._maskings[:1]]
        return self._maskings[0]


def locate(document: Document, span: Span, secrets: Sequence[tuple[int, int]]) -> Location:
    """Return the place of a span, its excerpt with all `secrets` (sorted) masked."""
    return Location(
        provenance=document.provenance,
        start=span.start,
        end=span.end,
        region=document.region(span.start, span.end),
        excerpt=document.excerpt(span.start, span.end, secrets),
        note=span.note,
    )


def located(
    document: Document, steps: Iterable[Span | Location], secrets: Sequence[tuple[int, int]]
) -> tuple[Location, ...]:
    """Return the places of the steps of a flow; those in other documents are located already."""
    return tuple(step if isinstance(step, Location) else locate(document, step, secrets) for step in steps)
