"""Statements without branches: assignments, imports, return, raise, assert, del."""

from __future__ import annotations

import builtins
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Raised, Returned
from keytrace.analyzers.python.interpret.annotations import annotation_kind, masked
from keytrace.analyzers.python.interpret.assigning import assign
from keytrace.analyzers.python.interpret.classes import field, is_hidden, says_itself
from keytrace.analyzers.python.interpret.functions import returns
from keytrace.analyzers.python.interpret.guards import assuming
from keytrace.analyzers.python.interpret.joins import bind, container, merge
from keytrace.analyzers.python.interpret.lookups import named
from keytrace.analyzers.python.interpret.operators import total, union
from keytrace.analyzers.python.interpret.site import is_setting
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, NOTHING, UNKNOWN, Class, Value
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.names.lexicon import words
from keytrace.names.tables import literals, programs

_MESSAGES = frozenset(("", "message", "msg", "detail", "details", "reason", "description"))
_EXCEPTIONS = ("Error()", "Exception()", "Warning()")
_PACKAGE = frozenset(("", ".", ".."))


def line(state: State, node: cst.SimpleStatementLine) -> bool:
    return state.block(node.body)


def expression(state: State, node: cst.Expr) -> bool:
    if not isinstance(node.value, cst.SimpleString | cst.ConcatenatedString):  # documentation is text, not code
        state.evaluate(node.value)
    return True


def leave_loop(_state: State, _node: cst.CSTNode) -> bool:
    return False


def assigned(state: State, node: cst.Assign) -> bool:
    value = state.evaluate(node.value)
    if state.frame.owner is not None and state.function is None and isinstance(node.value, cst.Call):
        value = field(state, node.value, value)
    for target in node.targets:
        assign(state, target.target, value)
    return True


def annotated(state: State, node: cst.AnnAssign) -> bool:
    value = state.evaluate(node.value)
    kind, owner = annotation_kind(node.annotation), state.frame.owner
    if node.value is None:
        if isinstance(node.target, cst.Name) and owner is None:
            return True
        name = dotted(node.target).rpartition(".")[2] or "secret"
        value = CLEAN if kind == "object" else masked(name, node.target) if kind == "masked" else NOTHING
    elif kind == "masked" and value.masked is None:
        value = Value(clean=True, masked=value)
    if owner is not None and state.function is None:
        value = _field(state, owner, node, value)
    assign(state, node.target, value)
    return True


def _field(state: State, owner: Class, node: cst.AnnAssign, value: Value) -> Value:
    """Return what a field of a class holds; tell of a default that a variable of the environment may replace."""
    name = node.target.value if isinstance(node.target, cst.Name) else ""
    if isinstance(node.value, cst.Call):
        value = field(state, node.value, value)
        if name and is_hidden(node.value):
            owner.hidden_fields.add(name)
    if name and (is_setting(node.value) or is_setting(node.annotation)):
        state.bound(name, value, "fallback", node.target)
    return value


def augmented(state: State, node: cst.AugAssign) -> bool:
    before, value = state.evaluate(node.target), state.evaluate(node.value)
    taints = merge(before.taints, value.taints)
    if isinstance(node.operator, cst.AddAssign):
        value = total(state, [before, value], node.value)
        value = replace(value, taints=merge(before.taints, value.taints))
    elif isinstance(node.operator, cst.BitOrAssign) and before.items is not None and value.items is not None:
        value = union(before, value)
    else:
        value = replace(value, taints=taints, const=UNKNOWN)
    assign(state, node.target, value)
    return True


def delete(state: State, node: cst.Del) -> bool:
    several = [element.value for element in node.target.elements] if isinstance(node.target, cst.Tuple) else []
    for target in several or [node.target]:
        if isinstance(target, cst.Name):
            bind(state.scope, target.value, CLEAN)
        elif isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
            key = state.evaluate(target.slice[0].slice.value).const
            written = state.path(target.value)
            known = state.scope.find(written) if written else None
            if known is not None and known.items is not None:
                items = {name: value for name, value in known.items.items() if name != key}
                state.scope.put(written, replace(container(items), ref=known.ref))
    return True


def return_(state: State, node: cst.Return) -> bool:
    value = state.evaluate(node.value) if node.value is not None else Value(const=None)
    function = state.function
    if function is not None and node.value is not None:
        noun = state.names.noun_of(function.name)
        if noun:
            state.bound(noun, value, "assign", node)
        state.emit(Returned(function, node.value, value))
    returns(state, value)
    return False


def raise_(state: State, node: cst.Raise) -> bool:
    """Tell of what an exception shows: what it is made of, and what it was caused by."""
    if isinstance(node.exc, cst.Call):
        made = state.evaluate(node.exc)
        is_told = says_itself(state.value_of(node.exc.func))
        if is_told:
            _shown(state, node.exc, made)
        for arg in node.exc.args if not is_told else ():
            is_message = (arg.keyword.value if arg.keyword is not None else "") in _MESSAGES
            if is_message and not _is_record(arg.value, node.exc.func):
                _shown(state, arg.value, state.value_of(arg.value))
    elif node.exc is not None:
        _carried(state, node.exc)
    if node.cause is not None:
        _carried(state, node.cause.item)
    return False


def _is_record(node: cst.BaseExpression, kind: cst.BaseExpression) -> bool:
    """Tell whether an exception of a program's own is handed a whole record, of which it takes what it likes."""
    is_record = isinstance(node, cst.Name) and not literals().plural.isdisjoint(words(node.value)[-1:])
    return is_record and not hasattr(builtins, dotted(kind))


def _carried(state: State, node: cst.BaseExpression) -> None:
    """Tell of an exception that was made before; one that was caught has been told of where it was raised."""
    value = state.evaluate(node)
    if value.ref.endswith(_EXCEPTIONS):
        _shown(state, node, value)
    else:
        state.raised += value.taints


def _shown(state: State, node: cst.CSTNode, value: Value) -> None:
    state.emit(Raised("exception", node, value))
    state.raised += [taint for taint in value.taints if taint.kind != "parameter"]


def assert_(state: State, node: cst.Assert) -> bool:
    state.frame.asserted = True
    state.evaluate(node.test)
    state.frame.asserted = False
    if node.msg is not None and not _tests_type(node.test, node.msg):
        with assuming(state, (node.test, False)):
            state.emit(Raised("assertion", node.msg, state.evaluate(node.msg)))
    return True


def _tests_type(test: cst.BaseExpression, message: cst.BaseExpression) -> bool:
    """Tell whether an assertion is about the type of what it shows: then it is shown only when it is none."""
    shown = dotted(message)
    return bool(shown) and any(
        isinstance(part, cst.Call) and any(dotted(arg.value) == shown for arg in part.args) for part in walk(test)
    )


def import_(state: State, node: cst.Import) -> bool:
    for alias in node.names:
        name = dotted(alias.name)
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            bind(state.scope, alias.asname.name.value, Value(ref=name, clean=True))
        else:
            top = name.partition(".")[0]
            bind(state.scope, top, Value(ref=top, clean=True))
    return True


def import_from(state: State, node: cst.ImportFrom) -> bool:
    module = "." * len(node.relative) + (dotted(node.module) if node.module is not None else "")
    if isinstance(node.names, cst.ImportStar):
        for name, exported in state.imports.star(module):
            bind(state.scope, name, exported)
        return True
    for alias in node.names:
        name = dotted(alias.name)
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        ref = f"{module}.{name}" if module.strip(".") else f"{module}{name}"
        value = state.imports.bound(ref, bound)
        if value is None:
            is_module = (name.islower() and module in _PACKAGE) or name in programs().secret_modules
            value = Value(ref=ref, clean=is_module)
        if name != bound and not value.clean:
            value = named(state, value, name, alias)
        bind(state.scope, bound, value)
    return True


def global_(state: State, node: cst.Global) -> bool:
    for item in node.names:
        state.scope.declared[item.name.value] = state.module
    return True


def nonlocal_(state: State, node: cst.Nonlocal) -> bool:
    for item in node.names:
        scope = state.scope.outer
        while scope is not None and item.name.value not in scope.names:
            scope = scope.outer
        state.scope.declared[item.name.value] = scope or state.module
    return True
