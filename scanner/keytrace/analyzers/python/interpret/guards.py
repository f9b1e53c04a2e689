"""What a condition tells of the branches behind it: that a value is no text there, or empty, or was masked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.interpret.folding import stands_for_secret
from keytrace.analyzers.python.interpret.handing import entry_of_parameter, key_of
from keytrace.analyzers.python.interpret.joins import ENTRY_OF, NAME_OF_ENTRY
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, Scope, Value
from keytrace.analyzers.python.syntax import dotted, string_value, walk
from keytrace.names.lexicon import Role, promise

Condition = tuple[cst.BaseExpression, bool]  # and whether it holds
_TEXTS = frozenset(("str", "bytes"))
_IS, _IS_NOT = (cst.Is, cst.Equal), (cst.IsNot, cst.NotEqual, cst.GreaterThan)
_EMPTY = frozenset(("None", "0"))
_ERROR = "error"


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


def _narrow(state: State, test: cst.BaseExpression, *, holds: bool) -> None:
    """Forget the secret in a name where a condition holds, or does not, by which it is no text there."""
    name, is_text = text_tested(test)
    if name and is_text != holds:
        state.scope.put(name, CLEAN)


@contextmanager
def assuming(state: State, *conditions: Condition) -> Iterator[None]:
    """Read what stands where conditions hold, or do not: what is empty there is no secret, and afterwards may be."""
    scope, held = state.scope, dict[str, Value | None]()
    for test, holds in conditions:
        _narrow(state, test, holds=holds)
        for name in empty_where(test, holds=holds):
            if "." in name or scope.find(name) is not None:
                held.setdefault(name, scope.names.get(name))
                scope.put(name, CLEAN)
    yield
    for name, value in held.items():
        now = scope.names.get(name, CLEAN)
        if now is not CLEAN and not stands_for_secret(now.const):
            continue  # it is something else from now on; a mask that stands in for nothing hides nothing
        if value is None:
            scope.names.pop(name, None)
        else:
            scope.put(name, value)


def behind(state: State, test: cst.BaseExpression) -> None:
    """Go on where a condition does not hold, because the program left where it did."""
    _narrow(state, test, holds=False)
    for name in empty_where(test, holds=False):
        if name in state.scope.names and "." not in name:
            state.scope.put(name, CLEAN)


def empty_where(test: cst.BaseExpression, *, holds: bool) -> list[str]:
    """Return the paths of what is empty, None, no text or a refusal where a condition holds, or does not."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return empty_where(test.expression, holds=not holds)
    if isinstance(test, cst.BooleanOperation):
        return _empty_in_both(test, holds=holds)
    if isinstance(test, cst.Comparison):
        return _empty_when_compared(test, holds=holds)
    name, is_text = text_tested(test)
    if name:
        return [name] if is_text != holds else []
    if isinstance(test, cst.Call) and isinstance(test.func, cst.Attribute) and test.func.attr.value == "get":
        return _refused(test.args[0].value, test.func.value, has=holds) if len(test.args) == 1 else []
    return [] if holds else _measured(test)


def _empty_when_compared(test: cst.Comparison, *, holds: bool) -> list[str]:
    if len(test.comparisons) != 1:
        return []
    compared = test.comparisons[0]
    if isinstance(compared.operator, cst.In | cst.NotIn):
        return _refused(test.left, compared.comparator, has=isinstance(compared.operator, cst.In) == holds)
    if isinstance(compared.operator, cst.Equal if holds else cst.NotEqual) and _is_constant(compared.comparator):
        return _measured(test.left) if isinstance(test.left, cst.Name | cst.Attribute) else []
    is_empty = _is_empty(compared.comparator) and isinstance(compared.operator, _IS if holds else _IS_NOT)
    return _measured(test.left) if is_empty else []


def _is_constant(node: cst.BaseExpression) -> bool:
    """Tell whether it is a constant that nobody calls a secret: what is equal to it is none."""
    return isinstance(node, cst.Name) and node.value.isupper() and not promise(node.value, Role.VARIABLE).is_secret


def _refused(key: cst.BaseExpression, answer: cst.BaseExpression, *, has: bool) -> list[str]:
    """Return the path of an answer that has an error, or has no token: one or the other, as RFC 6749 (5.2) has it."""
    text = string_value(key) if isinstance(key, cst.SimpleString) else None
    if not isinstance(text, str) or not (text == _ERROR if has else promise(text, Role.VARIABLE).is_secret):
        return []
    return _measured(answer)


def _empty_in_both(test: cst.BooleanOperation, *, holds: bool) -> list[str]:
    """Return what is empty where `x and y` or `x or y` holds, or does not, by either side or by both."""
    left, right = (empty_where(side, holds=holds) for side in (test.left, test.right))
    if isinstance(test.operator, cst.And) != holds:
        return [path for path in left if path in right]
    return [*left, *right]


def _is_empty(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name | cst.Integer):
        return node.value in _EMPTY
    return isinstance(node, cst.SimpleString) and not string_value(node)


def _measured(node: cst.BaseExpression) -> list[str]:
    """Return the path of what is tested, by itself or by its length."""
    if isinstance(node, cst.Call) and dotted(node.func) == "len" and len(node.args) == 1:
        node = node.args[0].value
    path = dotted(node) if isinstance(node, cst.Name | cst.Attribute) else ""
    return [path] if path and "(" not in path else []


def choose(state: State, test: cst.BaseExpression) -> None:
    """Take an entry that a loop has in hand for a look-up, where a condition says its name: if key == "x-user"."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        choose(state, test.left)
        choose(state, test.right)
    if not isinstance(test, cst.Comparison) or not isinstance(test.comparisons[0].operator, cst.Equal | cst.In):
        return
    sides = (test.left, test.comparisons[0].comparator)
    for side, other in (sides, sides[::-1]):
        known = state.scope.find(_plain(side))
        if known is not None and known.ref == NAME_OF_ENTRY:
            asked = state.value_of(other)
            for name, value in list(state.scope.names.items()):
                if value.ref == ENTRY_OF and value.taints:
                    state.scope.put(name, _entry_called(state, value, asked))


def _plain(node: cst.BaseExpression) -> str:
    """Return the variable that an expression is, or a form of: `key.lower()`."""
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        node = node.func.value
    return node.value if isinstance(node, cst.Name) else ""


def _entry_called(state: State, value: Value, asked: Value) -> Value:
    """Return what an entry of everything, or of an argument, may be that is called as is asked."""
    texts = [one.text for one in (asked, *(asked.items or {}).values()) if one.text]
    is_secret = any(state.names.is_setting(text) or state.names.is_header(text) for text in texts)
    kept = tuple(taint for taint in value.taints if is_secret and taint.kind != "parameter")
    return Value(taints=(*kept, *entry_of_parameter(value.taints, key_of(asked))))


def unmask(state: State, test: cst.BaseExpression, before: Scope, arm: Scope, merged: Scope) -> None:
    """Forget what of an environment or of headers was masked, where a condition asked for the name of a secret; also
    of an entry that a loop has in hand.
    """
    changed = [
        name for name, value in arm.names.items()
        if not value.taints and (known := before.names.get(name)) is not None and known is not value
        and known.taints and (known.ref == ENTRY_OF or all(taint.kind == "dump" for taint in known.taints))
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
