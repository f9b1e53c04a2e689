"""Where words stand in a program, and where its text may bind them: seen without parsing it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import attribute, plain

_TOKEN = re.compile(rb"(?:\.\s*|[\"']|\bdef |\bclass )?(?<![\w\x80-\xff])[A-Za-z_]\w*(?![\x80-\xff])(?:[ \t]*=)?")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEFINED = re.compile(rb"(?<!\w)(?:def|class) $")
_GIVEN = re.compile(rb"[ \t]*=")  # a keyword, an entry, a field
_TARGETS = re.compile(rb"[\w.\s=,]*")  # what stands on the line before a name that is assigned
_ALIAS = re.compile(rb"[ \t]*(?::[^=\n]{1,80})?=(?!=)")
_LITERAL = re.compile(  # … = …, where a literal stands on the line, or a bracket goes on to the next one
    rb"[\"'\]]*[ \t]*(?::[^=\n]{1,80})?[+|:]?=(?!=)"
    rb"(?=[^\n]*[\"']|[ \t]*[(\[{]|[^\n]*[(\[{\\,][ \t]*(?:\#[^\n]*)?$)",
    re.MULTILINE,
)
_ANNOTATED = re.compile(rb"[ \t]*(?!else\b|try\b|finally\b)[\w.]+[ \t]*:[^=]*")  # name: … before str = …
_SEVERAL = re.compile(
    rb"^[ \t]*((?:[\w.]+[ \t]*,[ \t]*)+[\w.*]+)[ \t]*=(?!=)|\bfor[ \t]+([\w, \t()]{1,80}?)[ \t]+in\b", re.MULTILINE
)
_LONGEST_LINE = 2000
_FEW_WORDS = 100  # up to here looking for each is faster than an index of all


class Mentions:
    """Tells in which blocks of a program words stand."""

    def __init__(self, data: bytes, blocks: list[Block]) -> None:
        self._data, self._blocks = data, blocks
        self._starts = [block.start for block in blocks]
        self._asked: dict[str, list[Block]] = {}
        self._index: dict[str, list[Block]] | None = None
        self._aliases: dict[str, list[Block]] = {}
        self._literals: dict[str, bool] = {}

    def at(self, offset: int) -> Block | None:
        """Return the block in which an offset lies."""
        number = bisect_right(self._starts, offset) - 1
        return self._blocks[number] if number >= 0 else None

    def of(self, word: str) -> list[Block]:
        """Return the blocks in which a word may stand: a name, or `.name` where it is that of an attribute or entry."""
        known = self._asked.get(word)
        if known is None:
            if len(self._asked) >= _FEW_WORDS and self._index is None:
                self._index = self._indexed()
            is_listed = self._index is not None and _IDENTIFIER.fullmatch(plain(word)) is not None
            known = self._index.get(word, []) if self._index is not None and is_listed else self._found(word)
            self._asked[word] = known
        return known

    def aliases(self, name: str) -> list[Block]:
        """Return the blocks in which a name, or an attribute that is called so, may be assigned a value."""
        known = self._aliases.get(name)
        if known is None:
            places = (at for at, end in self._occurrences(name.encode()) if self._is_assigned(at, end))
            known = self._aliases[name] = self._at(places)
        return known

    def holds_literal(self, word: str) -> bool:
        """Tell whether a word may be bound to a literal, or to what is made of some, where others see it."""
        known = self._literals.get(word)
        if known is None:
            places = self._occurrences(plain(word).encode())
            is_name = word == plain(word) and b"global" not in self._data
            known = self._literals[word] = any(self._is_literal(at, end, is_name=is_name) for at, end in places)
        return known

    def may_bind(self, block: Block, word: str) -> bool:
        """Tell whether a block may bind a word, or change what it holds: more than a call of it stands there."""
        name, data = plain(word).encode(), self._data
        at = data.find(name, block.start, block.end)
        while at >= 0:
            end = at + len(name)
            if not _is_part(data[at - 1 : at]) and not _is_part(data[end : end + 1]) and data[end : end + 1] != b"(":
                return True
            at = data.find(name, end, block.end)
        return False

    def _occurrences(self, name: bytes) -> Iterator[tuple[int, int]]:
        """Yield [start, end) of a name, wherever it is no part of another."""
        data, size = self._data, len(name)
        at = data.find(name) if name else -1
        while at >= 0:
            if not (_is_part(data[at - 1 : at]) or _is_part(data[at + size : at + size + 1])):
                yield at, at + size
            at = data.find(name, at + size)

    def _at(self, offsets: Iterator[int]) -> list[Block]:
        found = (self.at(offset) for offset in offsets)
        return [*dict.fromkeys(block for block in found if block is not None)]

    def _found(self, word: str) -> list[Block]:
        places = self._occurrences(plain(word).encode())
        return self._at(at for at, end in places if self._is_kind(at, end, attribute=word != plain(word)))

    def _is_kind(self, at: int, end: int, *, attribute: bool) -> bool:
        """Tell whether a name may be that of an attribute, or of none, where it stands."""
        data = self._data
        before = data[at - 1 : at]
        if not attribute:
            return before != b"."
        if before in (b".", b'"', b"'") or _GIVEN.match(data, end) or _DEFINED.search(data, max(0, at - 7), at):
            return True
        block = self.at(at)
        return block is not None and (block.is_field or data[max(block.start, at - 80) : at].rstrip().endswith(b"."))

    def _indexed(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self._blocks:
            words: set[str] = set()
            is_field = block.is_field
            for token in set(_TOKEN.findall(self._data, block.start, block.end)):
                name = token.strip(b".\"'= \t\r\n")
                name = name[name.rfind(b" ") + 1 :].decode("ascii")
                if token[:1] != b"." or token[1:2].isspace():
                    words.add(name)
                if is_field or token[:1] in b".\"'" or token[-1:] == b"=" or b" " in token:
                    words.add(attribute(name))
            for word in words:
                found.setdefault(word, []).append(block)
        return found

    def _is_assigned(self, at: int, end: int) -> bool:
        data = self._data
        line = data.rfind(b"\n", 0, at) + 1
        return (
            _ALIAS.match(data, end) is not None
            and _TARGETS.fullmatch(data, max(line, at - _LONGEST_LINE), at) is not None
        )

    def _is_literal(self, at: int, end: int, *, is_name: bool) -> bool:
        data = self._data
        if is_name and ((block := self.at(at)) is None or block.is_function):
            return False  # what a function binds under a name, others do not see
        first, last = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", end)
        if _LITERAL.match(data, end):
            return _ANNOTATED.fullmatch(data, max(first, at - _LONGEST_LINE), at) is None
        last = len(data) if last < 0 else last
        if last - first > _LONGEST_LINE:
            return True
        return any(one.start() <= at < one.end() for one in _SEVERAL.finditer(data, first, last))


def _is_part(character: bytes) -> bool:
    """Tell whether a byte is part of an identifier, or of a letter that is written with several."""
    return character.isalnum() or character == b"_" or character > b"\x7f"
