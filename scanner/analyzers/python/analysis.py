"""One module, from its text to its matches."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from scanner.analyzers.python import tree
from scanner.analyzers.python.expressions import TooLongError
from scanner.analyzers.python.gate import Interest
from scanner.analyzers.python.guard import refuse
from scanner.analyzers.python.knowledge import load_knowledge
from scanner.analyzers.python.ledger import Ledger
from scanner.analyzers.python.modules import Imported
from scanner.analyzers.python.names import Names
from scanner.analyzers.python.report import Text, folds, matches, nodes
from scanner.analyzers.python.slices import cut, whole
from scanner.analyzers.python.statements import Reader
from scanner.model import Additions, Match, Remarks


def analyze(
    data: bytes, path: str, interest: Interest, additions: Additions, remarks: Remarks
) -> Iterator[Match]:
    """Yield what is found in the module `data`, UTF-8 without byte order mark."""
    with _no_collection():
        yield from _analyze(data, path, interest, additions, remarks)


def _analyze(
    data: bytes, path: str, interest: Interest, additions: Additions, remarks: Remarks
) -> Iterator[Match]:
    part = cut(data, interest)
    module = _parse(part.data)
    if isinstance(module, str) and len(part.data) < len(data):
        part = whole(data)
        module = _parse(data)
    if isinstance(module, str):
        remarks.notes.append(f"{path}: {module}: searched as text only, not read as a Python program")
        return
    knowledge = load_knowledge(additions)
    names = Names(knowledge, about_tokens=interest.about_tokens, about_folders=interest.about_folders)
    ledger = Ledger(path, names)
    reader = Reader(path, knowledge, names, ledger, Imported())
    with tree.deep_recursion():
        try:
            reader.read(module)
        except TooLongError:
            remarks.notes.append(f"{path}: too long to be read to its end as a Python program")
        if ledger.is_empty():
            return
        text = Text(data, part, tree.spans(module, nodes(ledger)))
    remarks.folded += folds(ledger, text)
    yield from matches(ledger, text)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking at a tree again and again while it grows."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parse(data: bytes) -> cst.Module | str:
    """Return the module, or why it is none."""
    if reason := refuse(data):
        return reason
    try:
        return cst.parse_module(data, cst.PartialParserConfig(encoding="utf-8"))
    except cst.ParserSyntaxError as error:
        return f"not valid Python 3 (line {error.raw_line})"
    except (RecursionError, UnicodeDecodeError, ValueError):
        return "not valid Python 3"
