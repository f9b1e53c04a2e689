"""The name that an expression goes by: of a variable, an attribute, a constant key or a function."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from keytrace.analyzers.python.interpret.site import path_of
from keytrace.analyzers.python.interpret.values import Value
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.outline.shapes import FORMS
from keytrace.analyzers.python.syntax import string_value

_BY_KEY = frozenset(("get", "pop", "getlist", "header"))  # methods that are called what they look up
_AS_TEXT = frozenset(("str", "bytes"))


def name_of(node: cst.CSTNode | None, names: Names, value_of: Callable[[cst.CSTNode], Value]) -> str:
    """Return the name that an expression goes by: of a variable, attribute, constant key or function."""
    while (inside := _inside(node)) is not None:
        node = inside
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    label, key = _key_in(node)
    if key is None:
        return names.noun_of(label)
    const = string_value(key) if isinstance(key, cst.SimpleString) else value_of(key).const
    return const if isinstance(const, str) else ""


def _key_in(node: cst.CSTNode | None) -> tuple[str, cst.CSTNode | None]:
    """Return the function that an expression calls, and the key that it looks up."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return "", node.slice[0].slice.value
    if not isinstance(node, cst.Call):
        return "", None
    is_method = isinstance(node.func, cst.Attribute)
    label = path_of(node.func).rpartition(".")[2]
    position = 0 if is_method and label in _BY_KEY else 1 if label == "getattr" else len(node.args)
    return label, node.args[position].value if position < len(node.args) else None


def _inside(node: cst.CSTNode | None) -> cst.CSTNode | None:
    """Return what an expression gives another form: `x.encode()`, `str(x)`, `await x`."""
    if isinstance(node, cst.Await):
        return node.expression
    if isinstance(node, cst.NamedExpr):
        return node.target
    function = node.func if isinstance(node, cst.Call) else None
    if isinstance(function, cst.Attribute) and function.attr.value in FORMS:
        return function.value
    if isinstance(node, cst.Call) and isinstance(function, cst.Name) and function.value in _AS_TEXT and node.args:
        return node.args[0].value
    return None
