"""A document: an artifact's text as canonical UTF-8 bytes, with lines, columns and masked excerpts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from keytrace.model import Excerpt, Location, Provenance, Region, Span

_LINE_END = re.compile(rb"\r\n|\n|\r")
_EXCERPT_WIDTH = 160  # characters of a line shown around a secret
_MASK = "********"
_BLANKS = re.compile(r"[ \t]{2,}")
_BLOCK = 256  # bytes searched at once for values that repeat
_SHORTEST_VALUE = 4  # bytes; shorter ones are parts of words


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
        self._masked_secrets: Sequence[tuple[int, int]] = ()
        self._values: frozenset[bytes] = frozenset()
        self._lengths: dict[bytes, list[int]] = {}  # of the values, longest first, by how they begin
        self._longest = 0
        self._blocks: dict[int, list[tuple[int, int]]] = {}  # where values stand in blocks of the text
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

    def _look_for(self, secrets: Sequence[tuple[int, int]]) -> None:
        """Prepare to mask these spans, and their values where they stand once more."""
        if self._masked_secrets is not secrets:
            self._masked_secrets = secrets
            self._values = frozenset(self.data[a:b] for a, b in secrets if b - a >= _SHORTEST_VALUE)
            self._longest = max((b - a for a, b in secrets), default=0)
            self._blocks = {}
            self._lengths = {}
            for begin, length in {(value[:_SHORTEST_VALUE], len(value)) for value in self._values}:
                self._lengths.setdefault(begin, []).append(length)
            for lengths in self._lengths.values():
                lengths.sort(reverse=True)

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
            text, first = self.data, number * _BLOCK
            lengths_of = self._lengths.get
            for at in range(first, min(first + _BLOCK, len(text) - _SHORTEST_VALUE + 1)):
                for length in lengths_of(text[at : at + _SHORTEST_VALUE], ()):
                    if text[at : at + length] in self._values:
                        known.append((at, at + length))
                        break
        return known

    def _masked(self, start: int, end: int, secrets: Sequence[tuple[int, int]]) -> tuple[bytes, int, int]:
        line_start, line_end = self.line_span(self.line_at(start))
        line_start, line_end = max(line_start, start - 1024), min(line_end, max(end, start) + 1024)
        pieces: list[bytes] = []
        length, mark_start, mark_end, position = 0, 0, 0, line_start
        self._look_for(secrets)
        near = secrets[bisect_left(secrets, (line_start - self._longest,)) : bisect_left(secrets, (line_end,))]
        spans = [(max(a, line_start), min(b, line_end)) for a, b in near if b > line_start]
        spans = sorted({*spans, *self._repeated(line_start, line_end)})
        for a, b in [*spans, (line_end, line_end)]:
            gap = self.data[position:a]
            pieces.append(gap)
            length += len(gap)
            if position < b and a < b:  # a span inside the one before is masked already
                if a <= start < b:
                    mark_start, mark_end = length, length + len(_MASK)
                pieces.append(_MASK.encode())
                length += len(_MASK)
            position = max(position, b)
        if mark_end == 0:  # not a secret itself, but a place where one is used
            mark_start = _length_masked(spans, line_start, start)
            mark_end = mark_start + _length_masked(spans, start, min(end, line_end))
        return b"".join(pieces), mark_start, mark_end


def _length_masked(spans: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """Return how long [start, end) is when each of `spans` (sorted) in it is masked."""
    length, position = 0, start
    for a, b in spans:
        if b <= position or a >= end:
            continue
        length += max(0, a - position) + len(_MASK)
        position = b
    return length + max(0, end - position)


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
