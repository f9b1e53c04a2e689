"""Credentials that are written to a file or a cookie."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.events import Called, Stored
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.joins import merge, taints_of
from keytrace.analyzers.python.interpret.values import Taint
from keytrace.analyzers.python.knowledge import Sink
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.sinks import printed_to, sunk
from keytrace.names.lexicon import words

RULE = "credential-written"
_TERMINALS = ("sys.", "self.stdout", "self.stderr")
_SESSIONS = frozenset("token session jwt cookie".split())


def _called(event: Called, context: Context) -> Iterator[Flow]:
    if event.site.method == "write" and event.site.written.startswith(_TERMINALS):
        return
    yield from _printed(event, context)
    for sink, argument in sunk(event, RULE, context):
        for taint in merge(argument.value.taints, taints_of((argument.value.items or {}).values())):
            if _is_kept(taint, sink):
                yield Flow(RULE, argument.node, taint, sink.says)


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
