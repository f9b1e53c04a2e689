"""What is hidden in the excerpts of a document: whatever any built-in rule calls a secret, and the same once more."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from keytrace.engine import Engine, Setup, load_engine
from keytrace.model import Location, Match, Span
from keytrace.redaction import pieces
from keytrace.redaction.spellings import Beginnings, Spans, Values, merged
from keytrace.text.document import Document

_AROUND = 1024  # bytes of a line on either side of a place that may be shown, as in text/document.py
_BLOCK = 1024  # bytes that are looked at in one go: there may be thousands of places in one line
_OVERLAP = 320  # bytes of a block's neighbours that are looked at with it
_LITTLE = 2_000_000  # bytes that are looked at once more before Hyperscan pays off
_ALL_VALUES = 32_768  # bytes of secrets up to which each is looked for wherever text is shown


def every_rule(setup: Setup) -> Setup:
    """Return a setup that leaves out no rule."""
    return replace(setup, only=(), without=()) if setup.only or setup.without else setup


def masks(engine: Engine, document: Document, matches: Iterable[Match], places: Iterable[Span | Location]) -> Spans:
    """Return the spans to be masked where `places` are shown, sorted; `matches` are those of the document."""
    shown = [place for place in places if isinstance(place, Span)]
    if not shown:
        return []
    found = [match for match in matches if match.is_secret]
    everything = every_rule(engine.setup)
    if everything is not engine.setup:
        try:
            found += _credible(_engine(everything, len(document.data)), document)
        except Exception:  # what cannot be told from secrets is not shown
            return merged(document.line_span(document.line_at(place.start)) for place in shown)
    spans = {(match.start, match.end) for match in found if match.start < match.end}
    spans.update(pieces.key_bodies(document.data))
    known = sorted(spans)
    near = _touching(known, shown, document)
    spans.update(pieces.beside(document.data, near))
    spans.update(_spelled(document, sorted(spans), found, shown))
    return sorted(spans)


class _Looked:
    """How much was looked at once more in this process, in bytes."""

    size = 0


def _engine(everything: Setup, size: int) -> Engine:
    """Return the engine of all rules. Little text is looked at without Hyperscan, with the same result: to compile
    rules that were not selected would take seconds.
    """
    _Looked.size += size
    return load_engine(replace(everything, hyperscan=everything.hyperscan and _Looked.size > _LITTLE))


def _credible(engine: Engine, document: Document) -> list[Match]:
    return [match for match in engine.candidates(document) if match.confidence is not None and match.is_secret]


def _touching(spans: Spans, shown: Iterable[Span], document: Document) -> list[tuple[int, int]]:
    """Return the spans on the lines that are shown."""
    near: set[tuple[int, int]] = set()
    for place in shown:
        low, high = _window(document, place)
        near.update(_between(spans, low, high))
    return sorted(near)


def _window(document: Document, place: Span) -> tuple[int, int]:
    """Return what of the line of a place may be shown."""
    start, end = document.line_span(document.line_at(place.start))
    return max(start, place.start - _AROUND), min(end, max(place.end, place.start) + _AROUND)


def _spelled(
    document: Document, spans: Spans, found: Sequence[Match], shown: Iterable[Span]
) -> Iterator[tuple[int, int]]:
    """Yield where secrets, or parts of them, stand once more in what is shown, in any spelling."""
    data = document.data
    hidden: dict[tuple[int, int], list[bytes]] = {}
    for match in found:
        if match.hidden:
            hidden.setdefault((match.start, match.end), []).append(match.hidden.value)
    few = sum(end - start for start, end in spans) <= _ALL_VALUES
    for block, stretches in groupby(_blocks(document, shown), key=lambda stretch: 0 if few else stretch[0]):
        texts = [(low, _blanked(data, spans, low, high)) for _, low, high in stretches]
        left = Beginnings(text for _, text in texts)  # little, and often alike
        first, last = block * _BLOCK - _OVERLAP - _BLOCK, (block + 1) * _BLOCK + _OVERLAP
        around = spans if few else _between(spans, first, last)
        values = Values(filter(left.may_hold, _values(data, around, hidden)))
        for low, text in texts:
            yield from ((low + start, low + end) for start, end in values.spans(text))


def _blanked(data: bytes, spans: Spans, low: int, high: int) -> bytes:
    """Return a stretch of text with line ends instead of what `spans` mask."""
    text = bytearray(data[low:high])
    for start, end in _between(spans, low - _BLOCK, high):
        if start < high and end > low:
            first, last = max(start, low), min(end, high)
            text[first - low : last - low] = b"\n" * (last - first)
    return bytes(text)


def _between(spans: Spans, low: int, high: int) -> Spans:
    """Return the spans that begin there."""
    return spans[bisect_left(spans, (low,)) : bisect_left(spans, (high,))]


def _values(
    data: bytes, spans: Iterable[tuple[int, int]], hidden: dict[tuple[int, int], list[bytes]]
) -> Iterator[bytes]:
    for start, end in spans:
        yield data[start:end]
        yield from hidden.get((start, end), ())


def _blocks(document: Document, shown: Iterable[Span]) -> list[tuple[int, int, int]]:
    """Return the stretches of lines that may be shown, each once, with the number of the block that it lies in."""
    blocks: set[tuple[int, int, int]] = set()
    for place in shown:
        line_start, line_end = document.line_span(document.line_at(place.start))
        low, high = _window(document, place)
        for number in range(low // _BLOCK, (max(high, low + 1) - 1) // _BLOCK + 1):
            first = max(line_start, number * _BLOCK - _OVERLAP)
            blocks.add((number, first, min(line_end, (number + 1) * _BLOCK + _OVERLAP)))
    return sorted(blocks)
