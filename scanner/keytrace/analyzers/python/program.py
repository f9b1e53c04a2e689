"""What a program is made of, as far as the flow of secrets goes: scopes, functions with their summaries, classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keytrace.analyzers.python.lattice import Step, Value, container, join

_BASE = re.compile(r"\w+")

if TYPE_CHECKING:
    import libcst as cst

    from keytrace.model import Location


class Scope:
    """The names of a module, function, class or comprehension; `x.y` and `x['y']` are names of their own."""

    __slots__ = ("_parts", "declared", "names", "outer")

    def __init__(self, outer: Scope | None = None, names: dict[str, Value] | None = None) -> None:
        self.outer = outer
        self.names: dict[str, Value] = names if names is not None else {}
        self.declared: dict[str, Scope] = {}  # `global` and `nonlocal`: where these names are bound
        self._parts: dict[str, set[str]] = {}  # the attributes and entries of a name that are known by themselves

    def find(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            value = scope.names.get(name)
            if value is not None:
                return value
            scope = scope.outer
        return None

    def put(self, name: str, value: Value) -> None:
        """Bind a name, or an attribute or entry of one, and leave everything else as it is."""
        self.names[name] = value
        base = _BASE.match(name)
        if base is not None and base.end() < len(name):
            self._parts.setdefault(base[0], set()).add(name)

    def bind(self, name: str, value: Value) -> None:
        """Bind a name anew; what was known of its attributes and entries is forgotten."""
        scope = self.declared.get(name, self)
        for part in scope._parts.pop(name, ()):
            scope.names.pop(part, None)
        if scope is not self:
            before = scope.names.get(name)  # nobody knows when this runs
            value = join(before, value) if before is not None else value
        scope.put(name, value)

    def branch(self) -> Scope:
        """Return a copy, in which one of several ways through the program is followed."""
        copy = Scope(self.outer, dict(self.names))
        copy.declared = self.declared
        copy._parts = {name: set(parts) for name, parts in self._parts.items()}
        return copy

    def merge(self, *branches: Scope) -> None:
        """Go on with what is known after any of `branches`."""
        merged = dict(branches[0].names)
        for branch in branches[1:]:
            for name, value in branch.names.items():
                before = merged.get(name)
                if before is not value:
                    merged[name] = value if before is None else join(before, value)
        self.names = merged
        self._parts = {}
        for branch in branches:
            for name, parts in branch._parts.items():
                self._parts.setdefault(name, set()).update(parts)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a function does with an argument: hands it to a sink."""

    parameter: int
    rule: str
    place: cst.CSTNode | Location
    says: str
    steps: tuple[Step, ...]
    part: bool = False


@dataclass(slots=True)
class Summary:
    """What a function returns, in which its parameters stand for themselves, and what it does with them."""

    returns: Value | None = None
    effects: dict[tuple[object, ...], Effect] = field(default_factory=dict)
    stored: dict[int, set[str]] = field(default_factory=dict)  # parameter -> attributes of self


@dataclass(slots=True, eq=False)
class Function:
    """A function or method; `kept` is its summary of the last round, `summary` that of this one."""

    name: str
    node: cst.FunctionDef | cst.Lambda
    scope: Scope
    parameters: tuple[str, ...]
    owner: Class | None = None
    is_property: bool = False
    is_static: bool = False
    keywords: str = ""  # the name of its **parameter
    rest: str = ""  # the name of its *parameter
    first_keyword_only: int = 0  # the number of the first parameter that has no position
    summary: Summary = field(default_factory=Summary)
    kept: Summary | None = None
    round: int = 0  # in which it was read last
    is_generator: bool = False
    is_foreign: bool = False  # of another module: its summary is all that is known
    reading: bool = False
    view: str = ""  # the web framework that calls it
    webhook: str = ""  # whose webhook it handles, as far as it says
    signs: bool = False  # it computes a signature
    checks: bool = False  # it checks a signature, by itself or by a decorator or dependency
    body_checks: bool | None = None  # it calls what checks a signature, or compares; None: not looked at

    @property
    def offset(self) -> int:
        """The number of parameters that a call does not give: self."""
        return int(self.owner is not None and not self.is_static)

    def bind(self, arguments: Iterable[tuple[str, bool, Value]], *, bound: bool) -> dict[int, Value]:
        """Return the value of each parameter, by its number, for the arguments (keyword, starred, value) of a call."""
        numbers = {name: number for number, name in enumerate(self.parameters)}
        given: dict[int, Value] = {}
        rest: dict[object, Value] = {}  # what *args and **kwargs take
        named: dict[object, Value] = {}
        position = self.offset if bound else 0
        for keyword, starred, value in arguments:
            entries: list[tuple[object, Value]] = [(keyword, value)] if keyword else []
            if starred:
                entries = [(key, entry) for key, entry in (value.items or {}).items() if isinstance(key, str)]
            for key, entry in entries:
                if isinstance(key, str) and key in numbers:
                    given[numbers[key]] = entry
                else:
                    named[key] = entry
            if keyword or starred:
                continue
            if position < self.first_keyword_only:
                given[position] = value
            else:
                rest[position] = value
            position += 1
        for name, taken in ((self.rest, rest), (self.keywords, named)):
            if name and taken:
                given[numbers[name]] = container(taken)
        return given


@dataclass(slots=True, eq=False)
class Class:
    """A class: its methods and what its attributes may hold, in any of its objects."""

    name: str
    bases: tuple[str, ...]
    attributes: dict[str, Value] = field(default_factory=dict)
    parents: tuple[Class, ...] = ()
    is_exempt: bool = False  # from Django's protection against forged requests
    is_record: bool = False  # it shows its fields: a dataclass, a model
    hidden_fields: set[str] = field(default_factory=set)  # but not these

    def find(self, name: str, depth: int = 0) -> Value | None:
        value = self.attributes.get(name)
        if value is None and depth < 8:
            for parent in self.parents:
                value = parent.find(name, depth + 1)
                if value is not None:
                    break
        return value
