"""Calls: told of, evaluated, and what they leave in their object."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Built, Called
from keytrace.analyzers.python.interpret import naming, results
from keytrace.analyzers.python.interpret.containers import mutate
from keytrace.analyzers.python.interpret.site import Argument, Site, path_of
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import UNKNOWN, Value
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
    written = state.path(node.func)
    if not written or written == "getattr()":
        written = path_of(node.func)
    receiver = state.path(node.func.value) if isinstance(node.func, cst.Attribute) else ""
    known = state.scope.known_of(receiver) if receiver else {}
    site = Site.of(node, written, function, arguments, known)
    naming.tell(state, site)
    state.emit(Called(site, state.function))
    result = results.result(state, site)
    result = _signature(state, site, result)
    mutate(state, site)
    if result.folded and isinstance(result.const, bytes) and not result.const.isascii():
        return next((value for value in site.values if value.text is not None), result)  # a key in hex or base64
    if result.folded and result.const is not UNKNOWN:
        result = replace(result, node=node)
        pieces = [*site.values, *([function.owner] if function.owner is not None else ())]
        state.emit(Built(result, node, tuple(piece.node for piece in pieces if piece.node is not None)))
    return result


def _signature(state: State, site: Site, result: Value) -> Value:
    """Return what a call returns as a signature, if it makes one or gives one another form."""
    if site.method in _TELLS_NOTHING or not _CHECKS.isdisjoint(words(site.method)):
        return result
    knowledge, owner = state.knowledge, site.function.owner
    given = [*site.values, *([owner] if owner is not None else ())]
    mac = any(value.mac for value in given) or bool(knowledge.macs.find(site.ref, site.written))
    makes = bool(knowledge.hashes.find(site.ref, site.written)) and any(value.taints for value in site.values)
    hashed = makes or any(value.hashed for value in given)
    return replace(result, mac=mac, hashed=hashed) if mac or hashed else result
