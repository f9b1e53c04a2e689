"""One module, from its text to its matches; and what it exports to the modules that import it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.finds import Finds, Spans
from keytrace.analyzers.python.gate import Interest, load_gate
from keytrace.analyzers.python.interpret.lookups import named
from keytrace.analyzers.python.interpret.module import interpret
from keytrace.analyzers.python.interpret.state import State, World
from keytrace.analyzers.python.interpret.values import NOTHING, Summary, Value
from keytrace.analyzers.python.knowledge import load_knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.modules import Imported, freeze, freeze_steps, load, placer
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.paths import is_test
from keytrace.analyzers.python.policies.context import Context
from keytrace.analyzers.python.policies.views import Views
from keytrace.analyzers.python.review import Review
from keytrace.analyzers.python.slices import Slice, cut, whole
from keytrace.analyzers.python.syntax import deep_recursion, no_collection, parse, spans
from keytrace.model import Additions, Match, Remarks
from keytrace.text.document import Document


def analyze(document: Document, interest: Interest, additions: Additions, remarks: Remarks) -> Iterator[Match]:
    """Yield what is found in a module."""
    with no_collection():
        read = _read(document, interest, additions, remarks, load(document.imports, additions))
        if read is None or read.finds.is_empty():
            return
        places = read.places([*read.finds.nodes()])
        remarks.folded += read.finds.folds(places)
        yield from read.finds.matches(document.data, places)


def read_export(document: Document, name: str, additions: Additions) -> Value | None:
    """Return what a module binds to a name, if that has to do with secrets; its places are locations."""
    interest = load_gate(additions).export(document.data, name.encode())
    read = _read(document, interest, additions, Remarks(), Imported())
    value = read.state.module.names.get(name) if read is not None else None
    if read is None or value is None:
        return None
    value = named(read.state, value, name, read.module)
    function = value.function
    summary = function.summary if function is not None else Summary()
    values = [value] if summary.returns is None else [value, summary.returns]
    effects = summary.effects.values()
    ways = [taint.steps for value in values for taint in value.taints] + [effect.steps for effect in effects]
    nodes = (*(step.place for steps in ways for step in steps), *(effect.place for effect in effects))
    places = read.places([*read.finds.nodes(), *(node for node in nodes if isinstance(node, cst.CSTNode))])
    secrets = sorted(filter(None, map(places, read.finds.literals())))
    place = placer(document, places, secrets)
    if function is None:
        return freeze(value, place) if value.taints else None
    function.is_foreign = True
    function.summary = Summary(
        freeze(summary.returns, place) if summary.returns is not None else None,
        {
            key: replace(effect, place=where, steps=tuple(freeze_steps(effect.steps, place)))
            for key, effect in summary.effects.items()
            if isinstance(effect.place, cst.CSTNode) and (where := place(effect.place)) is not None
        },
    )
    return value


@dataclass(frozen=True, slots=True)
class _Read:
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


def _read(
    document: Document, interest: Interest, additions: Additions, remarks: Remarks, imported: Imported
) -> _Read | None:
    """Parse what is of interest of a module, and read it; None with a remark when it cannot be parsed."""
    data, path = document.data, document.path
    part = cut(data, interest)
    module = parse(part.data)
    if isinstance(module, str) and len(part.data) < len(data):
        part = whole(data)
        module = parse(data)
    if isinstance(module, str):
        remarks.notes.append(f"{path}: {module}: searched as text only, not read as a Python program")
        return None
    knowledge = load_knowledge(additions)
    names = Names(knowledge, about_tokens=interest.about_tokens, about_folders=interest.about_folders)
    literals = Literals(path, names)
    memo: dict[cst.CSTNode, Value] = {}
    finds = Finds(in_test=is_test(path))

    def value_of(node: cst.CSTNode) -> Value:
        return memo.get(node, NOTHING)

    sinks_of = lru_cache(maxsize=1024)(knowledge.sinks_of)
    views = Views(knowledge, value_of)
    context = Context(names, knowledge, literals, views, value_of, sinks_of, is_test(path))
    with deep_recursion():
        state = interpret(module, World(names, knowledge, literals, imported), memo, Review(context, finds).listen)
    if not state.is_complete:
        remarks.notes.append(f"{path}: too long to be read to its end as a Python program")
    return _Read(part, module, state, finds)
