"""What a program is made of: values with the secrets in them, scopes, functions, classes; types only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeVar, dataclass_transform

import libcst as cst

from keytrace.model import Location


class Unknown(Enum):
    """What stands for a constant that is not known."""

    UNKNOWN = 0


Node = cst.CSTNode
UNKNOWN: Final = Unknown.UNKNOWN
Const = str | bytes | int | float | bool | None | Unknown
MOST_TAINTS, MOST_STEPS, MOST_OPTIONS, MOST_PARTS = 8, 12, 6, 64
MOST_EFFECTS = 32  # of a function: each of them is one of all its callers, and of theirs
MOST_ITEMS = 256  # entries of a container that grows one by one, which are known by themselves
LONGEST_CONST = 65_536  # characters of a constant that is followed
_BASE = re.compile(r"\w+")
T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=False)
def record(kind: type[T]) -> type[T]:
    """Make a dataclass that types hold frozen; at run time, where thousands are made, nothing is paid for that."""
    return dataclass(slots=True, eq=False)(kind)


@dataclass(frozen=True, slots=True)
class Step:
    """A place on the way of a secret: a node of this module, or a location in another."""

    place: cst.CSTNode | Location
    says: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The key of an entry, where it is what the parameter of this number is given, or not known at all: -1."""

    parameter: int = -1


@dataclass(frozen=True, slots=True)
class Asked:
    """Stands for what is looked up under an argument, not for an entry of it: os.environ[name]; `look` does it."""

    says: str
    look: Callable[[Value], Value] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """The key of an entry, where it is a constant of which only the name is known: CONF_TOKEN of another package."""

    path: str


_DEEPEST_ENTRY = 3  # entries one in another that are told apart
EACH = Chosen(-2)  # all that a loop takes out, in turn
LISTED = Chosen(-3)  # what list() makes of it: of a dictionary its names
Key = str | int | Chosen | Asked


@dataclass(frozen=True, slots=True)
class Taint:
    """A secret in a value: what it is called, where it came from and the steps it took. Its methods make others
    by the thousand, not by `replace`, which takes five times as long.

    `kind`: environment, manager, prompt, generated, literal, name (its name alone tells), dump (a whole environment),
    or parameter: what stands for the argument of the function that is being summed up.
    """

    kind: str
    name: str
    steps: tuple[Step, ...]
    part: bool = False  # a few characters of it
    owner: Function | None = None  # of a parameter, or of that of which the name tells, and
    index: int = -1  # its number, and
    at: tuple[Key, ...] = ()  # which entry of its argument, by key and key of that

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, self.name, self.part, self.owner, self.index, self.at)

    def entry(self, key: Key) -> Taint | None:
        """Return what stands for an entry of the argument; None of no parameter, or too deep in one."""
        if self.kind != "parameter" or len(self.at) >= _DEEPEST_ENTRY:
            return None
        return self._other(self.steps, self.part, (*self.at, key))

    def cut(self) -> Taint:
        """Return the taint of a part of what is tainted so."""
        return self._other(self.steps, True, self.at)

    def step(self, place: cst.CSTNode | Location, says: str) -> Taint:
        """Return the taint one step further."""
        return self.along((Step(place, says),))

    def along(self, steps: Iterable[Step]) -> Taint:
        """Return the taint so many steps further."""
        taken = list(self.steps)
        for step in steps:
            if len(taken) >= MOST_STEPS:
                break
            if not taken or taken[-1].place is not step.place:
                taken.append(step)
        if len(taken) == len(self.steps):
            return self
        return self._other(tuple(taken), self.part, self.at)

    def _other(self, steps: tuple[Step, ...], part: bool, at: tuple[Key, ...]) -> Taint:
        return Taint(self.kind, self.name, steps, part, self.owner, self.index, at)


@record
class Value:
    """What an expression may evaluate to. `taints` are those of all its parts, entries and options.

    `ref` is the dotted name of what it is ("os.environ", "logging.getLogger()"); `node` where its constant stands.
    """

    ref: str = ""
    const: Const = UNKNOWN
    node: cst.CSTNode | None = None
    folded: bool = False  # the constant is made of several pieces
    taints: tuple[Taint, ...] = ()
    parts: tuple[Value, ...] = ()  # of a text, in order
    items: Mapping[object, Value] | None = None  # of a container, by constant key
    options: tuple[Value, ...] = ()  # it is one of these
    function: Function | None = None
    owner: Value | None = None  # the object that a method is bound to
    instance: Class | None = None
    clean: bool = False  # says nothing of a secret, whatever it is called
    masked: Value | None = None  # what a wrapper holds that masks it when shown
    shown: str = ""  # the name it was last read by
    mac: Value | None = None  # the key, if it is a message authentication code
    hashed: bool = False  # it is a hash over a secret
    is_parameter: bool = False  # it is the argument of a parameter, as it is

    @property
    def leaves(self) -> tuple[Value, ...]:
        """The options, or the value itself when there are none."""
        return self.options or (self,)

    @property
    def symbol(self) -> Symbol | None:
        """What stands for the constant, where only its name is known."""
        return Symbol(self.ref) if self.const is UNKNOWN and self.ref.rpartition(".")[2].isupper() else None

    @property
    def is_none(self) -> bool:
        return self.const is None

    @property
    def is_class(self) -> bool:
        return self.instance is not None and self.shown == "class"

    @property
    def is_open(self) -> bool:
        """Tell whether it may be anything, so that its name decides what it is."""
        if self.options:
            return any(option.is_open for option in self.options)
        known = self.clean or self.items is not None or self.function is not None or self.masked is not None
        return (
            self.const is UNKNOWN and not known and not any(taint.kind != "parameter" for taint in self.taints)
        )  # fmt: skip

    @property
    def text(self) -> str | None:
        """The constant as text, if it is one."""
        if isinstance(self.const, str):
            return self.const
        return self.const.decode("latin-1") if isinstance(self.const, bytes) else None


@dataclass(frozen=True, slots=True)
class Given:
    """The key, among the entries of what functools.partial makes, of a keyword that every call of it is given."""

    keyword: str


RETURNED = "returned by "  # how a step begins that is the call of a function

NOTHING = Value()
CLEAN = Value(clean=True)


class Scope:
    """The names of a module, function, class or comprehension; `x.y` and `x['y']` are names of their own."""

    __slots__ = ("declared", "names", "outer", "parts")

    def __init__(self, outer: Scope | None = None, names: dict[str, Value] | None = None) -> None:
        self.outer = outer
        self.names: dict[str, Value] = names if names is not None else {}
        self.declared: dict[str, Scope] = {}  # `global` and `nonlocal`: where these names are bound
        self.parts: dict[str, set[str]] = {}  # the attributes and entries of a name that are known by themselves

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
            self.parts.setdefault(base[0], set()).add(name)

    def known_of(self, path: str) -> dict[str, Value]:
        """Return the attributes and entries of `path` that are known by themselves: `headers['Accept']`, `auth`."""
        base = _BASE.match(path)
        found: dict[str, Value] = {}
        scope: Scope | None = self if base is not None else None
        while scope is not None and base is not None:
            for name in scope.parts.get(base[0], ()):
                if name.startswith(path + ".") and name in scope.names:
                    found.setdefault(name[len(path) + 1 :], scope.names[name])
            scope = scope.outer
        return found

    def branch(self) -> Scope:
        """Return a copy, in which one of several ways through the program is followed."""
        copy = Scope(self.outer, dict(self.names))
        copy.declared = self.declared
        copy.parts = {name: set(parts) for name, parts in self.parts.items()}
        return copy


@dataclass(frozen=True, slots=True)
class Effect:
    """What a function does with an argument: hands it to a sink, of which the interpreter knows no more than its id."""

    parameter: int
    rule: str
    place: cst.CSTNode | Location
    says: str
    steps: tuple[Step, ...]
    part: bool = False
    at: tuple[Key, ...] = ()  # entry of the argument
    mild: bool = False  # few see it
    doubt: str = ""  # why it may be nothing


@record
class Handed:
    """A call of what is handed to a function: apply(print, x) calls print(x)."""

    parameter: int
    at: tuple[Key, ...]
    arguments: tuple[tuple[str, int, Value, cst.BaseExpression], ...]
    node: cst.Call


@dataclass(slots=True)
class Summary:
    """What a function returns, in which its parameters stand for themselves, and what it does with them."""

    returns: Value | None = None
    effects: dict[tuple[object, ...], Effect] = field(default_factory=dict)
    stored: dict[tuple[int, tuple[Key, ...]], set[str]] = field(default_factory=dict)  # entry -> attributes of self
    calls: dict[int, Handed] = field(default_factory=dict)  # by id() of their nodes
    fills: dict[int, Value] = field(default_factory=dict)  # parameter -> what is put into its argument

    def add(self, effect: Effect) -> None:
        key = (effect.parameter, effect.at, effect.rule, id(effect.place), effect.part)
        if len(self.effects) < MOST_EFFECTS:
            self.effects.setdefault(key, effect)


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
    wrappers: tuple[Function, ...] = ()  # that decorators have put around it
    is_foreign: bool = False  # of another module: its summary is all that is known
    reading: bool = False

    @property
    def offset(self) -> int:
        """The number of parameters that a call does not give: self."""
        return int(self.owner is not None and not self.is_static)

    @property
    def place(self) -> cst.CSTNode:
        return self.node.name if isinstance(self.node, cst.FunctionDef) else self.node


@dataclass(slots=True, eq=False)
class Class:
    """A class: its methods and what its attributes may hold, in any of its objects."""

    name: str
    node: cst.ClassDef
    bases: tuple[str, ...]
    attributes: dict[str, Value] = field(default_factory=dict)
    parents: tuple[Class, ...] = ()
    is_record: bool = False  # it shows its fields: a dataclass, a model
    hidden_fields: set[str] = field(default_factory=set)  # but not these
    parts: dict[str, Value] = field(default_factory=dict)  # what is set of its attributes: `session.headers['X']`

    def find(self, name: str, depth: int = 0) -> Value | None:
        value = self.attributes.get(name)
        if value is None and depth < 8:
            for parent in self.parents:
                value = parent.find(name, depth + 1)
                if value is not None:
                    break
        return value

    def known_of(self, path: str, depth: int = 0) -> dict[str, Value]:
        """Return what its methods set of an attribute, or with an empty path of the object itself."""
        found = {name[len(path) :]: value for name, value in self.parts.items() if name.startswith(path)}
        for parent in self.parents if depth < 8 else ():
            found = {**parent.known_of(path, depth + 1), **found}
        return found
