"""Credentials in what a view answers; a token that is made for the client is what it asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from keytrace.analyzers.python.events import Bound, Called, Returned
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.values import Taint, Value
from keytrace.analyzers.python.policies.context import Context, Policy
from keytrace.analyzers.python.policies.on_request import is_made
from keytrace.analyzers.python.policies.views import View
from keytrace.analyzers.python.syntax import dotted
from keytrace.names.lexicon import words

RULE = "credential-in-response"
_NOT_THE_BODY = frozenset("headers status status_code media_type content_type".split())
_OWN = frozenset("environment manager literal dump parameter".split())  # kinds of taints that are the server's
_BODIES = frozenset("media text body data".split())
_RESPONSES = frozenset("resp response res".split())
_ENROLS = frozenset(("qr", "qrcode"))  # what is shown to who adds a second factor
_FOR_CLIENTS = frozenset("token jwt session cookie".split())


def _takes(taint: Taint) -> str:
    return "" if taint.part else RULE


def _called(event: Called, context: Context) -> Iterator[Flow]:
    site = event.site
    if event.function is None or not context.knowledge.responses.find(site.ref, site.written):
        return
    view = context.views.of(event.function)
    if view.framework:
        doubt = _enrols(argument.keyword for argument in site.arguments)
        for argument in site.arguments:
            if argument.keyword not in _NOT_THE_BODY:
                yield from _answered(argument.node, argument.value, view, context, doubt)


def _returned(event: Returned, context: Context) -> Iterator[Flow]:
    """Look at what a view returns as it is; other frameworks answer by objects of their own."""
    view = context.views.of(event.function)
    if view.answers and not _is_response(event.node, context):
        yield from _answered(event.node, event.value, view, context)
        for value in _made_of(event.node, context):
            yield from _answered(event.node, value, view, context)


def _bound(event: Bound, context: Context) -> Iterator[Flow]:
    """Look at `resp.media = {…}`, where a view is handed the response."""
    place = event.place
    if event.form == "assign" and isinstance(place, cst.Attribute) and event.name in _BODIES:
        view = context.views.of(event.function) if dotted(place.value) in _RESPONSES else None
        if view is not None and view.framework:
            yield from _answered(place, event.value, view, context)


def _made_of(node: cst.CSTNode, context: Context) -> Iterator[Value]:
    """Yield what is given to an object that is returned, or to some in a list, of which no more is known."""
    if isinstance(node, cst.List | cst.Tuple):
        for element in node.elements:
            yield from _made_of(element.value, context)
    elif isinstance(node, cst.Call) and dotted(node.func).rpartition(".")[2][:1].isupper():
        made = context.value_of(node)
        if not (made.taints or made.clean or made.items or _is_response(node, context)):
            yield from (context.value_of(arg.value) for arg in node.args)


def _is_response(node: cst.CSTNode, context: Context) -> bool:
    """Tell whether an expression makes an object that is a response."""
    if not isinstance(node, cst.Call):
        return False
    written = dotted(node.func)
    return written.endswith("Response") or bool(
        context.knowledge.responses.find(context.value_of(node.func).ref, written)
    )


def _enrols(names: Iterable[object]) -> str:
    """Say that what is answered with a secret shows whose second factor it is to be; empty where it does not."""
    shows = any(isinstance(name, str) and not _ENROLS.isdisjoint(words(name)) for name in names)
    return "a QR code of it is shown, too: to its owner, who adds it to a device" if shows else ""


def _answered(place: cst.CSTNode, value: Value, view: View, context: Context, doubt: str = "") -> Iterator[Flow]:
    doubt = doubt or _enrols(value.items or ())
    for taint in value.taints:
        if taint.part or (taint.kind == "dump" and "headers" in taint.name):
            continue  # headers of the request, back to who sent them
        if taint.kind in _OWN or (taint.kind == "name" and _is_own(taint, context, to_model=view.to_model)):
            says = "returned to a language model" if view.to_model else "sent in a response"
            yield Flow(RULE, place, taint, says, doubt=doubt if taint.kind == "name" else "")


def _reaches(taint: Taint, context: Context) -> bool:
    return taint.kind != "name" or _is_own(taint, context, to_model=False)


def _is_own(taint: Taint, context: Context, *, to_model: bool) -> bool:
    """Tell whether what is secret by its name is no token that is made for the client, or one of the settings."""
    if is_made(taint, context.names):
        return False  # it is shown to who asked for it
    last = words(taint.name)[-1:]
    if last and (last[0] not in _FOR_CLIENTS or to_model or taint.name.isupper()):
        return True
    first = taint.steps[0].place if taint.steps else None
    return isinstance(first, cst.Attribute) and dotted(first.value).rpartition(".")[2] in context.knowledge.settings


POLICY = Policy({Called: _called, Returned: _returned, Bound: _bound}, _takes, _reaches)
