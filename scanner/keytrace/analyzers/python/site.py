"""A call in a program: what is called, and with which arguments."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from keytrace.analyzers.python.knowledge import Parameter, Source, Table
from keytrace.analyzers.python.lattice import Value
from keytrace.analyzers.python.tree import dotted


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: `stars` is how many stand before it."""

    keyword: str
    stars: int
    value: Value
    node: cst.BaseExpression


@dataclass(frozen=True, slots=True)
class Site:
    """A call: `ref` is what is called, by where it was imported from, `written` as it stands in the text."""

    node: cst.Call
    ref: str
    written: str
    function: Value
    arguments: tuple[Argument, ...]

    @property
    def method(self) -> str:
        return (self.written or self.ref).rpartition(".")[2] or (
            self.node.func.attr.value if isinstance(self.node.func, cst.Attribute) else ""
        )

    def parameter(self, parameter: Parameter) -> Argument | None:
        """Return the argument that a parameter takes."""
        if by_name := self.keyword(parameter.name):
            return by_name
        position = 0
        for argument in self.arguments:
            if argument.keyword:
                continue
            if not argument.stars:
                if position == parameter.position:
                    return argument
                position += 1
        return None

    def keyword(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.keyword == name), None)

    @property
    def positional(self) -> list[Argument]:
        return [argument for argument in self.arguments if not argument.keyword and not argument.stars]


def source_of(table: Table[Source], ref: str, written: str) -> Source | None:
    found = table.find(ref, written)
    return found[0] if found else None


def written(function: cst.BaseExpression) -> str:
    """Return the path of what is called; where it begins with something else than a name, the end of it."""
    if path := dotted(function):
        if isinstance(function, cst.Call) and path == "getattr()" and len(function.args) > 1:
            return f"{dotted(function.args[0].value)}.log"  # getattr(logger, level)(…)
        return path
    pieces: list[str] = []
    node: cst.CSTNode = function
    while isinstance(node, cst.Attribute | cst.Call | cst.Subscript):
        if isinstance(node, cst.Attribute):
            pieces.append(node.attr.value)
            node = node.value
        elif isinstance(node, cst.Call):
            pieces.append("()")
            node = node.func
        else:
            break
    return ".".join(["", *reversed(pieces)]).replace(".()", "()")
