"""Where the reading of a module stands: scope, function, class, what each node came to, and how much was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import libcst as cst

from keytrace.analyzers.python.events import Bound, Event
from keytrace.analyzers.python.interpret.values import NOTHING, Class, Function, Scope, Taint, Value
from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.syntax import dotted

_MOST_WORK = 600_000  # expressions that are evaluated in one module
_NAMES_FOR_ONE = 8  # names that are joined in the time that an expression takes


class TooLongError(Exception):
    """The module takes too long to read."""


class Imports(Protocol):
    """What is known of other modules."""

    def find(self, ref: str) -> Value | None: ...

    def bound(self, ref: str, name: str) -> Value | None: ...

    def star(self, module: str) -> Iterator[tuple[str, Value]]: ...


@dataclass(frozen=True, slots=True)
class World:
    """What is known before a module is read."""

    names: Names
    knowledge: Knowledge
    literals: Literals
    imports: Imports


@dataclass(slots=True)
class Frame:
    """What changes from function to function."""

    scope: Scope
    function: Function | None = None
    owner: Class | None = None  # the class whose body, or one of whose methods, is read
    loops: int = 0  # one in another
    asserted: bool = False  # in the condition of an assertion


Expressions = Mapping[type, Callable[["State", Any], Value]]
Statements = Mapping[type, Callable[["State", Any], bool]]


class State:
    """Evaluates and executes nodes by its two tables, and tells what happens to its listener."""

    def __init__(
        self, world: World, tables: tuple[Expressions, Statements], memo: dict[int, Value],
        listener: Callable[[Event], None],
    ) -> None:  # fmt: skip
        self.world = world
        self.names, self.knowledge, self.imports = world.names, world.knowledge, world.imports
        self.emit = listener
        self.round = 0
        self.is_complete = True
        self.depth = 0  # functions that are read one inside the other
        self.module = Scope()
        self.frame = Frame(self.module)
        self.raised: list[Taint] = []  # in the `try` that is being read
        self.late: dict[str, Value] = {}  # what functions bind to global names
        self.functions: dict[cst.CSTNode, Function] = {}
        self.classes: dict[cst.CSTNode, Class] = {}
        self.waiting: list[Function] = []  # defined, and to be read when the code around them has been
        self._expressions, self._statements = tables
        self._memo = memo
        self._paths: dict[int, str] = {}
        self._work = 0

    @property
    def scope(self) -> Scope:
        return self.frame.scope

    @property
    def function(self) -> Function | None:
        return self.frame.function

    def evaluate(self, node: cst.CSTNode | None) -> Value:
        """Return what is known of an expression."""
        visit = self._expressions.get(node.__class__)
        if visit is None or node is None:
            return NOTHING
        self._work += 1
        if self._work > _MOST_WORK:
            raise TooLongError
        value = self._memo[id(node)] = visit(self, node)
        return value

    def value_of(self, node: cst.CSTNode | None) -> Value:
        """Return what an expression came to when it was last evaluated."""
        return self._memo.get(id(node), NOTHING)

    def execute(self, node: cst.CSTNode) -> bool:
        """Read a statement; tell whether the program goes on behind it."""
        visit = self._statements.get(node.__class__)
        return visit is None or visit(self, node)

    def block(self, statements: Sequence[cst.CSTNode]) -> bool:
        """Read statements up to one behind which the program does not go on; tell whether there was none."""
        return all(self.execute(statement) for statement in statements)

    def path(self, node: cst.CSTNode) -> str:
        """Return the dotted path of an expression, empty when it is none."""
        if type(node) is cst.Name:
            return node.value
        path = self._paths.get(id(node))
        if path is None:
            path = self._paths[id(node)] = dotted(node)
        return path

    def spend(self, names: int) -> None:
        """Count the work of joining so many names, which is less than to evaluate as many expressions."""
        self._work += names // _NAMES_FOR_ONE
        if self._work > _MOST_WORK:
            raise TooLongError

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Read in another frame, of a function or class, with exceptions of its own."""
        before = self.frame, self.raised
        self.frame, self.raised = frame, []
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            self.frame, self.raised = before

    def bound(self, name: str, value: Value, form: str, place: cst.CSTNode, **more: Any) -> None:
        """Tell that a value is given to a name, if anything is known of it."""
        if value.text is not None or value.taints or value.items or value.options or value.masked is not None:
            self.emit(Bound(name, value, form, place, self.frame.function, **more))
