"""Notebooks: the code of their cells as one Python module, and where each byte of it stands; images left out."""

from __future__ import annotations

import json
import json.decoder
import json.scanner
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

_STRING = rb'"(?:[^"\\]|\\.)*+"'
_IMAGE = re.compile(
    rb'("image/(?!svg)[\w.+-]+"\s*:\s*)(\[\s*%b(?:\s*,\s*%b)*+|%b)' % (_STRING, _STRING, _STRING), re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))|[^\\]+", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_PYTHON_MAGICS = ("time", "timeit", "capture", "prun", "python", "python3", "debug")
_MAGIC = re.compile(r"[ \t]*(?:[%!?]|[\w.]+\?\??\s*$)")
_ASSIGNED_MAGIC = re.compile(r"([ \t]*[\w, .]+=\s*)[%!]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its number among all cells, from 1, and where its code begins in the module."""

    number: int
    start: int


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a notebook as one module, in bytes of UTF-8."""

    code: bytes
    cells: tuple[Cell, ...]
    _starts: tuple[int, ...]  # of runs of the code, and for each
    _runs: tuple[tuple[int, int, int], ...]  # source, bytes of a unit here and there

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the notebook's text the code [start, end) stands."""
        first = self._unit(start)[0]
        return first, max(first, self._unit(end - 1)[1]) if end > start else first

    def _unit(self, offset: int) -> tuple[int, int]:
        number = bisect_right(self._starts, offset) - 1
        source, unit, width = self._runs[number]
        start = source + (offset - self._starts[number]) // unit * width
        return start, start + width

    def place(self, offset: int) -> str:
        """Return `cell 3, line 2` for an offset of the code."""
        cell = self.cells[bisect_right(self.cells, offset, key=lambda one: one.start) - 1]
        line = self.code.count(b"\n", cell.start, offset) + 1
        return f"cell {cell.number}, line {line}"


class _Text(str):
    """A string of a JSON text, how it is written there, and where that begins, in characters."""

    __slots__ = ("raw", "start")
    raw: str
    start: int


def without_images(data: bytes) -> bytes:
    """Return the text of a notebook with blanks for its images: of the same length, and with nothing to find."""
    return _IMAGE.sub(lambda found: found[1] + _blank(found[2]), data)


def _blank(image: bytes) -> bytes:
    opening = image.index(b'"') + 1
    return image[:opening] + b" " * (len(image) - opening - 1) + b'"'


def read_code(data: bytes) -> Notebook | None:
    """Return the code of a notebook; raise ValueError when the text is no notebook, None when it has no code."""
    text = data.decode("utf-8", "replace")
    try:
        content = _decoder().decode(text)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(cells, list):
        raise ValueError("no cells")
    code: list[bytes] = []
    size = 0
    starts: list[int] = []
    runs: list[tuple[int, int, int]] = []
    places: list[Cell] = []
    characters = _Offsets(text)
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", [])
        lines = [line for line in (source if isinstance(source, list) else [source]) if isinstance(line, _Text)]
        places.append(Cell(number, size))
        for piece, source_start, width in _pieces(lines, characters):
            starts.append(size)
            same = len(piece) == width  # byte for byte
            runs.append((source_start, 1, 1) if same else (source_start, len(piece), width))
            code.append(piece)
            size += len(piece)
        for _ in range(2):  # cells are apart
            starts.append(size)
            runs.append((runs[-1][0] if runs else 0, 1, 0))
            code.append(b"\n")
            size += 1
    return Notebook(b"".join(code), tuple(places), tuple(starts), tuple(runs)) if places else None


def _pieces(lines: list[_Text], characters: _Offsets) -> list[tuple[bytes, int, int]]:
    """Return the code of a cell in pieces of (text, where it comes from, bytes there for the whole of it)."""
    whole = "".join(lines)
    magic = whole.lstrip()
    foreign = magic.startswith("%%") and (magic[2:].split() or [""])[0] not in _PYTHON_MAGICS
    pieces: list[tuple[bytes, int, int]] = []
    fresh = True  # at the beginning of a line
    for line in lines:
        position = line.start
        for found in _ESCAPE.finditer(line.raw):
            width = found.end() - found.start()
            if found[1] is not None:
                decoded = chr(int(found[1], 16))
            elif found[2] is not None:
                decoded = _ESCAPED.get(found[2], found[2])
            else:
                decoded = found[0]
            source, last = characters.bytes(position), characters.bytes(position + width)
            position += width
            if found[1] is None and found[2] is None:
                text = decoded
                if fresh and (foreign or _MAGIC.match(text)):
                    text = "#" + text[1:] if text.isascii() else "#"
                elif fresh and (assigned := _ASSIGNED_MAGIC.match(text)):
                    text = assigned[1] + "None  #" + text[assigned.end() :]
                encoded = text.encode("utf-8", "replace")
                pieces.append((encoded, source, last - source))
                fresh = False
            else:
                pieces.append((decoded.encode("utf-8", "replace"), source, last - source))
                fresh = decoded == "\n"
    return pieces


class _Offsets:
    """Turns offsets in characters into offsets in bytes of UTF-8; they are asked for in order."""

    def __init__(self, text: str) -> None:
        self._text, self._ascii = text, text.isascii()
        self._last = (0, 0)

    def bytes(self, offset: int) -> int:
        if self._ascii:
            return offset
        known, size = self._last
        if offset < known:
            known, size = 0, 0
        size += len(self._text[known:offset].encode("utf-8", "replace"))
        self._last = (offset, size)
        return size


def _decoder() -> json.JSONDecoder:
    """Return a JSON decoder whose strings know where they stand."""
    decoder = json.JSONDecoder(strict=False)

    def parse_string(text: str, end: int, strict: bool = False) -> tuple[str, int]:
        value, stop = json.decoder.scanstring(text, end, strict)  # type: ignore[attr-defined]
        string = _Text(value)
        string.start, string.raw = end, text[end : stop - 1]
        return string, stop

    loose: Any = decoder
    loose.parse_string = parse_string
    loose.scan_once = json.scanner.py_make_scanner(decoder)  # type: ignore[attr-defined]
    return decoder
