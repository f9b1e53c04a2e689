"""Operators: sums of texts and lists, unions, comparisons, either-or."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Compared, Operand
from keytrace.analyzers.python.interpret import folding, texts
from keytrace.analyzers.python.interpret.assigning import assign
from keytrace.analyzers.python.interpret.functions import returns
from keytrace.analyzers.python.interpret.guards import assuming, empty_where
from keytrace.analyzers.python.interpret.joins import (
    constants,
    container,
    element_of,
    is_dict,
    join,
    join_all,
    merge,
    taints_of,
    with_taints,
)
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.lookups import shown_as, tell_defaults
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, NOTHING, UNKNOWN, Taint, Value

_MASK = "*x•.-#"
_STARS = 3  # that stand for as many as a secret has characters
_NUMBERS = frozenset((int, float, bool))
_EQUALITY = (cst.Equal, cst.NotEqual)
_MEMBERSHIP = (cst.In, cst.NotIn)


def binary(state: State, node: cst.BinaryOperation) -> Value:
    if isinstance(node.operator, cst.Add):
        operands: list[cst.BaseExpression] = []
        current: cst.BaseExpression = node
        while isinstance(current, cst.BinaryOperation) and isinstance(current.operator, cst.Add):
            operands.append(current.right)
            current = current.left
        operands.append(current)
        return total(state, [_called(state, operand) for operand in reversed(operands)], node)
    left, right = state.evaluate(node.left), state.evaluate(node.right)
    if isinstance(node.operator, cst.Modulo):
        return texts.percent(state, left, right, node)
    if isinstance(node.operator, cst.Multiply):
        const = folding.operation("*", left.const, right.const)
        if const is not UNKNOWN:
            return Value(const=const, node=node, folded=True)
        if _is_mask(left):
            return Value(const=str(left.const) * _STARS)
        return Value(taints=left.taints) if left.taints else CLEAN
    if isinstance(node.operator, cst.BitOr) and (left.items is not None or right.items is not None):
        return union(left, right)
    if isinstance(node.operator, cst.Divide | cst.BitOr):
        return Value(taints=merge(left.taints, right.taints))
    return CLEAN


def _called(state: State, node: cst.BaseExpression) -> Value:
    """Return an operand that knows what it is called, for the query of a URL that it may be put into."""
    value = state.evaluate(node)
    if value.text is None and isinstance(node, cst.Name | cst.Attribute):
        return shown_as(state, value, node)
    return value


def _is_mask(value: Value) -> bool:
    return isinstance(value.const, str) and bool(value.const) and not value.const.strip(_MASK)


def union(left: Value, right: Value) -> Value:
    """Return `left | right` of dicts or sets."""
    if is_dict(left) or is_dict(right):
        return with_taints(container({**(left.items or {}), **(right.items or {})}, "{}"), _of_unknown(left, right))
    entries = [*(left.items or {}).values(), *(right.items or {}).values()]
    return with_taints(container(dict(enumerate(entries)), "[]"), _of_unknown(left, right))


def _of_unknown(*values: Value) -> tuple[Taint, ...]:
    """Return the secrets of containers of which the entries are not known."""
    return taints_of(value for value in values if value.items is None)


def total(state: State, values: Sequence[Value], node: cst.CSTNode) -> Value:
    """Return the sum of numbers, lists or texts."""
    if any(value.items is not None and not value.ref.endswith("urlencode()") for value in values):  # lists
        entries = (entry for value in values for entry in (value.items or {}).values())
        return replace(container(dict(enumerate(entries))), taints=taints_of(values))
    if all(type(value.const) in _NUMBERS for value in values):
        return CLEAN
    if len(values) == 2 and any(len(value.leaves) > 1 and any(constants(value)) for value in values):
        first = [next(constants(value), value) for value in values]
        return replace(texts.built(state, first, node), taints=taints_of(values))
    return texts.built(state, values, node)


def unary(state: State, node: cst.UnaryOperation) -> Value:
    value = state.evaluate(node.expression)
    if isinstance(node.operator, cst.Minus) and isinstance(value.const, int):
        return Value(const=-value.const)
    return CLEAN


def boolean(state: State, node: cst.BooleanOperation) -> Value:
    operands: list[cst.BaseExpression] = []
    current: cst.BaseExpression = node
    kind = type(node.operator)
    while isinstance(current, cst.BooleanOperation) and type(current.operator) is kind:
        operands.append(current.right)
        current = current.left
    operands.append(current)
    values = [state.evaluate(operand) for operand in reversed(operands)]
    if kind is cst.And:
        return values[-1]
    name = next((taint.name for value in values[:-1] for taint in value.taints if taint.kind == "environment"), "")
    if name:
        state.bound(name, values[-1], "fallback", operands[0])
    joined = join_all(value for value in values if not folding.stands_for_secret(value.const))
    return _as_token_of_page(state, joined, operands)


def _as_token_of_page(state: State, joined: Value, nodes: Iterable[cst.CSTNode]) -> Value:
    """Return what one of some expressions holds: no secret where one is a token that opens nothing, and all may be
    anything: page_token or cursor.
    """
    names = (name_of(node, state.names, state.value_of) for node in nodes)
    if joined.is_open and any(map(state.names.is_other_token, names)):
        return replace(joined, clean=True, options=())
    return joined


def conditional(state: State, node: cst.IfExp) -> Value:
    state.evaluate(node.test)
    with assuming(state, (node.test, True)):
        body = state.evaluate(node.body)
    with assuming(state, (node.test, False)):
        other = state.evaluate(node.orelse)
    value = _either(body, other, node.test)
    tell_defaults(state, value, node)
    return _as_token_of_page(state, value, (node.body, node.orelse))


def _either(body: Value, other: Value, test: cst.BaseExpression) -> Value:
    """Return one of two values; a mask that stands in for what is empty hides nothing."""
    for one, mask, holds in ((body, other, False), (other, body, True)):
        if folding.stands_for_secret(mask.const) and empty_where(test, holds=holds):
            return one
    return join(body, other)


def awaited(state: State, node: cst.Await) -> Value:
    return state.evaluate(node.expression)


def yielded(state: State, node: cst.Yield) -> Value:
    inner = node.value.item if isinstance(node.value, cst.From) else node.value
    value = state.evaluate(inner)
    if state.function is not None and inner is not None:
        state.function.is_generator = True
        returns(state, element_of(value) if isinstance(node.value, cst.From) else value)
    return NOTHING


def walrus(state: State, node: cst.NamedExpr) -> Value:
    value = state.evaluate(node.value)
    assign(state, node.target, value)
    return value


def comparison(state: State, node: cst.Comparison) -> Value:
    """Tell of each pair of a chain of comparisons."""
    left_node: cst.BaseExpression = node.left
    left = state.evaluate(left_node)
    for target in node.comparisons:
        right_node = target.comparator
        right = state.evaluate(right_node)
        if isinstance(target.operator, _EQUALITY):
            compared(state, node, "==", (left_node, left), (right_node, right))
        elif isinstance(target.operator, _MEMBERSHIP):
            compared(state, node, "in", (left_node, left), (right_node, right))
        left_node, left = right_node, right
    return CLEAN


def compared(
    state: State, node: cst.CSTNode, operator: str, left: tuple[cst.CSTNode, Value], right: tuple[cst.CSTNode, Value]
) -> None:
    """Tell that two values are compared; of two tuples the elements."""
    if operator == "==" and isinstance(left[0], cst.Tuple) and isinstance(right[0], cst.Tuple):
        for first, second in zip(left[0].elements, right[0].elements, strict=False):
            one_side = first.value, state.value_of(first.value)
            compared(state, node, operator, one_side, (second.value, state.value_of(second.value)))
        return
    one, other = (Operand(*side, name_of(side[0], state.names, state.value_of)) for side in (left, right))
    state.emit(Compared(node, operator, one, other, state.function, state.frame.asserted))
