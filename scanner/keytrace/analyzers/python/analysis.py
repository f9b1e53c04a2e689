"""One module, from its text to its matches."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import libcst as cst

from keytrace.analyzers.python import tree
from keytrace.analyzers.python.expressions import TooLongError
from keytrace.analyzers.python.gate import Interest, load_gate
from keytrace.analyzers.python.guard import refuse
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.lattice import Value
from keytrace.analyzers.python.ledger import Ledger
from keytrace.analyzers.python.modules import Imported, freeze, freeze_steps, load, placer
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.program import Summary
from keytrace.analyzers.python.report import Text, folds, matches, nodes
from keytrace.analyzers.python.slices import Slice, cut, whole
from keytrace.analyzers.python.statements import Reader
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document


def analyze(document: Document, interest: Interest, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a module."""
    with _no_collection():
        read = _read(document, interest, additions, remarks, load(document.imports, additions))
        if read is None or read.ledger.is_empty():
            return
        with tree.deep_recursion():
            text = Text(document.data, read.part, tree.spans(read.module, nodes(read.ledger)))
        remarks.folded += folds(read.ledger, text)
        yield from matches(read.ledger, text)


def read_export(document: Document, name: str, additions: Additions) -> Value | None:
    """Return what a module binds to a name, if that has to do with secrets; its places are locations."""
    interest = load_gate(additions).export(document.data, name.encode())
    read = _read(document, interest, additions, Remarks(), Imported())
    value = read.reader.module.names.get(name) if read is not None else None
    if read is None or value is None:
        return None
    value = read.reader.named(value, name, read.module)
    function = value.function
    effects = tuple(function.summary.effects.values()) if function is not None else ()
    returned = function.summary.returns if function is not None else None
    steps = [step for effect in effects for step in effect.steps]
    for one in (value, *([returned] if returned is not None else ())):
        steps += [step for taint in one.taints for step in taint.steps]
    places = [
        place
        for place in (*(step.place for step in steps), *(effect.place for effect in effects))
        if isinstance(place, cst.CSTNode)
    ]
    with tree.deep_recursion():
        text = Text(document.data, read.part, tree.spans(read.module, [*nodes(read.ledger), *places]))
    secrets = sorted(
        span for offers in read.ledger.offers.values() for offer in offers
        if offer.leaf.node is not None and (span := text.of(offer.leaf.node)) is not None
    )  # fmt: skip
    place = placer(document, text.of, secrets)
    if function is not None:
        function.is_foreign = True
        function.summary = Summary(
            freeze(returned, place) if returned is not None else None,
            {
                key: replace(effect, place=where, steps=tuple(freeze_steps(effect.steps, place)))
                for key, effect in function.summary.effects.items()
                if isinstance(effect.place, cst.CSTNode) and (where := place(effect.place)) is not None
            },
        )
        return value
    return freeze(value, place) if value.taints else None


_FORM_FEEDS = re.compile(rb"(?:\n|\A)\f+")  # at the beginning of a line they are as good as an empty one


@dataclass(frozen=True, slots=True)
class _Read:
    part: Slice
    module: cst.Module
    reader: Reader
    ledger: Ledger


def _read(
    document: Document, interest: Interest, additions: Additions, remarks: Remarks, imported: Imported
) -> _Read | None:
    """Parse what is of interest of a module, and read it; None with a remark when it cannot be parsed."""
    data, path = document.data, document.path
    part = cut(data, interest)
    module = _parse(part.data)
    if isinstance(module, str) and len(part.data) < len(data):
        part = whole(data)
        module = _parse(data)
    if isinstance(module, str):
        remarks.notes.append(f"{path}: {module}: searched as text only, not read as a Python program")
        return None
    knowledge = load_knowledge(additions)
    names = Names(knowledge, about_tokens=interest.about_tokens, about_folders=interest.about_folders)
    ledger = Ledger(path, names)
    reader = Reader(path, knowledge, names, ledger, imported)
    with tree.deep_recursion():
        try:
            reader.read(module)
        except TooLongError:
            remarks.notes.append(f"{path}: too long to be read to its end as a Python program")
    return _Read(part, module, reader, ledger)


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
    if b"\f" in data:  # LibCST leaves them out when it writes a module again, and places would be wrong
        data = _FORM_FEEDS.sub(lambda found: b"\n" * len(found[0]), data).replace(b"\f", b" ")
    try:
        return cst.parse_module(data, cst.PartialParserConfig(encoding="utf-8"))
    except cst.ParserSyntaxError as error:
        return f"not Python as LibCST knows it (line {error.raw_line})"
    except (RecursionError, UnicodeDecodeError, ValueError):
        return "not valid Python 3"
