"""Values of named columns: rows that an SQL statement inserts, rows of a table under its head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keytrace.names.lexicon import Strength, strength
from keytrace.scoring import shapes
from keytrace.scoring.binding import Binding

TRIGGER = (
    rf"(?i)\b(?:(?:insert|replace)\s+(?:(?:ignore|or\s\w+)\s+)?into|copy)\s+[^\s()]+\s*\([^()]*(?:{shapes.ANY}|val(?:ue)?\b)[^()]*\)\s*"
    r"(?:values?\s*\(|from\s+stdin)"
)
_MOST_ROWS = 2000
_MOST = 1 << 20  # bytes of one statement

_HEAD = re.compile(
    rb"(?i)(?:insert|replace)\s+(?:(?:ignore|or\s\w+)\s+)?into\s+[^\s()]+\s*\((?P<names>[^()]*)\)\s*values?\s*(?=\()"
)
_COPY = re.compile(rb"(?i)copy\s+[^\s()]+\s*\((?P<names>[^()]*)\)\s*from\s+stdin[^\n]*\n")
_VALUE = re.compile(
    rb"\s*(?:[NnEeBb]?'(?P<single>(?:[^'\\]|''|\\.)*)'|\\?\"(?P<double>(?:[^\"\\]|\"\"|\\.)*)\"|\\'(?P<escaped>[^'\\]*)\\'"
    rb"|(?P<other>(?:[^,()'\"]|\([^()]*\))*))\s*(?P<next>[,)])",
    re.DOTALL,
)
_CALLED = re.compile(r"(?i)(?:\w+_)?(?:name|key|setting|variable|param(?:eter)?|option|property)")
_GIVEN = re.compile(r"(?i)(?:\w+_)?val(?:ue)?")
_NEXT_ROW = re.compile(rb"\s*,\s*\(")


def find(data: bytes, hits: Iterable[int]) -> Iterator[Binding]:
    """Yield the values under names that promise a secret, of the statements whose heads end at `hits`."""
    done = 0
    for hit in hits:
        if hit <= done:
            continue
        low = max(done, hit - 4096)
        heads = [head for head in _HEAD.finditer(data, low, hit) if head.end() < hit]
        if heads:
            done, bindings = _rows(data, heads[-1].end(), _names(heads[-1]["names"]))
            yield from bindings
        elif copies := list(_COPY.finditer(data, low, min(len(data), hit + 400))):
            yield from _copied(data, copies[-1].end(), _names(copies[-1]["names"]))


def _names(head: bytes) -> list[str]:
    return [name.strip(b" \t\r\n`\"'[]\\").decode("utf-8", "replace") for name in head.split(b",")]


def _promises(name: str) -> bool:
    return strength(name) in (Strength.STRONG, Strength.WEAK)


def _number_of(names: list[str], shape: re.Pattern[str]) -> int:
    """Return the number of the first column that is called so, -1 if none is."""
    return next((number for number, name in enumerate(names) if shape.fullmatch(name)), -1)


def _rows(data: bytes, at: int, names: list[str]) -> tuple[int, list[Binding]]:
    """Return where the rows at `at` end, and the values in them that count."""
    wanted = {number: name for number, name in enumerate(names) if _promises(name)}
    called, given = _number_of(names, _CALLED), _number_of(names, _GIVEN)
    found: list[Binding] = []
    limit = min(len(data), at + _MOST)
    for _ in range(_MOST_ROWS):
        cells, at = _cells(data, at + 1, limit)  # past the parenthesis
        row = dict(wanted)
        if 0 <= called < min(given, len(cells)) and _promises(name := cells[called][2].decode("latin-1")):
            row[given] = name
        for number in sorted(row):
            if number < len(cells) and cells[number][2]:
                first, last, value = cells[number]
                found.append(Binding(row[number], first - 1, first, last, value, "column", quoted=True))
        following = _NEXT_ROW.match(data, at, limit)
        if not cells or not following:
            break
        at = following.end() - 1
    return at, found


def _cells(data: bytes, at: int, limit: int) -> tuple[list[tuple[int, int, bytes]], int]:
    """Return where each literal of the row at `at` stands and what it says, nothing for others, and the row's end."""
    cells = []
    while value := _VALUE.match(data, at, limit):
        group = next((group for group in ("single", "double", "escaped") if value[group] is not None), "other")
        text = b"" if group == "other" else value[group].replace(b"''", b"'")
        cells.append((*value.span(group), text))
        at = value.end()
        if value["next"] == b")":
            return cells, at
    return [], at


def _copied(data: bytes, at: int, names: list[str]) -> Iterator[Binding]:
    """Yield the values of the rows that a dump of PostgreSQL copies, a tab between them."""
    wanted = [number for number, name in enumerate(names) if _promises(name)]
    for begin, row in lines(data, at, _MOST_ROWS):
        if row.startswith(b"\\.") or not row.strip() or not wanted:
            return
        cells = row.split(b"\t")
        for number in wanted:
            if number < len(cells) and cells[number] != b"\\N":
                first = begin + sum(map(len, cells[:number])) + number
                yield Binding(
                    names[number], first, first, first + len(cells[number]), cells[number], "column", quoted=True
                )


def lines(data: bytes, at: int, most: int) -> Iterator[tuple[int, bytes]]:
    """Yield where each line from `at` on begins and what it says, of `most` lines; all of the rest as one where a line
    is longer than a statement may be.
    """
    for _ in range(most):
        end = data.find(b"\n", at, at + _MOST)
        yield at, data[at : end if end >= 0 else len(data)]
        if end < 0:
            return
        at = end + 1
