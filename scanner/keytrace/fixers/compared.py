"""A secret that is compared by == is compared in constant time instead."""

from __future__ import annotations

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.imports import reference
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, bindings, constant, dotted, parsed

_TEXTS = frozenset("str hexdigest decode strip lower upper hex removeprefix removesuffix replace format join".split())
_GIVEN = frozenset("headers cookies args form values GET POST META query_params".split())  # texts of a request
_MISSING, _UNSET = "text of a request or None", "whatever or None"  # kinds, beside "str" and "bytes"
_BYTES = frozenset("bytes digest encode b64decode b64encode read get_data".split())


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a comparison; raise Refused where it compares more than two things."""
    program = parsed(target.data)
    node = _comparison(program, target)
    operator, right = node.comparisons[0].operator, node.comparisons[0].comparator
    kinds = [_kind(program, side) for side in (node.left, right)]
    sides = [_whole(program, side) for side in (node.left, right)]
    is_optional = [kind in (_MISSING, _UNSET) for kind in kinds]
    if any(is_optional):
        if sorted(kinds) != sorted((_MISSING, "str")):
            raise Refused(
                "one side may be None, which compare_digest does not take: have the program refuse that first"
            )
        sides = [
            _filled(side) if one else _encoded(of, side)
            for one, of, side in zip(is_optional, (node.left, right), sides, strict=True)
        ]
    elif kinds == ["str", "str"]:  # it takes texts only where they are ASCII
        sides = [_encoded(side, text) for side, text in zip((node.left, right), sides, strict=True)]
    start, end = program.span(node)
    called, lacking = reference(program, "hmac", start)
    denied = b"not " if isinstance(operator, cst.NotEqual) else b""
    code = denied + called.encode() + b".compare_digest(" + sides[0] + b", " + sides[1] + b")"
    unsafe = "it raises TypeError where one side is neither text nor bytes"
    if any(is_optional):
        unsafe = "what a request lacks is then compared as an empty text"
    elif kinds in (["str"] * 2, ["bytes"] * 2):
        unsafe = ""
    title = "compare in constant time"
    return Fix(title, (Edit(start, end, code),), imports=(lacking,) if lacking else (), unsafe=unsafe)


def _comparison(program: Program, target: Target) -> cst.Comparison:
    """Return the comparison that a finding speaks of."""
    for node in program.around(target.start, target.end):
        if isinstance(node, cst.Comparison):
            if len(node.comparisons) == 1 and isinstance(node.comparisons[0].operator, cst.Equal | cst.NotEqual):
                return node
            raise Refused("it is no comparison of two things by == or !=")
    raise Refused("it is compared by a function")


def _whole(program: Program, node: cst.BaseExpression) -> bytes:
    """Return an expression on one line; raise Refused where it has more of them."""
    text = program.text(node)
    if b"\n" in text or b"\r" in text:
        raise Refused("the comparison goes over several lines")
    return b"(" + text + b")" if isinstance(node, cst.GeneratorExp | cst.NamedExpr | cst.Yield) else text


def _filled(text: bytes) -> bytes:
    return b"(" + text + b' or "").encode()'


def _encoded(node: cst.BaseExpression, text: bytes) -> bytes:
    if isinstance(node, cst.SimpleString) and (value := constant(node)) is not None and str(value).isascii():
        return b"b" + text if not node.prefix else text + b".encode()"
    is_atom = isinstance(
        node, cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.SimpleString | cst.FormattedString
    )
    return (text if is_atom else b"(" + text + b")") + b".encode()"


def _kind(program: Program, node: cst.CSTNode, depth: int = 0) -> str:
    """Return "str" or "bytes" where an expression certainly is that, else whether it may be None; empty if unknown."""
    if isinstance(value := constant(node), str | bytes):
        return type(value).__name__
    if isinstance(node, cst.FormattedString):
        return "str"
    if isinstance(node, cst.Subscript):
        return "str" if dotted(node.value).endswith("environ") else ""
    if isinstance(node, cst.Call):
        return _called(node)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return _kind(program, node.left, depth) or _kind(program, node.right, depth)
    if isinstance(node, cst.Name) and depth < 4:
        kinds = {_kind(program, one, depth + 1) for one in _values(program, node)}
        return kinds.pop() if len(kinds) == 1 else _UNSET if kinds & {_MISSING, _UNSET} else ""
    return _annotated(node)


def _called(node: cst.Call) -> str:
    name = dotted(node.func).rpartition(".")[2] or (
        node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
    )
    if name in ("get", "getenv") and len(node.args) == 2:  # a header or a variable, with a default
        default = node.args[1].value
        if dotted(default) == "None":
            return _UNSET
        return type(value).__name__ if (value := constant(default)) is not None else ""
    if name in ("get", "getenv") and len(node.args) == 1:
        owner = node.func.value if isinstance(node.func, cst.Attribute) else node.func
        return _MISSING if dotted(owner).rpartition(".")[2] in _GIVEN else _UNSET
    return "str" if name in _TEXTS else "bytes" if name in _BYTES else ""


def _annotated(node: cst.CSTNode) -> str:
    """Return what a type says, where a node is one."""
    if isinstance(node, cst.Annotation) and isinstance(node.annotation, cst.BinaryOperation):  # str | None
        sides = (node.annotation.left, node.annotation.right)
        return _UNSET if any(dotted(side) == "None" for side in sides) else ""
    if isinstance(node, cst.Annotation) and isinstance(node.annotation, cst.Subscript):
        return _UNSET if dotted(node.annotation.value).endswith("Optional") else ""
    if isinstance(node, cst.Annotation) and isinstance(node.annotation, cst.Name):
        return node.annotation.value if node.annotation.value in ("str", "bytes") else ""
    return ""


def _values(program: Program, name: cst.Name) -> list[cst.CSTNode]:
    """Return whatever is given to a name: its values, or the types of parameters; the program, where nobody knows."""
    return [node for bound, node in bindings(program) if bound == name.value] or [program.module]
