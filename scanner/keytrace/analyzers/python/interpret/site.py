"""A call in a program: what is called, and with which arguments."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from keytrace.analyzers.python.interpret.values import Value, record
from keytrace.analyzers.python.knowledge import Parameter
from keytrace.analyzers.python.syntax import dotted, walk

_VARIABLES = frozenset("envvar env env_var validation_alias".split())  # of click, typer and pydantic
_UNSET = frozenset(("None", "False"))


@record
class Argument:
    """An argument of a call: `stars` is how many stand before it."""

    keyword: str
    stars: int
    value: Value
    node: cst.BaseExpression


@record
class Site:
    """A call: `ref` is what is called, by where it was imported from, `written` as it stands in the text.

    `known` are the attributes and entries of its object that the program has set: `headers['Accept']`, `auth`.
    """

    node: cst.Call
    ref: str
    written: str
    function: Value
    arguments: tuple[Argument, ...]
    method: str
    known: Mapping[str, Value]

    @classmethod
    def of(
        cls, node: cst.Call, written: str, function: Value, arguments: tuple[Argument, ...], known: Mapping[str, Value]
    ) -> Site:
        method = (written or function.ref).rpartition(".")[2]
        if not method and isinstance(node.func, cst.Attribute):
            method = node.func.attr.value
        return cls(node, function.ref, written, function, arguments, method, known)

    @property
    def positional(self) -> list[Argument]:
        return [argument for argument in self.arguments if not argument.keyword and not argument.stars]

    @property
    def receiver(self) -> cst.BaseExpression | None:
        """The expression whose method is called."""
        return self.node.func.value if isinstance(self.node.func, cst.Attribute) else None

    @property
    def values(self) -> list[Value]:
        return [argument.value for argument in self.arguments]

    @property
    def given(self) -> list[tuple[str, int, Value]]:
        """The arguments as (keyword, stars, value)."""
        return [(one.keyword, one.stars, one.value) for one in self.arguments]

    def parameter(self, parameter: Parameter) -> Argument | None:
        """Return the argument that a parameter takes."""
        if by_name := self.keyword(parameter.name):
            return by_name
        position = parameter.position
        return self.positional[position] if position is not None and position < len(self.positional) else None

    def keyword(self, name: str) -> Argument | None:
        for argument in self.arguments:
            if argument.keyword == name:
                return argument
        return None


def is_setting(node: cst.CSTNode | None) -> bool:
    """Tell whether an option or a field says which variable of the environment may give it its value."""
    if isinstance(node, cst.Annotation):
        return any(is_setting(part) for part in walk(node.annotation) if isinstance(part, cst.Call))
    if not isinstance(node, cst.Call):
        return False
    variables = (arg for arg in node.args if arg.keyword is not None and arg.keyword.value in _VARIABLES)
    return any(dotted(arg.value) not in _UNSET for arg in variables)


def path_of(function: cst.BaseExpression) -> str:
    """Return the path of what is called; where it begins with something else than a name, the end of it."""
    if path := dotted(function):
        if isinstance(function, cst.Call) and path == "getattr()" and len(function.args) > 1:
            return f"{dotted(function.args[0].value)}.log"  # getattr(logger, level)(…)
        return path
    pieces: list[str] = []
    node: cst.CSTNode = function
    while isinstance(node, cst.Attribute | cst.Call):
        pieces.append(node.attr.value if isinstance(node, cst.Attribute) else "()")
        node = node.value if isinstance(node, cst.Attribute) else node.func
    return ".".join(["", *reversed(pieces)]).replace(".()", "()")
