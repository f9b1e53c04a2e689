"""Credentials in what a view answers; a token that is made for the client is what it asked for."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keytrace.analyzers.python.events import Called, Returned
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.values import Taint, Value
from keytrace.analyzers.python.policies.context import Context, Policy
from keytrace.analyzers.python.syntax import dotted
from keytrace.names.lexicon import words

RULE = "credential-in-response"
_NOT_THE_BODY = frozenset("headers status status_code media_type content_type".split())
_OWN = frozenset("environment manager literal dump parameter".split())  # kinds of taints that are the server's
_FOR_CLIENTS = frozenset("token jwt session cookie".split())


def _takes(taint: Taint) -> str:
    return "" if taint.part else RULE


def _called(event: Called, context: Context) -> Iterator[Flow]:
    site = event.site
    if event.function is None or not context.knowledge.responses.find(site.ref, site.written):
        return
    if context.views.of(event.function).framework:
        for argument in site.arguments:
            if argument.keyword not in _NOT_THE_BODY:
                yield from _answered(argument.node, argument.value)


def _returned(event: Returned, context: Context) -> Iterator[Flow]:
    """Look at what a view returns as it is; other frameworks answer by objects of their own."""
    is_answer = event.value.taints and context.views.of(event.function).framework == "flask"
    if is_answer and not _is_response(event.node, context):
        yield from _answered(event.node, event.value)


def _is_response(node: cst.CSTNode, context: Context) -> bool:
    """Tell whether an expression makes an object that is a response."""
    if not isinstance(node, cst.Call):
        return False
    return bool(context.knowledge.responses.find(context.value_of(node.func).ref, dotted(node.func)))


def _answered(place: cst.CSTNode, value: Value) -> Iterator[Flow]:
    for taint in value.taints:
        if taint.part or (taint.kind == "dump" and "headers" in taint.name):
            continue  # headers of the request, back to who sent them
        last = words(taint.name)[-1:]
        if taint.kind in _OWN or (taint.kind == "name" and last and last[0] not in _FOR_CLIENTS):
            yield Flow(RULE, place, taint, "sent in a response")


POLICY = Policy({Called: _called, Returned: _returned}, _takes)
