"""A program is parsed and interpreted, what is told of it judged, and what is found becomes matches."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst  # noqa: TC002  # this is where LibCST comes in

from keytrace.analyzers.python.exports import Freezer, Modules, places
from keytrace.analyzers.python.finds import Finds, Spans
from keytrace.analyzers.python.interpret.lookups import named
from keytrace.analyzers.python.interpret.module import interpret
from keytrace.analyzers.python.interpret.state import State, World
from keytrace.analyzers.python.interpret.values import NOTHING, Value
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.meaning import Uses
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.needs import exporting
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import Handed
from keytrace.analyzers.python.outline.imports import imports_of
from keytrace.analyzers.python.paths import is_test
from keytrace.analyzers.python.policies.context import Context
from keytrace.analyzers.python.policies.views import Views
from keytrace.analyzers.python.program import Slice, whole
from keytrace.analyzers.python.project import Reading
from keytrace.analyzers.python.review import Review
from keytrace.analyzers.python.seeds import select_exports
from keytrace.analyzers.python.syntax import deep_recursion, no_collection, parse, spans
from keytrace.errors import ScannerError
from keytrace.model import Additions, Location, Match, Remarks, Span
from keytrace.text.document import Document, locate
from keytrace.text.encoding import decode

_DEEPEST = 6  # modules that are imported one by another
_DEEPEST_HANDING = 256  # names that modules hand on from each other
_MOST_EXPORTS = 4096  # names of modules of which it is kept what they are
_MOST_OF_EXPORT = 64_000  # bytes of a module on which a name of it may depend
_LARGEST = 4_000_000  # bytes of a module that is imported

# a scan, a module, a name of it or all, what is asked, its content
_Key = tuple[bytes, str, str, frozenset[Handed], int, Additions]
_Exports = dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class _Read:
    """A program that was interpreted."""

    part: Slice  # that was parsed
    module: cst.Module
    state: State
    finds: Finds

    def places(self, nodes: list[cst.CSTNode]) -> Spans:
        """Return what tells where nodes stand in the text."""
        with deep_recursion():
            known = spans(self.module, nodes)

        def place(node: cst.CSTNode) -> tuple[int, int] | None:
            span = known.get(id(node))
            return self.part.origin(*span) if span is not None else None

        return place


class Reader:
    """Reads a program with the modules at hand that it imports."""

    def __init__(self, additions: Additions, reading: Reading) -> None:
        self._additions = additions
        self._reading = reading
        self._depth = 0
        self._handing = 0  # modules that hand a name on from each other
        self._own: dict[_Key, _Exports] = {}  # what is known of modules as far as this program led to them
        self._partly = 0  # how often less was told of a module than it may hold
        self._asked: dict[str, dict[str, None]] = {}  # names of other modules that may matter, in order
        self._cut: set[str] = set()  # modules with names that depend on too much of them
        self._documents: dict[str, Document | None] = {}  # of other modules

    def matches(
        self, document: Document, part: Slice, remarks: Remarks, names: Container[str] | None = None
    ) -> Iterator[Match]:
        """Yield what is found in a part of a program; `remarks` takes notes, and the texts that constants come to.
        `names` are those of which it matters what other modules mean by them, all if not given.
        """
        with no_collection():
            read = self._read(document, part, remarks, Modules(self._reading.table, self._export, self._names, names))
            remarks.notes += (f"{path}: not all was followed that it hands on to others" for path in sorted(self._cut))
            if read is None or read.finds.is_empty():
                return
            where = read.places([*read.finds.nodes()])
            remarks.folded += read.finds.folds(where)
            yield from read.finds.matches(document.data, where)

    def _read(self, document: Document, part: Slice, remarks: Remarks, modules: Modules) -> _Read | None:
        """Parse a part of a program and interpret it; None with a remark when it cannot be parsed."""
        data, path = document.data, document.path
        module = parse(part.data)
        if isinstance(module, str) and len(part.data) < len(data):
            part = whole(data)
            module = parse(data)
        if isinstance(module, str):
            remarks.notes.append(f"{path}: {module}: searched as text only, not read as a Python program")
            return None
        knowledge = load_knowledge(self._additions)
        names = Names(knowledge)
        literals = Literals(path, names)
        memo: dict[int, Value] = {}  # by id()
        uses = Uses(names, data)
        finds = Finds(in_test=is_test(path), uses=uses)

        def value_of(node: cst.CSTNode) -> Value:
            return memo.get(id(node), NOTHING)

        views = Views(knowledge, value_of, part.data)
        sinks_of = lru_cache(maxsize=1024)(knowledge.sinks_of)
        context = Context(names, knowledge, literals, views, value_of, sinks_of, uses, is_test(path))
        with deep_recursion():
            state = interpret(module, World(names, knowledge, literals, modules), memo, Review(context, finds).listen)
        if not state.is_complete:
            remarks.notes.append(f"{path}: too long to be read to its end as a Python program")
        return _Read(part, module, state, finds)

    # --- other modules ---

    def _modules(self, path: str, used: Container[str] | None = None) -> Modules:
        """Return what looks up what a module imports, for names of which it matters, all if they are not given."""
        return Modules(self._reading.imports.get(path, {}), self._export, self._names, used)

    def _document(self, path: str) -> Document | None:
        if path not in self._documents:
            self._documents[path] = self._read_document(path)
        return self._documents[path]

    def _read_document(self, path: str) -> Document | None:
        artifact = self._reading.artifacts.get(path)
        if artifact is None:
            return None
        try:
            text = decode(artifact.read(_LARGEST))
        except (OSError, ScannerError):
            return None  # an error of its own scan
        return Document(artifact.provenance, text) if text is not None else None

    def _export(self, path: str, name: str) -> Value | None:
        """Return what a module binds to a name, with locations for places."""
        if path not in self._reading.artifacts or self._depth >= _DEEPEST:
            self._partly += 1
            return None
        if name not in self._names(path):
            return None
        document = self._document(path)
        if document is None:
            return None
        value = self._exports(document, self._reading.exports[path], name)
        if value is _CUT:
            self._cut.add(path)
            return None
        return value or self._handed_on(document, name)

    def _exports(self, document: Document, asked: frozenset[Handed], name: str) -> Value | None:
        """Return what a module binds to a name. All names that are asked for are read at once; where that is too much,
        the name alone.
        """
        scan, content = self._reading.scan, hash(document.data)
        everything = scan, document.path, "", asked, content, self._additions
        found = self._read_once(everything, document, self._names(document.path))
        if name not in found:
            alone = scan, document.path, name, asked, content, self._additions
            found = self._read_once(alone, document, (name,))
        return found.get(name)

    def _read_once(self, key: _Key, document: Document, names: Collection[str]) -> _Exports:
        """Return what some names of a module are. It is kept for other programs unless less was told than it may hold:
        of what many modules lead to, how much is read depends on where one begins.
        """
        if key in _EXPORTS:
            _EXPORTS.move_to_end(key)
            return _EXPORTS[key]
        if key in self._own:
            self._partly += 1
            return self._own[key]
        before = self._partly
        self._depth += 1
        found = self._read_exports(document, key[3], names)
        self._depth -= 1
        if self._partly > before:
            self._own[key] = found
            return found
        _EXPORTS[key] = found
        while len(_EXPORTS) > _MOST_EXPORTS:
            _EXPORTS.popitem(last=False)
        return found

    def _names(self, path: str) -> Collection[str]:
        """Return the names of a module that may matter to those that import it, in order."""
        if path not in self._asked:
            self._asked[path] = dict.fromkeys(sorted({name for name, _ in self._reading.exports.get(path, ())}))
        return self._asked[path]

    def _read_exports(
        self, document: Document, asked: frozenset[Handed], names: Collection[str]
    ) -> dict[str, Value | None]:
        """Return what a module binds to names; only that on which these depend is read. Nothing is said of several if
        that is too much, _CUT of a single one.
        """
        selections = select_exports(document.data, self._additions, asked)
        found = [exporting(selection, names, _MOST_OF_EXPORT) for selection in selections]
        blocks = set[Block]().union(*(needed for needed, _ in found))
        if sum(block.end - block.start for block in blocks) > _MOST_OF_EXPORT:
            return {name: _CUT for name in names if len(names) == 1}
        used = {*names}.union(*(touched for _, touched in found))
        part = selections[0].program.slice_of(blocks)
        read = self._read(document, part, Remarks(), self._modules(document.path, used)) if blocks else None
        told = _told(read, document, names) if read is not None else {}
        return {name: told.get(name) for name in names}

    def _handed_on(self, document: Document, name: str) -> Value | None:
        """Return what a module itself imports under a name."""
        if self._handing > _DEEPEST_HANDING:
            self._partly += 1
            return None
        self._handing += 1
        value = self._imported(document, name)
        self._handing -= 1
        return value

    def _imported(self, document: Document, name: str) -> Value | None:
        modules = self._modules(document.path)
        for one in imports_of(document.data):
            path = f"{one.module}.{name}" if one.name == "*" else one.path if one.here == name and one.name else ""
            if path and (value := modules.find(path)) is not None:
                return value
        return None


def _told(read: _Read, document: Document, names: Collection[str]) -> dict[str, Value]:
    """Return what names of a module that was read are, with locations for places."""
    bound = read.state.module.names
    values = {name: named(read.state, bound[name], name, read.module) for name in names if name in bound}
    seen = set[int]()
    nodes = [node for value in values.values() for node in places(value, seen)]
    where = read.places([*nodes, *read.finds.literals()]) if nodes else _nowhere
    secrets = sorted(filter(None, map(where, read.finds.literals()))) if nodes else []

    def place(node: cst.CSTNode) -> Location | None:
        span = where(node)
        return locate(document, Span(*span), secrets) if span is not None else None

    freezer = Freezer(place, read.finds.is_something_else)
    return {name: freezer.value(value) for name, value in values.items()}


def _nowhere(_node: cst.CSTNode) -> None:
    """Stand for the places of a module in which nothing is of interest."""


_CUT = Value()
_EXPORTS: OrderedDict[_Key, _Exports] = OrderedDict()
