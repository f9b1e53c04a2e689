"""What a condition tells of the branches behind it: that a value is no text there, or empty, or was masked."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, Scope
from keytrace.analyzers.python.syntax import walk

_TEXTS = frozenset(("str", "bytes"))


def text_tested(test: cst.BaseExpression) -> tuple[str, bool]:
    """Return the name of which a condition says that it is a text, or is none; else nothing."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        name, is_text = text_tested(test.expression)
        return name, not is_text
    if not isinstance(test, cst.Call) or not isinstance(test.func, cst.Name) or test.func.value != "isinstance":
        return "", False
    if len(test.args) < 2 or not isinstance(test.args[0].value, cst.Name):  # the value and its types
        return "", False
    types = {part.value for part in walk(test.args[1].value) if isinstance(part, cst.Name)}
    return (test.args[0].value.value, True) if not types.isdisjoint(_TEXTS) else ("", False)


def narrow(state: State, test: cst.BaseExpression, *, holds: bool) -> None:
    """Forget the secret in a name where a condition holds, or does not, by which it is no text there."""
    name, is_text = text_tested(test)
    if name and is_text != holds:
        state.scope.put(name, CLEAN)


def empty_where(test: cst.BaseExpression, *, holds: bool) -> str:
    """Return the name of what is empty or None where a condition holds, or does not; nothing if none is."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return empty_where(test.expression, holds=not holds)
    if isinstance(test, cst.Name):
        return "" if holds else test.value
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or not isinstance(test.left, cst.Name):
        return ""
    compared = test.comparisons[0]
    is_none = isinstance(compared.comparator, cst.Name) and compared.comparator.value == "None"
    operators = (cst.Is, cst.Equal) if holds else (cst.IsNot, cst.NotEqual)
    return test.left.value if is_none and isinstance(compared.operator, operators) else ""


def unmask(state: State, test: cst.BaseExpression, before: Scope, arm: Scope, merged: Scope) -> None:
    """Forget what of an environment or of headers was masked, where a condition asked for the name of a secret."""
    changed = [
        name for name, value in arm.names.items()
        if not value.taints and (known := before.names.get(name)) is not None and known is not value
        and known.taints and all(taint.kind == "dump" for taint in known.taints)
    ]  # fmt: skip
    if changed and _asks_for_secret(state, test):
        for name in changed:
            merged.put(name, replace(before.names[name], taints=(), clean=True))


def _asks_for_secret(state: State, test: cst.BaseExpression) -> bool:
    for part in walk(test):
        value = state.value_of(part)
        texts = (value.text, *(one.text for one in (value.items or {}).values()))
        if any(text and (state.names.is_setting(text) or state.names.is_header(text)) for text in texts):
            return True
    return False
