"""Calls: told of, evaluated, and what they leave in their object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Built, Called
from keytrace.analyzers.python.interpret import naming, results
from keytrace.analyzers.python.interpret.containers import mutate
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.site import Argument, Site, path_of
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import NOTHING, UNKNOWN, Given, Value
from keytrace.names.lexicon import words

_CHECKS = frozenset("compare verify check".split())
_TELLS_NOTHING = frozenset(("len", "bool"))


def call(state: State, node: cst.Call) -> Value:
    """Return what a call returns."""
    function = state.evaluate(node.func)
    arguments = tuple(
        Argument(arg.keyword.value if arg.keyword else "", len(arg.star), state.evaluate(arg.value), arg.value)
        for arg in node.args
    )
    arguments += tuple(_given(function, arguments, node))
    written = state.path(node.func)
    if not written or written == "getattr()":
        written = path_of(node.func)
    receiver = state.path(node.func.value) if isinstance(node.func, cst.Attribute) else ""
    site = Site.of(node, written, function, arguments, _known_of(state, receiver, function.owner))
    naming.tell(state, site)
    state.emit(Called(site, state.function))
    result = results.result(state, site)
    result = _signature(state, site, result)
    mutate(state, site)
    return _folded(state, site, result) if result.folded else result


def _given(function: Value, arguments: Sequence[Argument], node: cst.Call) -> Iterator[Argument]:
    """Yield the keywords that functools.partial gives every call of a function, if this one gives no others."""
    own = {one.keyword for one in arguments}
    for key, value in (function.items or {}).items():
        if isinstance(key, Given) and key.keyword not in own:
            yield Argument(key.keyword, 0, value, node)


def _folded(state: State, site: Site, result: Value) -> Value:
    """Tell of a constant that a call comes to, and return it."""
    if isinstance(result.const, bytes) and not result.const.isascii():
        return next((value for value in site.values if value.text is not None), result)  # a key in hex or base64
    owner = site.function.owner
    if owner is not None and result.text and result.text == owner.text:
        return replace(owner, const=result.const)  # "…".encode() stands where its text does
    if result.const is UNKNOWN:
        return result
    result = replace(result, node=site.node)
    pieces = [*site.values, *([owner] if owner is not None else ())]
    state.emit(Built(result, site.node, tuple(piece.node for piece in pieces if piece.node is not None)))
    return result


def _known_of(state: State, receiver: str, base: Value | None) -> Mapping[str, Value]:
    """Return what is known of the attributes and entries of an object whose method is called."""
    known = state.scope.known_of(receiver) if receiver else {}
    if base is not None and base.instance is not None:
        known = {**base.instance.known_of(""), **known}
    first, _, path = receiver.partition(".")
    if first == "self" and path and state.frame.owner is not None:
        known = {**state.frame.owner.known_of(f"{path}."), **known}
    return known


def _has_secret(site: Site) -> bool:
    """Tell whether a call is handed a secret, not only arguments that may be one."""
    return any(taint.kind != "parameter" for value in site.values for taint in value.taints)


def _key_of(state: State, site: Site) -> Value | None:
    """Return the key that a call makes a signature with; None of a salt, with which names are hashed."""
    keys = (*filter(None, (site.keyword("key"),)), *site.positional)
    if any("salt" in words(name_of(key.node, state.names, state.value_of)) for key in keys[:1]):
        return None
    return keys[0].value if keys else NOTHING


def _signature(state: State, site: Site, result: Value) -> Value:
    """Return what a call returns as a signature, if it makes one or gives one another form."""
    if site.method in _TELLS_NOTHING or not _CHECKS.isdisjoint(words(site.method)):
        return result
    knowledge, owner = state.knowledge, site.function.owner
    given = [*site.values, *([owner] if owner is not None else ())]
    if knowledge.macs.find(site.ref, site.written):
        mac = _key_of(state, site)
    else:
        mac = next((value.mac for value in given if value.mac is not None), None)
    hashed = any(value.hashed for value in given) or (
        bool(knowledge.hashes.find(site.ref, site.written)) and _has_secret(site)
    )
    return replace(result, mac=mac, hashed=hashed) if mac is not None or hashed else result
