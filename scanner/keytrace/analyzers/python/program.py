"""A program in blocks: what each does, what stands where, and the text of some of them, cut out to be parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from keytrace.analyzers.python.meaning import doubts
from keytrace.analyzers.python.outline.blocks import Block, cut, is_prose, multiline_strings
from keytrace.analyzers.python.outline.facts import WEBHOOK, Call, Facts, attribute, plain
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.mentions import Mentions
from keytrace.analyzers.python.outline.related import Related
from keytrace.analyzers.python.outline.shapes import SELF
from keytrace.analyzers.python.outline.spread import functions
from keytrace.analyzers.python.outline.statements import facts_of
from keytrace.analyzers.python.outline.vocabulary import Vocabulary
from keytrace.names.lexicon import words

_WORDS = re.compile(rb"[A-Za-z_][\w\-]*")
PUBLIC_HTTP = re.compile(
    rb"(?i)(?:\b(?:http|ws)://|HTTPConnection(?:Pool)?\(\s*[\"'])(?!localhost|127\.|0\.0\.0\.0|www\.w3\.org|schemas?\.|ns\.|purl\.|www\.apache\.org)[\w{%][^\s\"'/]*\."
)
IMPORTS = frozenset((b"import", b"from"))
_CONDITIONAL = frozenset((b"try", b"if", b"with"))
_MAKES = re.compile(rb"\s*([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,80})?=[ \t]*[\w.]+\(")
_LONGEST_MAKER = 1000  # bytes
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
        self._facts: dict[Block, Facts] = {}
        self._made: dict[str, frozenset[str]] = {}
        self._binders: dict[str, list[Block]] = {}

    @cached_property
    def _strings(self) -> list[tuple[int, int]]:
        return multiline_strings(self.data)

    @cached_property
    def blocks(self) -> list[Block]:
        return cut(self.data, self._strings)

    @cached_property
    def _mentions(self) -> Mentions:
        return Mentions(self.data, self.blocks)

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
        if not self.vocabulary.knowledge.registers_in(self.data):
            return found
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
        return [one for one in self.called(name) if needle in self.data[one.start : one.end]]

    @cached_property
    def _is_doubtful(self) -> Callable[[str], bool]:
        return doubts(self.vocabulary.names, self.data)

    def promises(self, word: str) -> bool:
        """Tell whether what goes by this word may be a secret, and not, say, a token of a text that is read."""
        return self.vocabulary.promises(word) and not self._is_doubtful(plain(word))

    def at(self, offset: int) -> Block | None:
        """Return the block in which an offset lies."""
        return self._mentions.at(offset)

    def is_prose(self, offset: int) -> bool:
        """Tell whether what stands at an offset is in a comment, a docstring, or another text of several lines."""
        return is_prose(self.data, self._strings, offset)

    def is_of_object(self, offset: int) -> bool:
        """Tell whether a name at an offset is that of an attribute, or of a field of a class."""
        if self.data[offset - 1 : offset] == b".":
            return True
        block = self.at(offset)
        return block is not None and block.is_field

    @cached_property
    def imports(self) -> Imports:
        return Imports.of(self.data)

    @cached_property
    def names_public_host(self) -> bool:
        """Tell whether a text of the program is an address over http that is not the machine's own."""
        return any(not self.is_prose(found.start()) for found in PUBLIC_HTTP.finditer(self.data))

    @cached_property
    def defined(self) -> dict[str, list[Block]]:
        """The functions and classes by name."""
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            if block.name:
                found.setdefault(block.name, []).append(block)
        return found

    def parameters(self, function: str, place: int) -> Iterator[str]:
        """Yield what a function or class of the program may call the argument at a place."""
        for block in self.defined.get(function, ()):
            makers = list(functions([block]))
            for maker in makers:
                facts = self.facts(maker)
                if 0 <= place < facts.positional:
                    yield facts.parameters[place]
            if not makers:
                fields = (one for one in block.members if not one.is_function)
                names = [name for one in fields for name in sorted({*map(plain, self.facts(one).stays)})]
                yield from names[place : place + 1] if place >= 0 else ()

    def may_hold_literal(self, word: str) -> bool:
        """Tell whether a word may be bound to a literal, or to what is made of some, where others see it."""
        return plain(word) in self.defined or self._mentions.holds_literal(word)

    @cached_property
    def _related(self) -> Related:
        classes = [block for block in self.blocks if block.name and block.word == b"class"]
        return Related(self.data, classes, self._is_assigned)

    def _is_assigned(self, name: str) -> bool:
        return bool(self._mentions.aliases(name))

    def run_by(self, call: Call, block: Block) -> Iterator[Block]:
        """Yield the functions of its name that a call in a block may run: none where it is of an imported module, and
        of a class only where that may be the one of the object.
        """
        path, candidates = call.of or "", self.defined[call.name]
        if path in SELF and block.owner is not None and self.data.find(b"class ", block.start, block.end) < 0:
            related, own = self._related, block.owner
            yield from functions(one for one in candidates if one.owner is None or related.may_be(own, one.owner))
        elif not self._is_imported(path, block):
            yield from functions(candidates)

    def _is_imported(self, path: str, block: Block) -> bool:
        """Tell whether what stands under a path in a block is a module, or a part of it, and nothing of the program."""
        head = path.partition(".")[0]
        if head not in self.imports.here or "()" in path:
            return False
        return head not in self.facts(block).own and not self._is_assigned(head)

    def mentions(self, word: str) -> list[Block]:
        """Return the blocks in which a word may stand."""
        return self._mentions.of(word)

    def called(self, name: str) -> list[Block]:
        """Return the blocks in which something may be called so, whatever it is."""
        return [*dict.fromkeys((*self.mentions(name), *self.mentions(attribute(name))))]

    def made(self, word: str) -> frozenset[str]:
        """Return what a word may be another name for, or made of, wherever others than one function know it."""
        known = self._made.get(word)
        if known is None:
            facts = map(self.facts, self._mentions.aliases(plain(word)))
            made = (one.made.get(word, ()) for one in facts if word not in one.own)
            known = self._made[word] = frozenset[str]().union(*made)
        return known

    def shows(self, name: str) -> bool:
        """Tell whether a name is one for what takes what it is handed to an exit: say = log.info."""
        return any(name in self.facts(one).shows for one in self._mentions.aliases(name))

    def binders(self, word: str) -> list[Block]:
        """Return the blocks that bind a word for others: define it, assign it at the top level, or as an attribute."""
        known = self._binders.get(word)
        if known is None:
            known = self._binders[word] = [block for block in self.mentions(word) if self._binds(block, word)]
        return known

    def _binds(self, block: Block, word: str) -> bool:
        if block.called == word:
            return True
        if block.word in IMPORTS or not self._mentions.may_bind(block, word):
            return False
        if block.is_function:
            text, name = self.data[block.start : block.end], plain(word)
            if not any(mark in text for mark in (_global if word == name else _entry)(name.encode())):
                return False
        return word in self.facts(block).stays

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
            if block.word in IMPORTS or (
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


def _global(name: bytes) -> tuple[bytes, ...]:
    """Return what of a text may mean that a function changes what others know by a name."""
    return b"global", b"nonlocal", name + b".", name + b"[", b"(" + name, b", " + name


def _entry(name: bytes) -> tuple[bytes, ...]:
    """Return what of a text may mean that a function sets an attribute or entry; or has a class in it, with fields."""
    return b"." + name, b'"' + name, b"'" + name, b"class "


def _with_owners(blocks: Iterable[Block]) -> set[Block]:
    """Return blocks with the classes that they are members of."""
    chosen = set(blocks)
    for block in list(chosen):
        owner = block.owner
        while owner is not None and owner not in chosen:
            chosen.add(owner)
            owner = owner.owner
    return chosen
