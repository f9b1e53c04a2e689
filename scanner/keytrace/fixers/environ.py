"""A whole environment that is logged: its names are shown, without the values."""

from __future__ import annotations

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.program import dotted, parsed

_COPIES = frozenset(("dict", "str", "repr"))


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of `os.environ` where it stands as it is, or as a copy; raise Refused for what is made of it."""
    program = parsed(target.data)
    found = [
        node
        for node in program.nodes(cst.BaseExpression)  # type: ignore[type-abstract]
        if dotted(node).endswith("environ") and target.start <= program.span(node)[0] < target.end
        if not isinstance(program.parents[node], cst.Attribute)
    ]
    if len(found) != 1:
        raise Refused("where the environment is taken is not written there")
    node: cst.CSTNode = found[0]
    for outer in program.chain(node):
        parent = program.parents.get(outer)
        called = dotted(parent.func) if isinstance(parent, cst.Call) else ""
        if isinstance(outer, cst.Arg) and called in _COPIES and isinstance(parent, cst.Call) and len(parent.args) == 1:
            node = parent
    start, end = program.span(node)
    edit = Edit(start, end, b"sorted(" + program.text(found[0]) + b")")
    parent = program.parents[node]
    if not isinstance(parent, cst.Arg | cst.FormattedStringExpression) or program.parents.get(parent) is None:
        raise Refused("something is made of it")
    return Fix("show the names alone", (edit,), unsafe="the values are not shown any more")
