"""Cuts from a module what is worth parsing: the pieces of interest with what they refer to, and where each came from.

A module is seen as blocks: its top-level statements, and of a class each member. Imports are always kept, and of what
the pieces refer to the assignments, and the functions and classes that may hand a secret on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from keytrace.analyzers.python.gate import Interest

WHOLE = 3000  # bytes up to which nothing is cut
_MOST = 60_000  # bytes of what the pieces refer to
_RECORD = 3_000  # bytes of a class that is little more than its fields
_SHORT = 500  # bytes of an assignment that says nothing of secrets
_LONGEST = 8_000  # bytes of one assignment or class header that comes along

_STRING = re.compile(
    rb"""\"{3}(?:[^\\"]|\\.|"(?!""))*+\"{3}|'{3}(?:[^\\']|\\.|'(?!''))*+'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|\#[^\n]*""",
    re.DOTALL,
)
_LINE = re.compile(rb"^([ \t]*)(?=[^\s#)\]}])([@\w]+|.)", re.MULTILINE)
_CONTINUES = frozenset((b"else", b"elif", b"except", b"finally", b"case"))
_NAME = re.compile(rb"(?:async[ \t]+def|def|class)[ \t]+(\w+)|([A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)")
_WORD = re.compile(rb"[A-Za-z_]\w*")


@dataclass(slots=True)
class Block:
    """A statement: [start, end) of the text, the name that it binds, and the members of a class."""

    start: int
    end: int
    word: bytes  # the first one
    name: bytes = b""
    members: list[Block] = field(default_factory=list)
    head: int = 0  # of a class: where its first member begins
    kept: bool = False
    has_names: bool = False  # of secrets

    @property
    def size(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Slice:
    """A text that is cut from another one, and where its parts begin: in itself, and there."""

    data: bytes
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where [start, end) was cut from."""
        first = self._origin(start)
        return first, max(first, self._origin(end - 1) + 1) if end > start else first

    def _origin(self, offset: int) -> int:
        number = bisect_right(self.starts, offset) - 1
        return self.origins[number] + offset - self.starts[number]


def whole(data: bytes) -> Slice:
    return Slice(data, (0,), (0,))


def cut(data: bytes, interest: Interest) -> Slice:
    """Return what is worth parsing of `data`."""
    if len(data) <= WHOLE:
        return whole(data)
    blocks = list(_blocks(data, 0, len(data), b"", _strings(data)))
    _mark(interest, blocks)
    _follow(data, blocks, interest.carriers)
    parts = list(_parts(blocks))
    starts: list[int] = []
    size = 0
    for start, end in parts:
        starts.append(size)
        size += end - start
    if size > 0.8 * len(data):
        return whole(data)
    return Slice(b"".join(data[a:b] for a, b in parts), tuple(starts), tuple(a for a, _ in parts))


def _strings(data: bytes) -> list[tuple[int, int]]:
    """Return the spans of strings of several lines."""
    return [found.span() for found in _STRING.finditer(data) if found[0][:3] in (b'"""', b"'''") and b"\n" in found[0]]


def _blocks(data: bytes, start: int, end: int, indent: bytes, strings: list[tuple[int, int]]) -> Iterator[Block]:
    """Yield the statements of this indentation in [start, end), each up to the next."""
    current: Block | None = None
    decorated = False
    for found in _LINE.finditer(data, start, end):
        if found[1] != indent or _inside(strings, found.start(2)):
            continue
        word = found[2]
        if word in _CONTINUES or (current is not None and decorated):
            decorated = decorated and word.startswith(b"@")
            if current is not None and not decorated and current.word.startswith(b"@"):
                current.word = word
                current.name = _name(data, found.start(2))
            continue
        if current is not None:
            current.end = found.start()
            yield _with_members(data, current, indent, strings)
        current = Block(found.start(), end, word, _name(data, found.start(2)))
        decorated = word.startswith(b"@")
    if current is not None:
        yield _with_members(data, current, indent, strings)


def _inside(strings: list[tuple[int, int]], offset: int) -> bool:
    place = bisect_right(strings, (offset, 1 << 60)) - 1
    return place >= 0 and strings[place][0] < offset < strings[place][1]


def _name(data: bytes, start: int) -> bytes:
    found = _NAME.match(data, start)
    return (found[1] or found[2]) if found else b""


def _with_members(data: bytes, block: Block, indent: bytes, strings: list[tuple[int, int]]) -> Block:
    if block.word == b"class":
        first = next(
            (
                found for found in _LINE.finditer(data, data.find(b"\n", block.start) + 1, block.end)
                if len(found[1]) > len(indent) and not _inside(strings, found.start(2))
            ),
            None,
        )  # fmt: skip
        if first is not None:
            block.members = list(_blocks(data, first.start(), block.end, first[1], strings))
            block.head = first.start()
    return block


def _mark(interest: Interest, blocks: list[Block]) -> None:
    """Keep the blocks that the wanted pieces stand in."""
    starts = [block.start for block in blocks]
    for piece in interest.pieces:
        if not piece.wanted and not piece.names:
            continue
        for number in range(max(0, bisect_right(starts, piece.start) - 1), len(blocks)):
            block = blocks[number]
            if block.start >= piece.end:
                break
            block.kept = block.kept or piece.wanted
            block.has_names = block.has_names or bool(piece.names)
            for member in block.members:
                if member.start < piece.end and member.end > piece.start:
                    member.kept = member.kept or piece.wanted
                    member.has_names = member.has_names or bool(piece.names)


def _follow(data: bytes, blocks: list[Block], carriers: frozenset[bytes]) -> None:
    """Keep what the kept blocks refer to, as far as it may matter: imports, constants, and what carries a secret."""
    named: dict[bytes, list[Block]] = {}
    for block in blocks:
        if block.word in (b"import", b"from") or (block.word in (b"try", b"if") and _imports(data, block)):
            block.kept = True
        elif block.name:
            named.setdefault(block.name, []).append(block)
    budget = _MOST
    waiting = [block for block in blocks if block.kept and block.name]
    while waiting:
        block = waiting.pop()
        words: set[bytes] = set()
        for start, end in _parts([block]):
            words.update(_WORD.findall(data, start, end))
        for member in block.members:
            if not member.kept and _comes_along(member, words, carriers):
                member.kept = True
                words.update(_WORD.findall(data, member.start, member.end))
        for word in words & named.keys():
            for other in named[word]:
                if not other.kept and other.size <= budget and _matters(data, other, carriers):
                    other.kept = True
                    budget -= sum(end - start for start, end in _parts([other]))
                    waiting.append(other)


def _comes_along(member: Block, words: set[bytes], carriers: frozenset[bytes]) -> bool:
    """Tell whether a member of a class that is kept may matter for the others that are."""
    if member.name == b"__init__" or member.word in (b"def", b"async"):
        return (member.name in words and member.name in carriers) or (
            member.name == b"__init__" and member.has_names and member.size <= _LONGEST
        )
    return member.name in words and member.size <= _LONGEST


def _imports(data: bytes, block: Block) -> bool:
    return block.size < 2000 and b"import" in data[block.start : block.end]


def _matters(data: bytes, block: Block, carriers: frozenset[bytes]) -> bool:
    """Tell whether a block that is referred to may hand a secret on, or say what kind of thing a name is."""
    if block.word in (b"def", b"async"):
        return block.name in carriers or block.size < 400
    if block.word == b"class":
        masks = block.size < _RECORD and b"Secret" in data[block.start : block.end]  # fields that mask themselves
        for member in block.members:
            is_field = masks and member.word not in (b"def", b"async", b"class")
            carries = member.name in carriers or member.name == b"__init__"
            member.kept = member.kept or is_field or (carries and member.size < _LONGEST)
        return masks or any(member.name in carriers for member in block.members)
    return block.size <= (_LONGEST if block.has_names else _SHORT)


def _parts(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of what is kept, in order."""
    for block in blocks:
        if not block.kept:
            continue
        if not block.members:
            yield block.start, block.end
            continue
        yield block.start, block.head
        members = [member for member in block.members if member.kept] or [min(block.members, key=lambda one: one.size)]
        yield from ((member.start, member.end) for member in members)
