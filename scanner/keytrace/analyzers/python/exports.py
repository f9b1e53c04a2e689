"""What a program knows of other modules of the scan: what their names hold, and what their functions and classes do."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import libcst as cst

from keytrace.analyzers.python.copies import Copies
from keytrace.analyzers.python.interpret.values import Class, Effect, Function, Step, Summary, Taint, Value
from keytrace.model import Location

Place = Callable[[cst.CSTNode], Location | None]
_MOST_PARTS = 8  # of a text, that are known one by one in another module


@dataclass(slots=True)
class Modules:
    """Looks up what a program imports, by the dotted name that it has there.

    `table` says which module of the scan is meant by each name of one; `export` returns what a module calls a name,
    `names` the names of its top level. Both read the module: that is done for names that matter.
    """

    table: Mapping[str, str]
    export: Callable[[str, str], Value | None]
    names: Callable[[str], Iterable[str]]
    used: Container[str] | None = None  # names of which it matters, where that is known
    _known: dict[str, Value | None] = field(default_factory=dict)
    _copies: Copies = field(default_factory=Copies)

    def find(self, ref: str) -> Value | None:
        """Return what is known of `module.name`, None when the module is not one of the scan or has no such name."""
        if not self.table or not ref or not self._is_used(ref.rpartition(".")[2]):
            return None
        return self._look_up(ref)

    def _look_up(self, ref: str) -> Value | None:
        if ref not in self._known:
            module, _, name = ref.rpartition(".")
            if ref.startswith(".") and not module.strip("."):  # from . import name
                module = ref[: len(ref) - len(name)]
            path = self.table.get(module)
            self._known[ref] = self._own(path, name) if path is not None and name else None
        return self._known[ref]

    def bound(self, ref: str, name: str) -> Value | None:
        """Return what is known of `module.name` that is bound to a name here, None when that does not matter, too."""
        return self._look_up(ref) if self.table and ref and self._is_used(name) else None

    def _own(self, path: str, name: str) -> Value | None:
        """Return what a module calls a name, with classes and functions that are the program's own to change."""
        value = self.export(path, name)
        return self._copies.of(value) if value is not None else None

    def _is_used(self, name: str) -> bool:
        return self.used is None or name in self.used

    def star(self, module: str) -> Iterator[tuple[str, Value]]:
        """Yield what `from module import *` binds, as far as it is known."""
        path = self.table.get(module)
        for name in self.names(path) if path is not None else ():
            value = self._own(path, name) if path is not None and self._is_used(name) else None
            if value is not None and not name.startswith("_"):
                yield name, value


class Freezer:
    """Makes values of a module fit for others: places become locations, functions are known by what they do."""

    def __init__(self, place: Place, is_nothing: Callable[[Taint], bool]) -> None:
        """`is_nothing` tells of a secret that it is none in the module that it comes from."""
        self._place, self._is_nothing = place, is_nothing
        self._seen: set[int] = set()

    def value(self, value: Value) -> Value:
        if value.function is not None:
            self._function(value.function)
        if value.instance is not None:
            self._class(value.instance)
        return replace(
            value, node=None, taints=tuple(self._taints(value.taints)), owner=None,
            options=tuple(map(self.value, value.options)),
            items={key: self.value(item) for key, item in value.items.items()} if value.items is not None else None,
            parts=tuple(map(self.value, value.parts)) if len(value.parts) < _MOST_PARTS else (),
            masked=self.value(value.masked) if value.masked is not None else None,
            mac=self.value(value.mac) if value.mac is not None else None,
        )  # fmt: skip

    def _function(self, function: Function) -> None:
        if id(function) in self._seen:
            return
        self._seen.add(id(function))
        summary = function.summary
        function.is_foreign = True
        function.summary = Summary(
            self.value(summary.returns) if summary.returns is not None else None,
            {key: frozen for key, effect in summary.effects.items() if (frozen := self._effect(effect)) is not None},
            summary.stored,
            fills={index: self.value(value) for index, value in summary.fills.items()},
        )

    def _effect(self, effect: Effect) -> Effect | None:
        where = effect.place if isinstance(effect.place, Location) else self._place(effect.place)
        return replace(effect, place=where, steps=tuple(self._steps(effect.steps))) if where is not None else None

    def _class(self, owner: Class) -> None:
        if id(owner) in self._seen:
            return
        self._seen.add(id(owner))
        owner.attributes = {name: self.value(value) for name, value in owner.attributes.items()}
        for parent in owner.parents:
            self._class(parent)

    def _taints(self, taints: Iterable[Taint]) -> Iterator[Taint]:
        kept = (taint for taint in taints if not self._is_nothing(taint))
        return (replace(taint, steps=tuple(self._steps(taint.steps))) for taint in kept)

    def _steps(self, steps: Iterable[Step]) -> Iterator[Step]:
        for step in steps:
            if isinstance(step.place, Location):
                yield step
            elif (location := self._place(step.place)) is not None:
                yield replace(step, place=replace(location, note=step.says))


def places(value: Value, name_of: set[int] | None = None) -> Iterator[cst.CSTNode]:
    """Yield the nodes on the ways of the secrets in a value, and in what its functions and classes do."""
    seen = name_of if name_of is not None else set()
    if id(value) in seen:
        return
    seen.add(id(value))
    for taint in value.taints:
        yield from _nodes(taint.steps)
    inner = _inside(value)
    if value.function is not None and id(value.function) not in seen:
        seen.add(id(value.function))
        summary = value.function.summary
        inner += [summary.returns] if summary.returns is not None else []
        inner += summary.fills.values()
        for effect in summary.effects.values():
            yield from _nodes(effect.steps)
            if isinstance(effect.place, cst.CSTNode):
                yield effect.place
    if value.instance is not None and id(value.instance) not in seen:
        seen.add(id(value.instance))
        for owner in (value.instance, *value.instance.parents):
            inner += owner.attributes.values()
    for one in inner:
        yield from places(one, seen)


def _inside(value: Value) -> list[Value]:
    wrapped = filter(None, (value.masked, value.mac))
    return [*value.options, *value.parts, *(value.items or {}).values(), *wrapped]


def _nodes(steps: Iterable[Step]) -> Iterator[cst.CSTNode]:
    return (step.place for step in steps if isinstance(step.place, cst.CSTNode))
