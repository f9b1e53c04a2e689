"""LibCST trees: parsing, an iterative walk over what means something, paths, texts, and where nodes stand."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import lru_cache

import libcst as cst
from libcst._nodes.internal import CodegenState

from keytrace.analyzers.python.guard import refuse

_SKIPPED = (
    "whitespace", "lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "leading_lines", "header", "footer",
    "lines_after", "trailing", "comma", "semicolon", "newline", "comment", "equal", "indent", "encoding", "default_",
    "has_trailing", "colon", "dot",
)  # fmt: skip
_RECURSION = 20_000  # Python frames: the guard bounds how deep a tree is
_FORM_FEEDS = re.compile(rb"(?:\n|\A)\f+")  # at the beginning of a line they are as good as an empty one
_ESCAPE = re.compile(r"\\(?:[\\'\"abfnrtv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{1,3})")


def parse(data: bytes) -> cst.Module | str:
    """Return the module, or why it is none."""
    if reason := refuse(data):
        return reason
    if b"\f" in data:  # LibCST leaves them out when it writes a module again, and places would be wrong
        data = _FORM_FEEDS.sub(lambda found: b"\n" * len(found[0]), data).replace(b"\f", b" ")
    try:
        return cst.parse_module(data, cst.PartialParserConfig(encoding="utf-8"))
    except cst.ParserSyntaxError as error:
        return f"not Python as LibCST knows it (line {error.raw_line})"
    except (RecursionError, UnicodeDecodeError, ValueError):
        return "not valid Python 3"


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the garbage collector from looking at a tree again and again while it grows."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[str, ...]:
    names: Iterable[str] = getattr(kind, "__dataclass_fields__", ())
    return tuple(name for name in names if not name.startswith(_SKIPPED) and "whitespace" not in name)


def walk(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield a node and all below it, in no order to rely on; whitespace and punctuation are left out."""
    waiting: list[cst.CSTNode] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        for name in _fields(node.__class__):
            value = getattr(node, name)
            kind = value.__class__
            if kind is list or kind is tuple:
                waiting += value
            elif _is_node(kind):
                waiting.append(value)


@lru_cache(maxsize=256)
def _is_node(kind: type) -> bool:
    return issubclass(kind, cst.CSTNode)


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow as many frames as the deepest tree that passes the guard takes; pure Python frames need no C stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class _AllFoundError(Exception):
    """Ends the writing of a module when there is no more to note."""


class _Positions(CodegenState):
    """Writes the module out again, and notes where the nodes begin and end that are asked for."""

    def __init__(self, module: cst.Module, wanted: frozenset[int]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = wanted
        self.spans: dict[int, tuple[int, int]] = {}
        self.offset = 0
        self._begun: dict[int, int] = {}
        self._nothing = nullcontext()

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.offset += len(token) if token.isascii() else len(token.encode())

    def add_token(self, value: str) -> None:
        self.offset += len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))

    def pop_trailing_newline(self) -> None:
        pass

    def before_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self._begun[id(node)] = self.offset

    def after_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self.spans.setdefault(id(node), (self._begun[id(node)], self.offset))
            if len(self.spans) == len(self.wanted):
                raise _AllFoundError

    def record_syntactic_position(  # type: ignore[override]  # a generator for each node costs too much
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,  # noqa: ARG002
        end_node: cst.CSTNode | None = None,  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        return self._noting(node) if id(node) in self.wanted else self._nothing

    @contextmanager
    def _noting(self, node: cst.CSTNode) -> Iterator[None]:
        start = self.offset
        yield
        self.spans[id(node)] = (start, self.offset)


def spans(module: cst.Module, nodes: Iterable[cst.CSTNode]) -> dict[int, tuple[int, int]]:
    """Return start and end of nodes, in bytes of the UTF-8 text without byte order mark, by their id()."""
    wanted = frozenset(map(id, nodes))
    if not wanted:
        return {}
    state = _Positions(module, wanted)
    with suppress(_AllFoundError):
        module._codegen(state)
    return state.spans


def dotted(node: cst.CSTNode | None) -> str:
    """Return `a.b().c` for a path of names, attributes and calls, in which calls lose their arguments; else nothing."""
    pieces: list[str] = []
    while node is not None:
        if type(node) is cst.Name:
            pieces.append(node.value)
            return "".join(reversed(pieces))
        if type(node) is cst.Attribute:
            pieces.append("." + node.attr.value)
            node = node.value
        elif type(node) is cst.Call:
            pieces.append("()")
            node = node.func
        elif type(node) is cst.Await:
            node = node.expression
        else:
            break
    return ""


def string_value(node: cst.SimpleString) -> str | bytes:
    """Return the value of a string literal."""
    text = node.value
    start = 0
    while text[start] not in "\"'":
        start += 1
    prefix = text[:start].lower()
    quote = 3 if text[start : start + 3] in ('"""', "'''") and len(text) >= start + 6 else 1
    body = text[start + quote : len(text) - quote]
    if "\\" not in body or "r" in prefix:
        return body.encode("latin-1", "replace") if "b" in prefix else body
    try:
        return node.evaluated_value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return body


def unescape(text: str) -> str:
    """Return the text of a piece of an f-string."""
    try:
        return _ESCAPE.sub(lambda found: found[0].encode().decode("unicode_escape"), text)
    except UnicodeDecodeError:
        return text
