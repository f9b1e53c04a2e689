"""The literals among the values that are given to a name, weighed under it."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.finds import Literal
from keytrace.analyzers.python.interpret.values import Value
from keytrace.analyzers.python.policies.context import Context
from keytrace.model import Severity

_MANY = 8  # passwords that anybody may guess, behind each other: a list of bad ones


def literals(
    rule: str, name: str, value: Value, form: str, context: Context, *, sdk: bool = False
) -> Iterator[Literal]:
    """Yield the constants that a value may be; of a list under a plural, the entries."""
    masked = value.masked
    for leaf in (*value.leaves, *(masked.leaves if masked is not None else ())):
        if leaf.text is not None:
            yield from _weighed(rule, name, leaf, form, context, sdk=sdk)
        elif leaf.items and form != "pair" and context.literals.is_plural(name):
            listed = [one for entry in leaf.items.values() for one in _weighed(rule, name, entry, "list", context)]
            weak = sum(one.weighed.severity is Severity.LOW for one in listed)
            yield from (one for one in listed if weak <= _MANY or one.weighed.severity is not Severity.LOW)


def _weighed(rule: str, name: str, leaf: Value, form: str, context: Context, *, sdk: bool = False) -> Iterator[Literal]:
    if leaf.node is not None and (text := leaf.text):
        weighed = context.literals.weigh(name, text, form, sdk)
        if weighed is not None:
            yield Literal(rule, leaf, leaf.node, weighed)
