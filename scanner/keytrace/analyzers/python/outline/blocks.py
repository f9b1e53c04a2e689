"""A program's text, cut where its statements begin: at the top level and in classes, without parsing it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_TRIPLE = re.compile(rb"\"\"\"|'''")
_QUOTED = re.compile(
    rb"""\#[^\n]*|"{3}(?:[^\\"]|\\.|"(?!""))*+(?:"{3}|\Z)|'{3}(?:[^\\']|\\.|'(?!''))*+(?:'{3}|\Z)
    |"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?""",
    re.VERBOSE | re.DOTALL,
)
_CONTINUES = frozenset((b"else", b"elif", b"except", b"finally", b"case"))
_NAME = re.compile(rb"(?:async[ \t]+def|def|class)[ \t]+(\w+)")
_FIRST = re.compile(rb"(@|[A-Za-z_]\w*)")  # of a program
_FIRST_MEMBER = re.compile(rb"^([ \t]+)(?=[A-Za-z_@])", re.MULTILINE)
_DEEPEST = 8  # classes one in another


@dataclass(slots=True, eq=False)
class Block:
    """A statement: [start, end) of the text. Of a class it is the head alone; its members are blocks of their own."""

    start: int
    end: int
    word: bytes  # its first one: def, class, import, …
    name: str = ""  # of a function or class
    owner: Block | None = None  # the class that it is a member of
    indent: bytes = b""
    members: list[Block] = field(default_factory=list)

    @property
    def called(self) -> str:
        """The word by which it is mentioned: that of an attribute where it is a member."""
        return f".{self.name}" if self.name and self.owner is not None else self.name

    @property
    def is_function(self) -> bool:
        return self.word in (b"def", b"async")

    @property
    def is_field(self) -> bool:
        """Tell whether it is a member of a class and no method: it binds what the objects have."""
        return self.owner is not None and not self.is_function

    @property
    def shows_object(self) -> bool:
        """Tell whether it is the method that makes the text by which an object is shown."""
        return self.name in ("__str__", "__repr__") and self.owner is not None


def cut(data: bytes, strings: list[tuple[int, int]]) -> list[Block]:
    """Return the blocks of a program in order; classes stand before their members. `strings` are its multiline ones."""
    blocks: list[Block] = []
    _append(blocks, _blocks(data, 0, len(data), b"", strings))
    return blocks


def _append(flat: list[Block], blocks: Iterator[Block]) -> None:
    for block in blocks:
        flat.append(block)
        _append(flat, iter(block.members))


def multiline_strings(data: bytes) -> list[tuple[int, int]]:
    """Return the spans of strings in three quotes."""
    spans: list[tuple[int, int]] = []
    position = 0
    for found in _TRIPLE.finditer(data):
        start = found.start()
        if start < position:
            continue
        before = data[data.rfind(b"\n", 0, start) + 1 : start]
        if b"#" in before or b'"' in before or b"'" in before:  # in a comment, in another string, or behind one
            return [one.span() for one in _QUOTED.finditer(data) if one[0][:3] in (b'"""', b"'''")]
        position = _closing(data, found[0], found.end())
        spans.append((start, position))
    return spans


def is_prose(data: bytes, strings: list[tuple[int, int]], offset: int) -> bool:
    """Tell whether what stands at an offset is in a comment, or in a multiline string without holes."""
    number = bisect_right(strings, (offset, 1 << 60)) - 1
    if number >= 0 and strings[number][0] < offset < strings[number][1]:
        start = strings[number][0]
        return b"f" not in data[max(0, start - 2) : start].lower()
    line = data.rfind(b"\n", 0, offset) + 1
    mark = data.find(b"#", line, offset)
    return mark >= 0 and data.find(b'"', line, mark) < 0 and data.find(b"'", line, mark) < 0


def _closing(data: bytes, quotes: bytes, position: int) -> int:
    """Return the end of a string that goes on at `position`."""
    while True:
        end = data.find(quotes, position)
        if end < 0:
            return len(data)
        escapes = end - len(data[position:end].rstrip(b"\\")) - position
        if escapes % 2 == 0:
            return end + 3
        position = end + 1


def _blocks(
    data: bytes, start: int, end: int, indent: bytes, strings: list[tuple[int, int]], owner: Block | None = None
) -> Iterator[Block]:
    """Yield the statements of this indentation in [start, end), each up to the next."""
    current: Block | None = None
    before, open_brackets = start, 0
    for found in _lines(data, start, end, indent):
        here, word = found.start(1) - len(indent), found[1]
        if inside(strings, here) or data[here - 2 : here] in (b"\\\n", b"\\\r"):
            continue
        if current is not None:
            open_brackets += _opened(data, before, here)
            before = here
            if open_brackets > 0 or word in _CONTINUES:
                continue
            open_brackets = 0
            if current.word == b"@":  # the decorators of what begins here
                current.word, current.name = word, _name(data, found.start(1))
                continue
            current.end = here
            yield _with_members(data, current, strings)
        before = here
        current = Block(here if current is not None else start, end, word, _name(data, found.start(1)), owner, indent)
    if current is not None:
        yield _with_members(data, current, strings)


_LINES: dict[bytes, re.Pattern[bytes]] = {}


def _lines(data: bytes, start: int, end: int, indent: bytes) -> Iterator[re.Match[bytes]]:
    """Yield what begins on the lines on which a statement of this indentation may begin."""
    if indent not in _LINES:
        if len(_LINES) > 64:
            _LINES.clear()
        _LINES[indent] = re.compile(rb"\n" + indent + rb"(@|[A-Za-z_]\w*)")  # a literal is found fast
    if not start and (first := _FIRST.match(data, 0, end)) is not None:
        yield first
    yield from _LINES[indent].finditer(data, max(0, start - 1), end)


def inside(spans: list[tuple[int, int]], offset: int) -> bool:
    """Tell whether an offset lies in one of some sorted spans, behind its beginning."""
    number = bisect_right(spans, (offset, 1 << 60)) - 1
    return number >= 0 and spans[number][0] < offset < spans[number][1]


def _opened(data: bytes, start: int, end: int) -> int:
    """Return how many more brackets are opened in [start, end) than closed."""
    count = data.count
    opened = (
        count(b"(", start, end) - count(b")", start, end) + count(b"[", start, end) - count(b"]", start, end)
        + count(b"{", start, end) - count(b"}", start, end)
    )  # fmt: skip
    if not opened:
        return 0
    code = _QUOTED.sub(b"", data[start:end])
    return sum(code.count(one) for one in (b"(", b"[", b"{")) - sum(code.count(one) for one in (b")", b"]", b"}"))


def _name(data: bytes, start: int) -> str:
    found = _NAME.match(data, start)
    return found[1].decode("utf-8", "replace") if found else ""


def _with_members(data: bytes, block: Block, strings: list[tuple[int, int]]) -> Block:
    """Return a block; a class ends where its first member begins, and has members."""
    depth, owner = 0, block.owner
    while owner is not None:
        depth, owner = depth + 1, owner.owner
    if block.word != b"class" or depth >= _DEEPEST:
        return block
    position, open_brackets = block.start, 0
    for found in _FIRST_MEMBER.finditer(data, data.find(b"\n", block.start) + 1 or block.end, block.end):
        here = found.start()
        if len(found[1]) <= len(block.indent) or inside(strings, here):
            continue
        open_brackets += _opened(data, position, here)
        position = here
        if open_brackets <= 0:
            block.members = list(_blocks(data, here, block.end, found[1], strings, block))
            block.end = here
            break
    return block
