"""Calls of functions that are handed on: by what is known to call them, and by functions of the program itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.interpret.assigning import absorb
from keytrace.analyzers.python.interpret.functions import apply, instantiate
from keytrace.analyzers.python.interpret.handing import arguments_of, pick
from keytrace.analyzers.python.interpret.joins import element_of
from keytrace.analyzers.python.interpret.site import Argument, Site
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import NOTHING, Function, Handed, Value
from keytrace.analyzers.python.knowledge import Caller

if TYPE_CHECKING:
    import libcst as cst

_MOST_CALLS = 32  # of what one function is handed


def call_with(state: State, node: cst.Call, target: Value, written: str, arguments: Iterable[Argument]) -> Value:
    """Call a function that somebody was handed."""
    site = Site.of(node, written, target, tuple(arguments), {})
    if target.function is None:
        state.emit(Called(site, state.function))
        return NOTHING
    if state.depth >= _MOST_CALLS:
        return NOTHING
    state.depth += 1
    returned = apply(state, target.function, site.given, node, bound=target.owner is not None)
    call_handed(state, target.function, site, bound=target.owner is not None)
    state.depth -= 1
    return returned


def known_caller(state: State, site: Site) -> Value | None:
    """Follow a call that calls a function that it is handed: Thread(target=f, args=(x,)), map(f, [x])."""
    found = state.knowledge.callers.find(site.ref, site.written)
    for caller in found:
        target = site.parameter(caller.function)
        if target is None:
            continue
        if target.value.function is None and not target.value.ref:
            return None
        returned = call_with(state, site.node, target.value, state.path(target.node), _arguments(site, caller, target))
        if caller.arguments == "each":
            return Value(ref="[]", items={0: returned}, taints=returned.taints) if target.value.function else None
        return returned if target.value.function is not None else None
    return None


def _arguments(site: Site, caller: Caller, target: Argument) -> list[Argument]:
    """Return what a function is called with by what it was handed to."""
    others = site.positional
    others = others[others.index(target) + 1 :] if target in others else []
    if caller.arguments == "each":
        return [replace(one, value=element_of(one.value)) for one in others]
    if caller.arguments == "packed":
        return _packed(site, others)
    return [*others, *(one for one in site.arguments if (one.keyword or one.stars) and one is not target)]


def _packed(site: Site, others: list[Argument]) -> list[Argument]:
    """Return *args and **kwargs, which are handed over as they are."""
    arguments = site.keyword("args") or next(iter(others), None)
    keywords = site.keyword("kwargs") or site.keyword("kwds") or next(iter(others[1:]), None)
    found = ((arguments, 1), (keywords, 2))
    return [replace(one, keyword="", stars=stars) for one, stars in found if one is not None]


def keep_filled(state: State, function: Function, site: Site, *, bound: bool) -> None:
    """Remember what a function has put into its arguments."""
    if not function.summary.fills:
        return
    values, shift = arguments_of(function, site.given, bound=bound), function.offset if bound else 0
    for index, value in list(function.summary.fills.items()):
        positional = site.positional
        given = site.keyword(function.parameters[index])
        if given is None and 0 <= index - shift < len(positional):
            given = positional[index - shift]
        if given is not None:
            absorb(state, given.node, given.value, [instantiate(value, function, values, site.node, 0)])


def note_handed(site: Site) -> None:
    """Remember that a function calls what it was handed."""
    for taint in site.function.taints:
        if taint.kind == "parameter" and taint.owner is not None and len(taint.owner.summary.calls) < _MOST_CALLS:
            arguments = tuple((one.keyword, one.stars, one.value, one.node) for one in site.arguments)
            taint.owner.summary.calls[id(site.node)] = Handed(taint.index, taint.at, arguments, site.node)


def call_handed(state: State, function: Function, site: Site, *, bound: bool) -> None:
    """Call what a function was handed and calls."""
    if not function.summary.calls or state.depth >= _MOST_CALLS:
        return
    values = arguments_of(function, site.given, bound=bound)
    for handed in list(function.summary.calls.values()):
        target = pick(values.get(handed.parameter, NOTHING), handed.at, values)
        if target.function is function or (target.function is None and not target.ref):
            continue
        arguments = [
            Argument(keyword, stars, _own(state, instantiate(value, function, values, site.node, 0)), node)
            for keyword, stars, value, node in handed.arguments
        ]
        state.depth += 1
        call_with(state, handed.node, target, target.ref, arguments)
        state.depth -= 1


def _own(state: State, value: Value) -> Value:
    """Return a value without what stands for parameters of others than the function that is being read."""
    own = tuple(taint for taint in value.taints if taint.owner is None or taint.owner is state.function)
    return value if len(own) == len(value.taints) else Value(taints=own)
