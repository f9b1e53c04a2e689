"""What decoders yield: an encoded stretch, the text behind it, and where each byte of the text comes from."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass

from keytrace.text.encoding import utf16_without_bom

_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r")) + b"\x7f"
_MOST = 20  # of so many bytes, one may be no text
_PLAIN_OR_ONE = "[\0-\x7f]+|[^\0-\x7f]"


class Origins:
    """Where the bytes of a decoded text come from, as runs of equal units: base64 makes 3 bytes of 4, hex 1 of 2."""

    def __init__(self) -> None:
        self.size = 0  # of the decoded text
        self._starts: list[int] = []
        self._runs: list[tuple[int, int, int]] = []  # source, decoded bytes and source bytes of a unit
        self._next = (-1, 0, 0)  # the run that would be the last one going on

    def add(self, source: int, unit: int, width: int, count: int = 1) -> None:
        """Append `count` units of `unit` decoded bytes each, made of `width` source bytes each, from `source` on."""
        if not unit or not count:
            return
        if (source, unit, width) != self._next:
            self._starts.append(self.size)
            self._runs.append((source, unit, width))
        self.size += unit * count
        self._next = (source + width * count, unit, width)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source of the decoded bytes [start, end), which are not empty: whole units."""
        return self._unit(start)[0], self._unit(end - 1)[1]

    def _unit(self, offset: int) -> tuple[int, int]:
        number = bisect_right(self._starts, offset) - 1
        source, unit, width = self._runs[number]
        start = source + (offset - self._starts[number]) // unit * width
        return start, start + width


@dataclass(frozen=True, slots=True)
class Stretch:
    """The encoded text [start, end) of a document decodes to `data`; `steps` lead back from there, one by one."""

    start: int
    end: int
    data: bytes
    steps: tuple[Origins, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the document the decoded bytes [start, end) are encoded."""
        for origins in self.steps:
            start, end = origins.span(start, end)
        return start, end


def is_text(data: bytes) -> bool:
    """Tell whether nearly all of `data` is printable, in ASCII or UTF-8; random bytes are not."""
    if len(data.translate(None, _PRINTABLE)) * _MOST <= len(data):
        return True
    if (len(data) - len(data.translate(None, _CONTROLS))) * _MOST > len(data):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def as_text(raw: bytes) -> tuple[bytes, tuple[Origins, ...]] | None:
    """Return the text that decoded bytes are, from UTF-16 as UTF-8 with the way back; None when they are no text."""
    if b"\0" not in raw:
        return (raw, ()) if is_text(raw) else None
    skipped = 2 if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else 0
    body = raw[skipped : skipped + (len(raw) - skipped & ~1)]
    encoding = utf16_without_bom(body)
    if not encoding:
        return None
    text = body.decode(encoding, "replace")
    data = text.encode("utf-8", "replace")
    if not is_text(data):
        return None
    origins = Origins()
    source = skipped
    for found in re.finditer(_PLAIN_OR_ONE, text):
        piece = found[0]
        if piece.isascii():
            origins.add(source, 1, 2, len(piece))
            source += 2 * len(piece)
        else:
            width = 4 if piece > "\uffff" else 2
            origins.add(source, len(piece.encode("utf-8", "replace")), width)
            source += width
    return data, (origins,)
