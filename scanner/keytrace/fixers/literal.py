"""A secret that is a literal of a Python program becomes a look-up in the environment."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.lookup import lookup
from keytrace.fixers.naming import Names, variable
from keytrace.fixers.program import Program, constant, dotted, parsed
from keytrace.fixers.textual import refuse_named_for_others

_ADDRESS = re.compile(r"[a-z][\w+.-]*://", re.IGNORECASE)
_TEST = re.compile(r"(?:^|/)(?:tests?|testing|conftest\.py$|test_[^/]*$|[^/]*_test\.py$)(?:/|$|(?<=py))")
_String = cst.SimpleString | cst.ConcatenatedString


def fix(target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of a literal; raise Refused where it cannot be replaced."""
    program = parsed(target.data)
    node = _literal(program, target)
    if isinstance(node, cst.FormattedString):
        return _in_formatted(program, node, target, names, reader)
    value = constant(node)
    assert value is not None
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    moved = _moved(node, target, text)
    start, end = program.span(node)
    where = _Place.of(program, node)
    refuse_named_for_others(variable(where.owner).split("_"))
    name = names.choose(moved, target.path, target.rule, where.bound, where.owner)
    read = lookup(program, name, reader, start, _quote(program.text(node)))
    code = read.code + (b".encode()" if isinstance(value, bytes) else b"")
    if moved != text and isinstance(node, cst.SimpleString):
        code = _joined(program, node, target, code)
    edit = Edit(start, end, _apart(target.data, start, end, code))
    unsafe = where.unsafe or ("it is in a test" if _TEST.search(target.path) else "")
    return Fix(f"read {name} from the environment", (edit,), (Variable(name, moved),), read.imports, unsafe)


def _moved(node: cst.CSTNode, target: Target, text: str) -> str:
    """Return what of a literal becomes the variable: the secret, or the whole text where that is one thing."""
    secret = target.value.decode("utf-8", "replace")
    if target.is_plain and isinstance(node, cst.SimpleString):
        secret = _evaluated(node, target, text)
    is_part = target.is_plain and isinstance(node, cst.SimpleString) and secret.strip() != text.strip()
    moved = secret if is_part and not _ADDRESS.match(text) else text
    if re.search(r"[^\S \n\r\t]|[\x00-\x08\x0e-\x1f\ufffd]", moved):
        raise Refused("its bytes do not fit into a variable of the environment")
    if moved != text and len(secret) * 2 < len(text) and text.count("\n") > 2:
        raise Refused("it is part of a longer text")
    return moved


def _evaluated(node: cst.SimpleString, target: Target, text: str) -> str:
    """Return what the source of a secret in a literal means; raise Refused where that cannot be told by itself."""
    if "\\" not in node.value:
        return target.value.decode("utf-8", "replace")
    before, found, after = node.raw_value.partition(target.value.decode("utf-8", "replace"))
    try:
        pieces = [ast.literal_eval(f"{node.prefix}{node.quote}{part}{node.quote}") for part in (before, found, after)]
    except (SyntaxError, ValueError) as error:
        raise Refused("an escape reaches into it") from error
    texts = [piece.decode("utf-8", "replace") if isinstance(piece, bytes) else piece for piece in pieces]
    if not found or "".join(texts) != text:
        raise Refused("an escape reaches into it")
    return str(texts[1])


_Literal = cst.SimpleString | cst.ConcatenatedString | cst.BinaryOperation | cst.FormattedString


def _literal(program: Program, target: Target) -> _Literal:
    """Return the outermost literal that holds a secret."""
    found: _Literal | None = None
    for node in program.around(target.start, target.end):
        if isinstance(node, cst.BaseStatement | cst.BaseSmallStatement):
            break
        is_joined = isinstance(node, cst.ConcatenatedString | cst.BinaryOperation) and constant(node) is not None
        if isinstance(node, _Literal) and (is_joined or (found is None and not isinstance(node, cst.BinaryOperation))):
            found = node
    if found is None or (isinstance(found, cst.ConcatenatedString) and constant(found) is None):
        raise Refused("it is no literal, but put together from pieces" if found else "it stands in no literal")
    if b"#" in re.sub(rb"""(['"])(?:\\.|(?!\1).)*\1""", b"", program.text(found), flags=re.DOTALL):
        raise Refused("there are comments between its pieces")
    return found


def _quote(source: bytes) -> str:
    """Return the kind of quote that a literal has."""
    mark = re.search(rb"['\"]", source)
    return mark[0].decode() if mark else '"'


def _joined(program: Program, node: cst.SimpleString, target: Target, code: bytes) -> bytes:
    """Return what a literal becomes of which only a part is the secret: what stands around it stays."""
    start, end = program.span(node)
    opening = (node.prefix + node.quote).encode()
    pieces = [program.data[start : target.start] + node.quote.encode(), code, opening + program.data[target.end : end]]
    text = b" + ".join(piece for piece in pieces if piece != opening + node.quote.encode())
    plain = cst.Arg | cst.AssignTarget | cst.Assign | cst.AnnAssign | cst.DictElement | cst.Return | cst.Element
    return text if isinstance(program.parents[node], plain) or node.lpar else b"(" + text + b")"


def _in_formatted(program: Program, node: cst.FormattedString, target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of a secret in the text of an f-string."""
    if not target.is_plain or not any(
        isinstance(part, cst.FormattedStringText) and _holds(program.span(part), target) for part in node.parts
    ):
        raise Refused("it is put together from pieces that the program computes")
    if b"\\" in program.text(node):
        raise Refused("it is in an f-string with escapes")
    other = "'" if '"' in node.quote else '"'
    where = _Place.of(program, node)
    value = target.value.decode()
    name = names.choose(value, target.path, target.rule, where.bound, where.owner)
    read = lookup(program, name, reader, target.start, other)
    edit = Edit(target.start, target.end, b"{" + read.code + b"}")
    title = f"read {name} from the environment"
    return Fix(title, (edit,), (Variable(name, value),), read.imports, "it is in an f-string")


def _holds(span: tuple[int, int], target: Target) -> bool:
    return span[0] <= target.start and target.end <= span[1]


def _apart(data: bytes, start: int, end: int, code: bytes) -> bytes:
    """Return code with blanks where it would run into the words beside it."""
    before = b" " if start and data[start - 1 : start].isalnum() and code[:1].isalnum() else b""
    after = b" " if data[end : end + 1].isalnum() and code[-1:].isalnum() else b""
    return before + code + after


@dataclass(frozen=True, slots=True)
class _Place:
    """What a literal is bound to, the class it is in, and why a look-up there may not be the same."""

    bound: str = ""
    owner: str = ""
    unsafe: str = ""

    @classmethod
    def of(cls, program: Program, literal: cst.CSTNode) -> _Place:
        """Read the place of a literal; raise Refused where no expression may stand."""
        bound, owner, unsafe, in_function = "", "", "", False
        inner = literal
        for node in program.chain(literal):
            if why := _impossible(node, inner):
                raise Refused(why)
            bound = bound or _binds(node, inner)
            unsafe = unsafe or ("" if in_function else _unsafe(node, inner))
            if isinstance(node, cst.ClassDef):
                owner = owner or node.name.value
            elif (
                isinstance(node, cst.Assign | cst.AnnAssign)
                and bound.isupper()
                and bound != (outer := _binds(node, inner))
            ):
                owner = owner or outer
            in_function = in_function or (isinstance(node, cst.FunctionDef | cst.Lambda) and inner is node.body)
            inner = node
        return cls(bound, owner, unsafe)


def _impossible(node: cst.CSTNode, inner: cst.CSTNode) -> str:
    """Return why nothing but a literal may stand there."""
    if isinstance(node, cst.Expr) and isinstance(inner, _String):
        return "it is in a text that documents the program"
    if isinstance(node, cst.Annotation):
        return "it is in a type"
    if isinstance(node, cst.MatchPattern):
        return "it is in a pattern of `match`"
    return "it is in an f-string" if isinstance(node, cst.FormattedStringExpression) else ""


def _unsafe(node: cst.CSTNode, inner: cst.CSTNode) -> str:
    if isinstance(node, cst.Param) and inner is node.default:
        return "it is the default of a parameter: read once, when the function is made"
    if isinstance(node, cst.Decorator):
        return "it is in a decorator"
    if isinstance(node, cst.ClassDef):
        return "it is in the body of a class: read once, when the class is made"
    if isinstance(node, cst.DictElement) and inner is node.key:
        return "it is a key of a dictionary"
    return ""


def _binds(node: cst.CSTNode, inner: cst.CSTNode) -> str:
    """Return the name that a node gives to a value in it."""
    if isinstance(node, cst.Assign):
        return dotted(node.targets[0].target).rpartition(".")[2] or _key(node.targets[0].target)
    if isinstance(node, cst.AnnAssign):
        return dotted(node.target).rpartition(".")[2]
    if isinstance(node, cst.Arg):
        return node.keyword.value if node.keyword and node.keyword.value != "default" else ""
    if isinstance(node, cst.Call):
        return _option(node, inner)
    if isinstance(node, cst.Param):
        return node.name.value
    if isinstance(node, cst.DictElement) and inner is node.value:
        return _text(constant(node.key))
    if isinstance(node, cst.Comparison):
        return dotted(node.left).rpartition(".")[2]
    return ""


def _option(node: cst.Call, inner: cst.CSTNode) -> str:
    """Return what the first argument of a call names, of which another one is the default: --db-password."""
    called = constant(node.args[0].value) if node.args and isinstance(inner, cst.Arg) and inner.keyword else None
    return _text(called).lstrip("-")


def _key(target: cst.CSTNode) -> str:
    """Return the key of an assignment to an entry."""
    if isinstance(target, cst.Subscript) and len(target.slice) == 1 and isinstance(target.slice[0].slice, cst.Index):
        return _text(constant(target.slice[0].slice.value))
    return ""


def _text(value: str | bytes | None) -> str:
    return value if isinstance(value, str) else ""
