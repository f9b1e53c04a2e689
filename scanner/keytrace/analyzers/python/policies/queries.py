"""Secrets among query parameters: by what they hold, or by what they are called."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.values import NOTHING, Node, Step, Taint, Value
from keytrace.analyzers.python.policies.context import Context

RULE = "credential-in-url"
_UNSURE = frozenset(("name", "generated"))  # kinds of taints


def query(place: Node, value: Value, context: Context) -> list[Flow]:
    """Return the first secret among the query parameters in a value."""
    found: list[Flow] = []
    for leaf in value.leaves:
        for name, given in _parameters(leaf):
            found += parameter(place, name, given, context)
            if any(flow.taint.kind != "parameter" for flow in found):
                return found
    parameters = [one for leaf in value.leaves for one in _parameters(leaf)]
    told = {taint.key for name, given in parameters for taint in _other(name, given, context)}
    return found + [Flow(RULE, place, one, "sent as a query parameter") for one in sent(value) if one.key not in told]


def _other(name: str, value: Value, context: Context) -> Iterator[Taint]:
    """Yield what is called a secret alone, or made by chance, and is sent as what is none: ?page_token=, ?state=."""
    if context.names.is_other_token(name) or context.names.is_nonce(name):
        yield from (taint for taint in value.taints if taint.kind in _UNSURE)


def _parameters(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield name and value of each parameter, of a dict or of a list of pairs."""
    for key, entry in (value.items or {}).items():
        if isinstance(key, int) and entry.items is not None and len(entry.items) == 2:
            name, given = entry.items.get(0, NOTHING).const, entry.items.get(1, NOTHING)
            yield name if isinstance(name, str) else "", given
        else:
            yield key if isinstance(key, str) else "", entry


def parameter(place: Node, name: str, value: Value, context: Context) -> list[Flow]:
    """Return what a query parameter gives away, by its value or its name."""
    says = f"sent as the query parameter '{name}'" if name else "sent as a query parameter"
    other = set(_other(name, value, context))
    taints = [taint for taint in sent(value) if taint not in other]
    found = [Flow(RULE, place, taint, says) for taint in taints]
    if any(taint.kind != "parameter" for taint in taints) or value.clean or not context.names.is_secret(name):
        return found
    for leaf in value.leaves:
        taint: Taint | None = None
        if leaf.text is not None:
            if context.literals.is_credential(name, leaf.text):
                taint = Taint("literal", name, (Step(leaf.node or place, f"'{name}' is a literal"),))
        elif leaf.is_open:
            taint = Taint("name", name, (Step(place, f"the query parameter '{name}'"),))
        if taint is not None:
            return [*found, Flow(RULE, place, taint, says)]
    return found


def sent(value: Value) -> list[Taint]:
    """Return the secrets that a value sends as they are."""
    return [taint for taint in value.taints if taint.kind != "dump" and not taint.part]
