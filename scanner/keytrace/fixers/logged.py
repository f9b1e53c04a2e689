"""A secret that is logged, printed or put into a message: a mask is in its place, or in that of its placeholder."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, dotted, parsed
from keytrace.names.lexicon import words

_MASK = b"***"
_CONVERSION = re.compile(rb"%(?:%|(?P<kind>[#0 +-]*(?:\d+)?(?:\.\d+)?[srdif]))")
_READING = frozenset("getenv str repr dict list config env".split())  # functions that only read what they return
_RAISED = "whoever catches the exception may use it"
_MEANT = "it may be shown on purpose"
_MORE = "more than the secret is not shown any more"


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of what is shown; raise Refused where it is not clear which part of it is the secret."""
    program = parsed(target.data)
    if re.search(r" by \S+\(\)$", target.told):
        raise Refused("it is shown by what is called there")
    if "is handed to a task queue" in target.told:
        raise Refused("the task needs it: hand it what it finds the secret by, not the secret")
    node = _expression(program, target)
    parts = list(_parts(program, node, target))
    if not parts:
        raise Refused("which part of it is the secret is not written there")
    fixes = [_masked(program, part) for part in parts]
    edits = tuple(edit for one in fixes for edit in one)
    own = [name for name in target.names[:1] if f"'{name}'" in target.told]
    is_exact = all(_names(program, part, own) for part in parts)
    return Fix("mask what is shown", edits, unsafe=_why(program, parts, target.told, is_exact=is_exact))


def _why(program: Program, parts: list[cst.BaseExpression], told: str, *, is_exact: bool) -> str:
    """Return why the program may then do something else; empty where only a line of a log is another one."""
    if any(isinstance(program.parents[part], cst.Arg) and _in_raise(program, part) for part in parts):
        return _RAISED
    if not is_exact:
        return _MORE
    return "" if told.endswith(" is logged") else _MEANT


def _in_raise(program: Program, part: cst.CSTNode) -> bool:
    return any(isinstance(node, cst.Raise) for node in program.chain(part))


def _expression(program: Program, target: Target) -> cst.BaseExpression:
    """Return the expression that a finding speaks of: all of its place."""
    for node in program.around(target.start, target.end):
        if isinstance(node, cst.BaseExpression):
            return node
    raise Refused("it is no expression")


def _parts(program: Program, node: cst.CSTNode, target: Target) -> list[cst.BaseExpression]:
    """Return what of an expression is the secret: the parts that are called so; all of what has no parts."""
    inner = _inner(node)
    if inner is None:
        return [node] if isinstance(node, cst.BaseExpression) and not isinstance(node, cst.BaseString) else []
    found = [part for one in inner for part in _parts(program, one, target)]
    return found if len(found) == 1 else [part for part in found if _names(program, part, target.names)]


def _inner(node: cst.CSTNode) -> list[cst.BaseExpression] | None:
    """Return the expressions that a text or a dictionary is made of; None for what is one thing."""
    if isinstance(node, cst.FormattedString):
        return [one.expression for one in node.parts if isinstance(one, cst.FormattedStringExpression)]
    if isinstance(node, cst.ConcatenatedString):
        return [node.left, node.right]
    if isinstance(node, cst.BinaryOperation):
        right = [one.value for one in node.right.elements] if isinstance(node.right, cst.Tuple) else [node.right]
        return [node.left, *right]
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
        return [arg.value for arg in node.args]
    return [one.value for one in node.elements] if isinstance(node, cst.Dict) else None


def _names(program: Program, part: cst.CSTNode, names: Sequence[str]) -> bool:
    """Tell whether an expression is called by one of the names of the secret, or of what it was in on its way."""
    called = dotted(part.func if isinstance(part, cst.Call) else part).rpartition(".")[2]
    if isinstance(part, cst.Subscript | cst.Call) and (
        texts := re.findall(rb"['\"]([\w.-]+)['\"]", program.text(part))
    ):
        called = texts[-1].decode()
    return bool(called) and any(set(words(called)) <= set(words(name)) for name in names)


def _masked(program: Program, part: cst.BaseExpression) -> list[Edit]:
    """Return the edits that mask an expression where it stands."""
    parent = program.parents[part]
    start, end = program.span(part)
    if isinstance(part, cst.Call) and isinstance(part.func, cst.Name) and part.func.value not in _READING:
        raise Refused("what is called there may do more than return it")
    if isinstance(parent, cst.FormattedStringExpression):
        return [Edit(*program.span(parent), _MASK)]
    if isinstance(parent, cst.Arg) and parent.keyword is None and (edits := _of_format(program, parent)):
        return edits
    if isinstance(parent, cst.Arg) and parent.star:
        raise Refused("it is what several arguments are made of")
    return [Edit(start, end, b'"' + _MASK + b'"')]


def _of_format(program: Program, arg: cst.Arg) -> list[Edit]:
    """Return the edits that take an argument of a logger, and its placeholder; none where there is no such text."""
    call = program.parents[arg]
    given = [one for one in call.args if one.keyword is None] if isinstance(call, cst.Call) else []
    first = next((number for number, one in enumerate(given) if isinstance(one.value, cst.SimpleString)), len(given))
    at = next((number for number, one in enumerate(given) if one is arg), 0)
    if at <= first or any(one.star for one in given):
        return []
    text_start, _ = program.span(given[first].value)
    found = [one for one in _CONVERSION.finditer(program.text(given[first].value)) if one["kind"]]
    before, after = program.span(given[at - 1].value)[1], program.span(arg.value)[1]
    between = program.data[before : program.span(arg.value)[0]]
    if len(found) != len(given) - first - 1 or between.strip() != b",":
        return []
    place = found[at - first - 1]
    return [Edit(text_start + place.start(), text_start + place.end(), _MASK), Edit(before, after, b"")]
