"""Reads a module: the tables of what each node means, and a second round where something hands on secrets."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from keytrace.analyzers.python.events import Event, Started
from keytrace.analyzers.python.interpret import (
    branches,
    calls,
    classes,
    containers,
    functions,
    lookups,
    operators,
    statements,
    texts,
)
from keytrace.analyzers.python.interpret.joins import join
from keytrace.analyzers.python.interpret.state import Expressions, Frame, State, Statements, TooLongError, World
from keytrace.analyzers.python.interpret.values import Scope, Value

_ROUNDS = (1, 2)
_EXPRESSIONS: Expressions = {
    cst.Name: lookups.name, cst.Attribute: lookups.attribute, cst.Subscript: lookups.subscript,
    cst.Call: calls.call, cst.SimpleString: texts.string, cst.ConcatenatedString: texts.concatenated,
    cst.FormattedString: texts.formatted, cst.Integer: texts.number, cst.Float: texts.number,
    cst.BinaryOperation: operators.binary, cst.UnaryOperation: operators.unary,
    cst.BooleanOperation: operators.boolean, cst.Comparison: operators.comparison,
    cst.IfExp: operators.conditional, cst.Await: operators.awaited, cst.Yield: operators.yielded,
    cst.NamedExpr: operators.walrus, cst.Lambda: functions.lambda_, cst.List: containers.sequence,
    cst.Tuple: containers.sequence, cst.Set: containers.sequence, cst.Dict: containers.dict_,
    cst.ListComp: containers.comprehension, cst.SetComp: containers.comprehension,
    cst.GeneratorExp: containers.comprehension, cst.DictComp: containers.dict_comprehension,
}  # fmt: skip
_STATEMENTS: Statements = {
    cst.SimpleStatementLine: statements.line, cst.Expr: statements.expression, cst.Assign: statements.assigned,
    cst.AnnAssign: statements.annotated, cst.AugAssign: statements.augmented, cst.Return: statements.return_,
    cst.Raise: statements.raise_, cst.Assert: statements.assert_, cst.Del: statements.delete,
    cst.Import: statements.import_, cst.ImportFrom: statements.import_from, cst.Global: statements.global_,
    cst.Nonlocal: statements.nonlocal_, cst.Continue: statements.leave_loop, cst.Break: statements.leave_loop,
    cst.If: branches.if_, cst.For: branches.loop, cst.While: branches.loop, cst.Try: branches.try_,
    cst.TryStar: branches.try_, cst.With: branches.with_, cst.Match: branches.match,
    cst.FunctionDef: functions.function, cst.ClassDef: classes.class_,
}  # fmt: skip


def interpret(module: cst.Module, world: World, memo: dict[int, Value], listener: Callable[[Event], None]) -> State:
    """Read a module: `memo` takes what each node came to, the listener hears what happens. Return where it ended."""
    state = State(world, (_EXPRESSIONS, _STATEMENTS), memo, listener)
    try:
        _read(state, module)
    except TooLongError:
        state.is_complete = False
    return state


def _read(state: State, module: cst.Module) -> None:
    for state.round in _ROUNDS:
        state.emit(Started(module))
        state.module = Scope()
        state.frame = Frame(state.module)
        state.waiting = []
        state.block(module.body)
        for name, value in state.late.items():
            known = state.module.names.get(name)
            state.module.names[name] = value if known is None else join(known, value)
        while state.waiting:
            functions.summary_of(state, state.waiting.pop())
        if not _has_more_to_tell(state):
            break


def _has_more_to_tell(state: State) -> bool:
    """Tell whether a second reading may find more: some function, class or global hands a secret on."""
    if state.late or any(owner.parts for owner in state.classes.values()):
        return True
    if any(value.taints or value.masked for owner in state.classes.values() for value in owner.attributes.values()):
        return True
    for function in state.functions.values():
        returns = function.summary.returns
        if function.summary.effects or function.summary.stored or (returns is not None and returns.taints):
            return True
    return False
