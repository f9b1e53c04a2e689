"""A Python program to be edited: LibCST says what is where, in bytes; what changes are the bytes alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, CodeSpan, MetadataWrapper, ParentNodeProvider

from keytrace.fixers.edits import Refused

Imports = cst.Import | cst.ImportFrom
Node = TypeVar("Node", bound=cst.CSTNode)

_FORM_FEED = re.compile(rb"^([ \t]*)\f", re.MULTILINE)


class Program:
    """The tree of a program with the place and the parent of each node."""

    def __init__(self, data: bytes) -> None:
        source = _FORM_FEED.sub(rb"\1\n", data)  # which ends an indentation as a line end does; LibCST drops it
        try:
            wrapper = MetadataWrapper(cst.parse_module(source.decode()), unsafe_skip_copy=True)
            self.spans: Mapping[cst.CSTNode, CodeSpan] = wrapper.resolve(ByteSpanPositionProvider)
            self.parents: Mapping[cst.CSTNode, cst.CSTNode] = wrapper.resolve(ParentNodeProvider)
        except (cst.ParserSyntaxError, cst.CSTValidationError, UnicodeDecodeError, RecursionError) as error:
            raise Refused("it is not Python 3 as far as can be told: it does not parse") from error
        self.module = wrapper.module
        self.data = data
        if self.module.code.encode() != source:
            raise Refused("its bytes cannot be told apart safely")
        self.newline = self.module.default_newline.encode()

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where a node stands, without the parentheses and blanks around it."""
        place = self.spans[node]
        return place.start, place.start + place.length

    def text(self, node: cst.CSTNode) -> bytes:
        """Return the source of a node."""
        start, end = self.span(node)
        return self.data[start:end]

    def around(self, start: int, end: int) -> Iterator[cst.CSTNode]:
        """Yield the nodes that hold [start, end), the innermost first."""
        inner: cst.CSTNode = self.module
        smallest = len(self.data) + 1
        for node, place in self.spans.items():
            holds = place.start <= start and end <= place.start + place.length and place.length < smallest
            if holds and isinstance(node, cst.BaseExpression | cst.BaseStatement | cst.BaseSmallStatement):
                inner, smallest = node, place.length
        yield from self.chain(inner)

    def chain(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield a node and all that it lies in."""
        while True:
            yield node
            if node not in self.parents:
                return
            node = self.parents[node]

    def nodes(self, kind: type[Node]) -> Iterator[Node]:
        """Yield the nodes of a kind."""
        return (node for node in self.spans if isinstance(node, kind))


@lru_cache(maxsize=8)
def parsed(data: bytes) -> Program:
    """Return the tree of a program; raise Refused where there is none."""
    return Program(data)


def constant(node: cst.CSTNode) -> str | bytes | None:
    """Return the text that an expression of literals alone comes to."""
    if isinstance(node, cst.SimpleString):
        return node.evaluated_value
    if isinstance(node, cst.ConcatenatedString):
        return node.evaluated_value
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        left, right = constant(node.left), constant(node.right)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, bytes) and isinstance(right, bytes):
            return left + right
    return None


def dotted(node: cst.CSTNode) -> str:
    """Return a name or a path of names as it is written; empty for any other expression."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr.value}" if before else ""
    return ""


def bindings(program: Program) -> Iterator[tuple[str, cst.CSTNode]]:
    """Yield each name that a program gives a meaning, with its value, its type, the import, or else what binds it."""
    for node in program.spans:
        if isinstance(node, Imports):
            for one in () if isinstance(node.names, cst.ImportStar) else node.names:
                yield dotted(one.asname.name if one.asname else one.name).split(".")[0], node
        elif isinstance(node, cst.FunctionDef | cst.ClassDef):
            yield node.name.value, node
        elif isinstance(node, cst.Param):
            yield node.name.value, node.annotation or node
        elif isinstance(node, cst.Global | cst.Nonlocal):
            yield from ((one.name.value, node) for one in node.names)
        elif isinstance(node, cst.AnnAssign):
            yield from ((name, node.annotation) for name in _names(node.target))
        else:
            yield from _targets(program, node)


def _targets(program: Program, node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    """Yield the names that a node assigns to, or takes from what it matches or deletes."""
    if isinstance(node, cst.AssignTarget):
        parent = program.parents[node]
        value = parent.value if isinstance(parent, cst.Assign) and isinstance(node.target, cst.Name) else node
        yield from ((name, value) for name in _names(node.target))
    elif isinstance(node, cst.AugAssign | cst.NamedExpr | cst.CompFor | cst.For | cst.Del):
        yield from ((name, node) for name in _names(node.target))
    elif isinstance(node, cst.AsName) and not isinstance(program.parents[node], cst.ImportAlias):
        yield from ((name, node) for name in _names(node.name))
    elif isinstance(node, cst.MatchAs | cst.MatchStar | cst.MatchMapping):
        captured = node.rest if isinstance(node, cst.MatchMapping) else node.name
        yield from ((name, node) for name in (_names(captured) if captured else ()))


def _names(target: cst.CSTNode) -> Iterator[str]:
    """Yield the names that stand alone, or as elements, where something is assigned to."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Tuple | cst.List):
        yield from (name for element in target.elements for name in _names(element.value))
