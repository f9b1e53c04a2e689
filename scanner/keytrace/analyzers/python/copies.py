"""Classes and functions of other modules, copied for each that uses them: what it gives them, nobody else knows."""

from __future__ import annotations

from dataclasses import replace

from keytrace.analyzers.python.interpret.values import Class, Function, Summary, Taint, Value


class Copies:
    """Copies what a module knows of others, each class and function once."""

    def __init__(self) -> None:
        self._functions: dict[int, tuple[Function, Function]] = {}  # by id(), which the first of each keeps from others
        self._classes: dict[int, tuple[Class, Class]] = {}

    def of(self, value: Value) -> Value:
        """Return a value with classes and functions of its own."""
        if value.function is None and value.instance is None and not _holds(value):
            return value
        return replace(
            value,
            taints=tuple(map(self._taint, value.taints)),
            parts=tuple(map(self.of, value.parts)),
            items={key: self.of(item) for key, item in value.items.items()} if value.items is not None else None,
            options=tuple(map(self.of, value.options)),
            function=self._function(value.function) if value.function is not None else None,
            instance=self._class(value.instance) if value.instance is not None else None,
            masked=self.of(value.masked) if value.masked is not None else None,
            mac=self.of(value.mac) if value.mac is not None else None,
        )

    def _taint(self, taint: Taint) -> Taint:
        return replace(taint, owner=self._function(taint.owner)) if taint.owner is not None else taint

    def _function(self, function: Function) -> Function:
        if id(function) in self._functions:
            return self._functions[id(function)][1]
        copy = replace(function)
        self._functions[id(function)] = function, copy
        copy.owner = self._class(function.owner) if function.owner is not None else None
        copy.wrappers = tuple(map(self._function, function.wrappers))
        copy.summary = self._summary(function.summary)
        return copy

    def _summary(self, summary: Summary) -> Summary:
        return Summary(
            self.of(summary.returns) if summary.returns is not None else None,
            dict(summary.effects),
            {entry: set(names) for entry, names in summary.stored.items()},
            dict(summary.calls),
            {number: self.of(value) for number, value in summary.fills.items()},
        )

    def _class(self, owner: Class) -> Class:
        if id(owner) in self._classes:
            return self._classes[id(owner)][1]
        copy = replace(owner, hidden_fields=set(owner.hidden_fields))
        self._classes[id(owner)] = owner, copy
        copy.parents = tuple(map(self._class, owner.parents))
        copy.attributes = {name: self.of(value) for name, value in owner.attributes.items()}
        copy.parts = {name: self.of(value) for name, value in owner.parts.items()}
        return copy


def _holds(value: Value) -> bool:
    """Tell whether a class or a function may be in a value."""
    inner = value.parts or value.items or value.options or value.masked or value.mac
    return bool(inner) or any(taint.owner is not None for taint in value.taints)
