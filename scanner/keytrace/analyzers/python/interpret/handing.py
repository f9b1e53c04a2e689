"""Which argument is which parameter's, and which secrets an entry of an argument holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from keytrace.analyzers.python.interpret.joins import any_entry, character_or_element, container, element_of, is_dict
from keytrace.analyzers.python.interpret.values import (
    CLEAN,
    EACH,
    LISTED,
    NOTHING,
    Asked,
    Chosen,
    Function,
    Key,
    Taint,
    Value,
)
from keytrace.names.tables import programs

Given = Iterable[tuple[str, int, Value]]  # arguments: keyword, stars, value


def entry_of_parameter(taints: Iterable[Taint], key: Key) -> tuple[Taint, ...]:
    """Return what stands for an entry of the argument of a parameter."""
    return tuple(entry for taint in taints if (entry := taint.entry(key)) is not None)


def listed(taints: Iterable[Taint]) -> tuple[Taint, ...]:
    """Return the taints of what list() makes of something: of arguments, it is the names if they are a dictionary."""
    return tuple(taint if taint.at[-1:] == (LISTED,) else taint.entry(LISTED) or taint for taint in taints)


def key_of(value: Value) -> Key:
    """Return a value as the key of an entry: a constant, or what a parameter is given."""
    if isinstance(value.const, str | int) and not isinstance(value.const, bool):
        return value.const
    own = value.taints[0] if value.is_parameter and len(value.taints) == 1 and not value.taints[0].at else None
    return Chosen(own.index) if own is not None else Chosen()


def entry_of_any(base: Value, key: Value) -> Value:
    """Return what the entry of something may hold of which the key is not known, or is what a parameter is given."""
    chosen = key_of(key)
    return _any_of(base, chosen if isinstance(chosen, Chosen) else Chosen())


def _any_of(base: Value, key: Chosen) -> Value:
    if base.items:
        return any_entry(base)
    kept = (taint for taint in base.taints if taint.kind == "manager")
    return Value(taints=(*entry_of_parameter(base.taints, key), *kept))


def pick(argument: Value, at: Iterable[Key], given: Mapping[int, Value] | None = None) -> Value:
    """Return the entry of an argument that its parameter's taint stands for; `given` is what the others are given."""
    for named in at:
        if named == EACH:
            argument = element_of(argument)
            continue
        if named == LISTED:
            argument = CLEAN if argument.ref == "{}" or is_dict(argument) else argument
            continue
        if isinstance(named, Asked):
            argument = named.look(argument)
            continue
        key = key_of((given or {}).get(named.parameter, NOTHING)) if isinstance(named, Chosen) else named
        argument = _any_of(argument, key) if isinstance(key, Chosen) else _entry(argument, key)
    return argument


def _entry(argument: Value, key: Key) -> Value:
    """Return the entry of an argument under a key."""
    if argument.items is not None:
        return argument.items.get(key, NOTHING)
    if any(taint.kind == "parameter" for taint in argument.taints):
        return Value(taints=entry_of_parameter(argument.taints, key))
    if isinstance(key, int):
        return character_or_element(argument)
    is_whole = isinstance(key, str) and key.lower() in programs().value  # secret["value"] is the secret
    return argument if is_whole else NOTHING


class _Taker:
    """Takes the arguments of a call, one after the other, for the parameters of a function."""

    def __init__(self, function: Function, position: int) -> None:
        self.function, self.position = function, position
        self.numbers = {name: number for number, name in enumerate(function.parameters)}
        self.given: dict[int, Value] = {}
        self.rest: dict[object, Value] = {}  # what *args takes
        self.named: dict[object, Value] = {}  # what **kwargs takes
        self.unknown: list[tuple[int, Value]] = []  # (stars, value) of which the entries are not known

    def positional(self, value: Value) -> None:
        if self.position < self.function.first_keyword_only:
            self.given[self.position] = value
        else:
            self.rest[len(self.rest)] = value
        self.position += 1

    def keyword(self, name: object, value: Value) -> None:
        if name in self.numbers and name not in (self.function.rest, self.function.keywords):
            self.given[self.numbers[str(name)]] = value
        elif isinstance(name, str):
            self.named[name] = value

    def starred(self, stars: int, value: Value) -> None:
        if value.items is None:
            self.unknown.append((stars, value))
        elif stars == 1:
            for one in value.items.values():
                self.positional(one)
        else:
            for name, one in value.items.items():
                self.keyword(name, one)

    def all(self) -> dict[int, Value]:
        """Return the value of each parameter, by its number."""
        function = self.function
        for name, taken, ref in ((function.rest, self.rest, "[]"), (function.keywords, self.named, "{}")):
            if name and taken:
                self.given[self.numbers[name]] = container(taken, ref)
        for stars, value in self.unknown:
            self._spread(stars, value)
        return self.given

    def _spread(self, stars: int, value: Value) -> None:
        """Hand on *args or **kwargs of which the entries are not known."""
        function = self.function
        own = function.rest if stars == 1 else function.keywords
        if own:
            self.given.setdefault(self.numbers[own], value)
        last = function.first_keyword_only if stars == 1 else len(function.parameters)
        for number in range(self.position, last):
            name = function.parameters[number]
            if number not in self.given and name not in (function.rest, function.keywords):
                self.given[number] = pick(value, (number - self.position if stars == 1 else name,))


def arguments_of(function: Function, arguments: Given, *, bound: bool) -> dict[int, Value]:
    """Return the value of each parameter, by its number; `bound`: of a method that has its object."""
    taker = _Taker(function, function.offset if bound else 0)
    for keyword, stars, value in arguments:
        if keyword:
            taker.keyword(keyword, value)
        elif stars:
            taker.starred(stars, value)
        else:
            taker.positional(value)
    return taker.all()
