"""Which argument is which parameter's, and which secrets an entry of an argument holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keytrace.analyzers.python.interpret.joins import character_or_element, container
from keytrace.analyzers.python.interpret.values import NOTHING, Function, Taint, Value

Given = Iterable[tuple[str, int, Value]]  # arguments: keyword, stars, value
_DEEPEST = 3  # entries one in another


def entry_of_parameter(taints: Iterable[Taint], key: str | int) -> tuple[Taint, ...]:
    """Return what stands for an entry of the argument of a parameter."""
    return tuple(
        replace(taint, at=(*taint.at, key))
        for taint in taints if taint.kind == "parameter" and len(taint.at) < _DEEPEST
    )  # fmt: skip


def pick(argument: Value, at: Iterable[str | int]) -> Value:
    """Return the entry of an argument that its parameter's taint stands for."""
    for key in at:
        if argument.items is not None:
            argument = argument.items.get(key, NOTHING)
        elif any(taint.kind == "parameter" for taint in argument.taints):
            argument = Value(taints=entry_of_parameter(argument.taints, key))
        else:
            argument = character_or_element(argument) if isinstance(key, int) else NOTHING
    return argument


def arguments_of(function: Function, arguments: Given, *, bound: bool) -> dict[int, Value]:
    """Return the value of each parameter, by its number; `bound`: of a method that has its object."""
    numbers = {name: number for number, name in enumerate(function.parameters)}
    given: dict[int, Value] = {}
    rest: list[Value] = []  # what *args and **kwargs take
    named: dict[object, Value] = {}
    unknown: list[tuple[int, Value]] = []
    position = function.offset if bound else 0
    for keyword, stars, value in arguments:
        if keyword:
            entries: dict[object, Value] = {keyword: value}
        elif stars and value.items is None:
            unknown.append((stars, value))
            continue
        else:
            entries = dict(value.items or {}) if stars == 2 else {}  # two stars
        for one in (value.items or {}).values() if stars == 1 else () if keyword or stars else (value,):
            if position < function.first_keyword_only:
                given[position] = one
            else:
                rest.append(one)
            position += 1
        for key, one in entries.items():
            if key in numbers and key not in (function.rest, function.keywords):
                given[numbers[str(key)]] = one
            elif isinstance(key, str):
                named[key] = one
    listed: dict[object, Value] = dict(enumerate(rest))
    for name, taken in ((function.rest, listed), (function.keywords, named)):
        if name and taken:
            given[numbers[name]] = container(taken, "[]" if name == function.rest else "{}")
    for stars, value in unknown:
        _spread(function, given, numbers, stars, value, position)
    return given


def _spread(
    function: Function, given: dict[int, Value], numbers: dict[str, int], stars: int, value: Value, position: int
) -> None:
    """Hand on *args or **kwargs of which the entries are not known."""
    if not value.taints:
        return
    rest = function.rest if stars == 1 else function.keywords
    if rest:
        given.setdefault(numbers[rest], value)
    for name, number in numbers.items():
        if number in given or name in (function.rest, function.keywords):
            continue
        if stars == 1 and position <= number < function.first_keyword_only:
            given[number] = pick(value, (number - position,))
        elif stars != 1 and number >= position:
            given[number] = pick(value, (name,))
