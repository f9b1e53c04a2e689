"""Credentials that are written to a file or a cookie."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.events import Called, Stored
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.joins import merge, taints_of
from keytrace.analyzers.python.interpret.values import Taint
from keytrace.analyzers.python.knowledge import Sink
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.sinks import printed_to, sunk
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.names.lexicon import words

RULE = "credential-written"
_TERMINALS = ("sys.", "self.stdout", "self.stderr")
_OPENS = frozenset("open _open opener umask touch".split())
_TEMPORARY = frozenset(("NamedTemporaryFile", "TemporaryFile"))
_PRIVATE = frozenset((0o600, 0o400, 0o700, 0o077))
_WRITTEN_MODES = frozenset(("600", "400"))
_OF_OWNER = frozenset(("S_IRUSR", "S_IRWXU"))
_SESSIONS = frozenset("token session jwt cookie".split())


def _called(event: Called, context: Context) -> Iterator[Flow]:
    if event.site.method == "write" and event.site.written.startswith(_TERMINALS):
        return
    flows = [*_printed(event, context), *_handed(event, context)]
    if flows and not (event.function is not None and _is_private(event.function.node)):
        yield from flows


def _handed(event: Called, context: Context) -> Iterator[Flow]:
    """Yield what is handed to what writes it."""
    for sink, argument in sunk(event, RULE, context):
        for taint in merge(argument.value.taints, taints_of((argument.value.items or {}).values())):
            if _is_kept(taint, sink):
                yield Flow(RULE, argument.node, taint, sink.says)


@lru_cache(maxsize=2)  # the function that is being read may write many times
def _is_private(function: cst.CSTNode) -> bool:
    """Tell whether a function makes files that only their owner may read: os.open(…, 0o600), not a later chmod;
    those of mkstemp are such, and those of tempfile that go with who has made them.
    """
    for part in walk(function):
        method = dotted(part.func).rpartition(".")[2] if isinstance(part, cst.Call) else ""
        if method == "mkstemp" or (isinstance(part, cst.Call) and method in _TEMPORARY and not _is_left(part)):
            return True
        if isinstance(part, cst.Call) and method in _OPENS:
            pieces = (piece for given in part.args for piece in walk(given.value))
            if any(map(_is_private_mode, pieces)):
                return True
    return False


def _is_left(call: cst.Call) -> bool:
    """Tell whether a temporary file stays: delete=False."""
    return any(arg.keyword is not None and arg.keyword.value.startswith("delete") for arg in call.args)


def _is_private_mode(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Integer):
        return int(node.value, 0) in _PRIVATE
    if isinstance(node, cst.Name):
        return node.value.isupper() and "mode" in words(node.value)  # whoever has a constant for it, has chosen
    if isinstance(node, cst.SimpleString):
        return node.raw_value.removeprefix("0").removeprefix("o") in _WRITTEN_MODES  # int("600", 8)
    return isinstance(node, cst.Attribute) and node.attr.value in _OF_OWNER


def _printed(event: Called, context: Context) -> Iterator[Flow]:
    """Yield what is printed to an open file."""
    file = printed_to(event.site)
    sinks = context.sinks_of(f"{file.value.ref}.write", "") if file is not None and file.value.ref else ()
    for sink in sinks:
        for argument in event.site.positional if sink.rule == RULE else ():
            for taint in argument.value.taints:
                if _is_kept(taint, sink):
                    yield Flow(RULE, argument.node, taint, sink.says)


def _stored(event: Stored, context: Context) -> Iterator[Flow]:
    ref = event.container.ref
    for sink in context.sinks_of(f"{ref}.__setitem__", "") if ref else ():
        if sink.rule == RULE:
            for taint in event.value.taints:
                if _is_kept(taint, sink):
                    yield Flow(RULE, event.node, taint, sink.says)


def _is_kept(taint: Taint, sink: Sink) -> bool:
    """Tell whether a secret should not be in a file or cookie: sessions are what cookies are for."""
    if sink.only is None or sink.only.name != "value":
        return not taint.part and taint.kind != "dump"
    return _SESSIONS.isdisjoint(words(taint.name))


POLICY = Policy({Called: _called, Stored: _stored}, whole(RULE))
