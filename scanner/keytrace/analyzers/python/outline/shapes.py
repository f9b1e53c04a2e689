"""What expressions look like: paths, names, texts and literals in them. Pure functions of Python's own syntax trees."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keytrace.analyzers.python.outline.facts import attribute

SELF = frozenset(("self", "cls"))
MOST_NAMES = 8  # names that are looked at for one expression
FOLDING = frozenset(  # what makes one constant of another
    "b64decode urlsafe_b64decode standard_b64decode b32decode b16decode b85decode a85decode decodebytes unhexlify "
    "a2b_hex a2b_base64 decode fromhex chr join bytes reversed dedent encode replace hex str upper lower strip "
    "format bytearray fsencode removeprefix removesuffix".split()
)
OF_NUMBERS = frozenset(("chr", "bytes", "bytearray"))
_MEASURES = frozenset("len type id hash int float bool".split())
FORMS = frozenset("encode decode strip lower upper hexdigest digest".split())  # methods of what they give another form
EXCEPTIONS = ("Error", "Exception", "Warning")  # how the names of classes end that keep what they are made of
CLASS_NAME = re.compile(r"_?[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*")
_HOLE = re.compile(r"%[a-z]|\{[^{}]*\}")
_GETTERS = frozenset("get pop getlist header".split())


def dotted(node: ast.AST) -> str:
    """Return `a.b().c` for a path of names, attributes and calls; else nothing."""
    pieces: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            pieces.append("." + node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            pieces.append("()")
            node = node.func
        else:
            return ""
    return "".join([node.id, *reversed(pieces)])


def called(node: ast.Call) -> str:
    """Return the last word of what is called."""
    function = node.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def called_on(function: ast.expr) -> str | None:
    """Return the path of the object that a method is called on, empty where it has none; None of a function."""
    return dotted(function.value) if isinstance(function, ast.Attribute) else None


def decorator(node: ast.expr) -> str:
    """Return the last word of what a decorator is."""
    return dotted(node.func if isinstance(node, ast.Call) else node).rpartition(".")[2]


def text_of(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def key_of(node: ast.AST) -> str:
    """Return the text of a key; of one with holes the rest: f"API_KEY_{number}", "API_KEY_%d" % number."""
    text = text_of(node)
    return _HOLE.sub("", "".join([*literals(node)][::-1])) if text is None else text


def holders_of(node: ast.AST) -> list[str]:
    """Return the names of what a method is called on."""
    found: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(node, ast.Attribute):
            found.append(attribute(node.attr))
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name) and node.id not in SELF:
        found.append(node.id)
    return found


def _looked_up(node: ast.AST) -> str | None:
    """Return the text by which something is looked up."""
    if isinstance(node, ast.Call) and called(node) in _GETTERS and node.args:
        return text_of(node.args[0])
    return text_of(node.slice) if isinstance(node, ast.Subscript) else None


def named(node: ast.AST) -> list[str]:
    """Return the names that one side of a comparison may go by, the likeliest first."""
    if key := _looked_up(node):
        return [key]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FORMS:
        return named(node.func.value)
    if isinstance(node, ast.Constant):
        return []
    parts = (part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else
             text_of(part) for part in ast.walk(node))  # fmt: skip
    return [name for name in parts if name][:MOST_NAMES]


def secret_of(node: ast.AST | None) -> ast.AST | None:
    """Return the secret of a pair of a user and a secret, or the name that holds the pair."""
    if isinstance(node, ast.Tuple | ast.List):
        return node.elts[1] if len(node.elts) == 2 else None
    return node if isinstance(node, ast.Name | ast.Attribute) else None


def compared_in(left: ast.AST, right: ast.AST) -> list[tuple[ast.AST, ast.AST]]:
    """Return what is compared with what by left == right: texts, or the elements of tuples."""
    if isinstance(left, ast.Tuple) and isinstance(right, ast.Tuple):
        return [pair for pair in zip(left.elts, right.elts, strict=False) if not any(map(is_measure, pair))]
    return [] if is_measure(left) or is_measure(right) else [(left, right)]


def sides_of(node: ast.Call) -> list[ast.AST]:
    """Return what is compared by a.__eq__(b) or operator.eq(a, b)."""
    function, name = node.func, called(node)
    if name in ("__eq__", "__ne__") and isinstance(function, ast.Attribute):
        return [function.value, *node.args[:1]]
    return [*node.args] if name in ("eq", "ne") and len(node.args) == 2 else []


def is_measure(node: ast.AST) -> bool:
    """Tell whether a side of a comparison is no text that may be secret."""
    return isinstance(node, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.UnaryOp | ast.Compare) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MEASURES
    )


def is_query(node: ast.AST) -> bool:
    """Tell whether a target is an entry of what the query of a URL is made of: link.args["key"]."""
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "args"


def literals(node: ast.AST) -> Iterator[str]:
    """Yield the texts that an expression may come to, or that it may be put together of."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Constant):
            if isinstance(part.value, str | bytes):
                yield part.value if isinstance(part.value, str) else part.value.decode("latin-1")
        elif isinstance(part, ast.List | ast.Tuple | ast.Set):
            waiting += part.elts
        elif isinstance(part, ast.Dict | ast.BoolOp | ast.JoinedStr):
            waiting += part.values
        elif isinstance(part, ast.IfExp):
            waiting += (part.body, part.orelse)
        elif isinstance(part, ast.BinOp):
            waiting += (part.left, part.right)
        elif isinstance(part, ast.Await | ast.Subscript):
            waiting.append(part.value)
        elif isinstance(part, ast.Call) and called(part) in (FOLDING | {"Template"}):
            waiting += part.args
            if isinstance(part.func, ast.Attribute):
                waiting.append(part.func.value)
