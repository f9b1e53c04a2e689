"""A program in blocks: what each does, what stands where, and the text of some of them, cut out to be parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from keytrace.analyzers.python.outline.blocks import Block, cut
from keytrace.analyzers.python.outline.facts import WEBHOOK, Facts, plain
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.spread import functions
from keytrace.analyzers.python.outline.statements import facts_of
from keytrace.analyzers.python.outline.vocabulary import Vocabulary
from keytrace.names.lexicon import words

_WORDS = re.compile(rb"[A-Za-z_][\w\-]*")
_BOUND = re.compile(  # name = …, where a literal stands on the line, or a bracket goes on to the next one
    rb"(\w+)[\"'\]]*[ \t]*(?::[^=\n]{1,80})?[+|:]?=(?!=)"
    rb"(?=[^\n]*[\"']|[ \t]*[(\[{]|[^\n]*[(\[{\\,][ \t]*(?:\#[^\n]*)?$)",
    re.MULTILINE,
)
_SEVERAL = re.compile(
    rb"^[ \t]*((?:[\w.]+[ \t]*,[ \t]*)+[\w.*]+)[ \t]*=(?!=)|\bfor[ \t]+([\w, \t()]{1,80}?)[ \t]+in\b", re.MULTILINE
)
PUBLIC_HTTP = re.compile(
    rb"(?i)(?:\b(?:http|ws)://|HTTPConnection(?:Pool)?\(\s*[\"'])(?!localhost|127\.|0\.0\.0\.0|www\.w3\.org|schemas?\.|ns\.|purl\.|www\.apache\.org)[\w{%][^\s\"'/]*\."
)
_IMPORTS = frozenset((b"import", b"from"))
_CONDITIONAL = frozenset((b"try", b"if", b"with"))
_MAKES = re.compile(rb"\s*([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,80})?=[ \t]*[\w.]+\(")
_LONGEST_MAKER = 1000  # bytes
_FEW_WORDS = 12
_MOST_SHARE = 0.8  # of a program, past which it is read as a whole


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


class Program:
    """A program in blocks, with the facts of those that somebody asked for."""

    def __init__(self, data: bytes, vocabulary: Vocabulary) -> None:
        self.data = data
        self.vocabulary = vocabulary
        self.blocks = cut(data)
        self._starts = [block.start for block in self.blocks]
        self._facts: dict[Block, Facts] = {}
        self._asked: dict[str, list[Block]] = {}
        self._binders: dict[str, list[Block]] = {}

    def facts(self, block: Block) -> Facts:
        found = self._facts.get(block)
        if found is None:
            found = self._facts[block] = facts_of(self.data, block, self.vocabulary, self.imports)
            if block.name in self.registered:
                found.is_view = True
                if self.vocabulary.knowledge.tells_webhook(words(self.registered[block.name])):
                    found.reasons.add(WEBHOOK)
        return found

    @cached_property
    def registered(self) -> dict[str, str]:
        """The names that are handed to what makes views of functions, with the text of the call."""
        found: dict[str, str] = {}
        for call in self.vocabulary.registers.finditer(self.data):
            text = call[0].decode("utf-8", "replace")
            for word in _WORDS.findall(call[0]):
                found.setdefault(word.decode("latin-1"), text)
        return found

    def registering(self, name: str) -> list[Block]:
        """Return the statements that make a view of a function."""
        if name not in self.registered:
            return []
        needle = self.registered[name].encode("utf-8", "replace")
        return [one for one in self.mentions(name) if needle in self.data[one.start : one.end]]

    def at(self, offset: int) -> Block | None:
        """Return the block in which an offset lies."""
        number = bisect_right(self._starts, offset) - 1
        return self.blocks[number] if number >= 0 else None

    @cached_property
    def imports(self) -> Imports:
        return Imports.of(self.data)

    @cached_property
    def names_public_host(self) -> bool:
        """Tell whether a text of the program is an address over http that is not the machine's own."""
        return PUBLIC_HTTP.search(self.data) is not None

    @cached_property
    def defined(self) -> dict[str, list[Block]]:
        """The functions and classes by name."""
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            if block.name:
                found.setdefault(block.name, []).append(block)
        return found

    @cached_property
    def _index(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            for word in set(_WORDS.findall(self.data, block.start, block.end)):
                found.setdefault(word.decode("latin-1"), []).append(block)
        return found

    def parameters(self, function: str, place: int) -> Iterator[str]:
        """Yield what a function or class of the program may call the argument at a place."""
        for block in self.defined.get(function, ()):
            makers = list(functions([block]))
            for maker in makers:
                facts = self.facts(maker)
                if place < facts.positional:
                    yield facts.parameters[place]
            if not makers:
                fields = (one for one in block.members if not one.is_function)
                names = [name for one in fields for name in sorted({*map(plain, self.facts(one).stays)})]
                yield from names[place : place + 1]

    @cached_property
    def _literal_words(self) -> frozenset[str]:
        found = {one[1] for one in _BOUND.finditer(self.data)}
        for one in _SEVERAL.finditer(self.data):
            found.update(_WORDS.findall(one[1] or one[2]))
        return frozenset(word.decode("latin-1") for word in found)

    def may_hold_literal(self, word: str) -> bool:
        """Tell whether a word may be bound to a literal, or to what is made of some, anywhere in the program."""
        return plain(word) in self._literal_words or plain(word) in self.defined

    def mentions(self, word: str) -> list[Block]:
        """Return the blocks in which the name of a word stands."""
        word = plain(word)
        if len(self._asked) < _FEW_WORDS and word not in self._asked:
            self._asked[word] = list(self._find(word.encode()))
        return self._asked[word] if word in self._asked else self._index.get(word, [])

    def _find(self, word: bytes) -> Iterator[Block]:
        """Yield the blocks in which a word stands: for a few words faster than an index of all."""
        data, size = self.data, len(word)
        at = data.find(word) if word else -1
        while at >= 0:
            block = self.at(at)
            if not (data[at - 1 : at].isalnum() or data[at + size : at + size + 1].isalnum()) and block is not None:
                yield block
                at = max(at, block.end - size)
            at = data.find(word, at + size)

    def binders(self, word: str) -> list[Block]:
        """Return the blocks that bind a word for others: define it, assign it at the top level, or as an attribute."""
        known = self._binders.get(word)
        if known is None:
            known = self._binders[word] = [block for block in self.mentions(word) if self._binds(block, word)]
        return known

    def _binds(self, block: Block, word: str) -> bool:
        if block.called == word:
            return True
        if block.word in _IMPORTS or not (block not in self._facts and block.is_function):
            return block.word not in _IMPORTS and word in self.facts(block).stays
        text, needle = (
            self.data[block.start : block.end],
            plain(word).encode(),
        )  # it may bind an attribute, entry or global
        may = any(mark + needle in text for mark in (b".", b'"', b"'")) or b"global" in text or b"nonlocal" in text
        return may and word in self.facts(block).stays

    def _makers(self, chosen: set[Block]) -> Iterator[Block]:
        """Yield what makes the objects that blocks use, and so tells what their methods are: app = Flask()."""
        for block in self.blocks:
            if block.owner is None and block.end - block.start < _LONGEST_MAKER and block not in chosen:
                found = _MAKES.match(self.data, block.start, block.end)
                if found is not None and not chosen.isdisjoint(self.mentions(found[1].decode("latin-1"))):
                    yield block

    def slice_of(self, kept: Iterable[Block]) -> Slice:
        """Return the text of some blocks, with all imports and the heads of the classes that they are members of."""
        chosen = _with_owners(kept)
        chosen.update(self._makers(chosen))
        for block in self.blocks:
            if block.word in _IMPORTS or (
                block.word in _CONDITIONAL and b"import" in self.data[block.start : block.end]
            ):
                chosen.add(block)
            elif block.members and block in chosen and chosen.isdisjoint(block.members):
                chosen.add(min(block.members, key=lambda one: one.end - one.start))  # a class needs a body
        parts = [block for block in self.blocks if block in chosen]
        if sum(block.end - block.start for block in parts) > _MOST_SHARE * len(self.data):
            return whole(self.data)
        starts: list[int] = []
        size = 0
        for block in parts:
            starts.append(size)
            size += block.end - block.start
        text = b"".join(self.data[block.start : block.end] for block in parts)
        return Slice(text, tuple(starts), tuple(block.start for block in parts))


def _with_owners(blocks: Iterable[Block]) -> set[Block]:
    """Return blocks with the classes that they are members of."""
    chosen = set(blocks)
    for block in list(chosen):
        owner = block.owner
        while owner is not None and owner not in chosen:
            chosen.add(owner)
            owner = owner.owner
    return chosen
