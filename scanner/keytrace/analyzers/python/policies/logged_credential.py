"""Credentials that are logged, printed or put into a message: whole ones, parts of them, and whole environments."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.events import Called, Raised
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.joins import dump
from keytrace.analyzers.python.interpret.lookups import shows_secrets
from keytrace.analyzers.python.interpret.site import Argument, Site
from keytrace.analyzers.python.interpret.values import Function, Step, Taint, Value
from keytrace.analyzers.python.knowledge import Sink
from keytrace.analyzers.python.outline.shapes import EXCEPTIONS
from keytrace.analyzers.python.policies.context import Context, Policy
from keytrace.analyzers.python.policies.on_request import made_here, on_request
from keytrace.analyzers.python.policies.sinks import sunk
from keytrace.analyzers.python.syntax import dotted

RULE = "logged-credential"
_HIDES = ("::add-mask::", "##vso[task.setsecret]")  # of GitHub Actions and Azure Pipelines
_PIECE = "it is printed without an end of line, as the pieces of a text are"
IN_MESSAGE = "put into the message of an"  # exception or assertion: how a flow ends there
_LOGGED = "logged"  # by a logger, of which keywords are fields of the record


def _takes(taint: Taint) -> str:
    if taint.kind == "dump":
        return "logged-environment"
    return "partial-credential" if taint.part else RULE


def _called(event: Called, context: Context) -> Iterator[Flow]:
    for sink, argument in sunk(event, RULE, context):
        if _hides(argument.value) or (event.site.method == "__init__" and not _is_of_exception(event.function)):
            continue
        own = argument.value.taints
        if all(taint.kind == "parameter" for taint in own):
            own += _by_itself(sink, argument, context)
        doubt = on_request(event, context, on_terminal=sink.terminal) if own else ""
        for taint in own:
            why = _PIECE if _is_piece(event.site, taint, context) else doubt
            why = why or (made_here(taint, context.names) if sink.terminal else "")
            yield Flow(RULE, argument.node, taint, sink.says, mild=sink.mild, doubt=why)


def _is_piece(site: Site, taint: Taint, context: Context) -> bool:
    """Tell whether what is printed is a token of a text, without an end of line: print(token, end="")."""
    end = site.keyword("end")
    is_open = taint.kind == "name" and not context.names.is_sure(taint.name)
    return is_open and end is not None and end.value.const == ""


def _hides(value: Value) -> bool:
    """Tell whether what is printed tells a CI to hide a secret from now on."""
    return any((part.text or "").startswith(_HIDES) for part in value.parts[:1])


def _is_of_exception(function: Function | None) -> bool:
    """Tell whether a method is one of a class of exceptions."""
    owner = function.owner if function is not None else None
    return owner is not None and any(base.endswith(EXCEPTIONS) for base in owner.bases)


def _by_itself(sink: Sink, argument: Argument, context: Context) -> tuple[Taint, ...]:
    """Return what an argument shows in which no secret was put: a record with one, a field that is called so."""
    value, node = argument.value, argument.node
    if value.instance is not None and shows_secrets(context.names, value):
        return (dump(dotted(node) or value.instance.name, node),)
    if sink.says == _LOGGED and context.names.is_secret(argument.keyword) and value.is_open:
        return (Taint("name", argument.keyword, (Step(node, f"the secret '{argument.keyword}'"),)),)
    return ()


def _raised(event: Raised, _context: Context) -> Iterator[Flow]:
    for taint in event.value.taints:
        yield Flow(RULE, event.node, taint, f"{IN_MESSAGE} {event.kind}", mild=True, in_message=True)


POLICY = Policy({Called: _called, Raised: _raised}, _takes)
