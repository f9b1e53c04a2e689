"""Values under the head of a table: a file of values that commas, semicolons or tabs part, a table in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keytrace.names.lexicon import judge
from keytrace.scoring import shapes
from keytrace.scoring.binding import Binding
from keytrace.scoring.columns import lines

TRIGGER = (
    rf"(?i)(?:\A[^\r\n:=()<>{{}}|]{{0,200}}(?:{shapes.ANY})[\w ]{{0,20}}[\"']?[ \t]?(?:[,;\t]|\r?\n)"
    rf"|\|[ \t*`]{{0,8}}[\w \-]{{0,30}}(?:{shapes.ANY})[\w \-]{{0,20}}[ \t*`]{{0,8}}\|[^\r\n]{{0,300}}\r?\n"
    r"[ \t]{0,8}\|?[ \t]?:?-{2})"
)
_MOST_ROWS = 500
_NAME = re.compile(rb"[\w .\-/]{1,40}")
_RULE = re.compile(rb"[ \t|:\-]+")
_CELLS = {
    mark: re.compile(rb"[ ]*(?:\"(?P<quoted>(?:[^\"]|\"\")*)\"|(?P<bare>[^" + mark + rb"]*?))[ ]*(?:" + mark + rb"|\Z)")
    for mark in (b",", b";", b"\t", b"\\|")
}

Cell = tuple[int, bytes]  # where it begins in its line, and what it says


def find(data: bytes, hits: Iterable[int]) -> Iterator[Binding]:
    """Yield the values below the names that promise a secret, of the tables whose heads end at `hits`."""
    done = 0
    for hit in hits:
        if hit <= done:
            continue
        if data[hit - 2 : hit] == b"--":  # the line below a head in Markdown
            done = data.rfind(b"\n", 0, hit)
            start = data.rfind(b"\n", 0, done) + 1
            mark = b"\\|"
        else:
            start, done = 0, data.find(b"\n", hit - 1)
            mark = _mark(data[:done]) if done > 0 else b""
        done = max(done, hit)
        if mark:
            at = data.find(b"\n", start) + 1
            yield from _rows(data, at, mark, _cells(data[start : at - 1].rstrip(b"\r"), mark))


def _mark(head: bytes) -> bytes:
    """Return what parts the names of a head, nothing if that is no head."""
    mark = max((b",", b";", b"\t"), key=head.count)
    names = [text for _, text in _cells(head.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r"), mark)]
    is_head = len(names) > 1 and len(set(names)) == len(names) and all(map(_NAME.fullmatch, names))
    return mark if is_head else b""


def _rows(data: bytes, at: int, mark: bytes, head: list[Cell]) -> Iterator[Binding]:
    """Yield the values of the rows at `at` that stand below a name of a secret, up to a row of another length."""
    names = [text.strip(b" *`").decode("utf-8", "replace") for _, text in head]
    wanted = [number for number, name in enumerate(names) if judge(name).is_secret]
    for begin, row in lines(data, at, _MOST_ROWS if wanted else 0):
        line = row.rstrip(b"\r")
        cells = _cells(line, mark)
        if len(cells) != len(head):
            return
        for number in wanted if not _RULE.fullmatch(line) else ():
            place, text = cells[number]
            value = text.strip(b" *`")
            first = begin + place + text.find(value)
            if value:
                yield Binding(names[number], first, first, first + len(value), value, "table", quoted=True)


def _cells(line: bytes, mark: bytes) -> list[Cell]:
    found = []
    shape, at = _CELLS[mark], 0
    while at < len(line) and (cell := shape.match(line, at)):
        group = "bare" if cell["quoted"] is None else "quoted"
        found.append((cell.start(group), cell[group]))
        at = cell.end()
    return found
