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
    if _makes_mac(site):
        result = replace(result, mac=True)
    mutate(state, site)
    return _folded(state, site, result) if result.folded else result


def _folded(state: State, site: Site, result: Value) -> Value:
    """Tell of a constant that a call comes to, and return it."""
    if isinstance(result.const, bytes) and not result.const.isascii():
        return next((value for value in site.values if value.text is not None), result)  # a key in hex or base64
    if result.const is UNKNOWN:
        return result
    result, owner = replace(result, node=site.node), site.function.owner
    pieces = [*site.values, *([owner] if owner is not None else ())]
    state.emit(Built(result, site.node, tuple(piece.node for piece in pieces if piece.node is not None)))
    return result


def _makes_mac(site: Site) -> bool:
    """Tell whether a call makes a message authentication code, or gives one another form."""
    owner = site.function.owner
    given = (owner is not None and owner.mac) or any(argument.value.mac for argument in site.arguments)
    if not given and not site.ref.startswith("hmac."):
        return False
    return site.method not in _TELLS_NOTHING and _CHECKS.isdisjoint(words(site.method))
