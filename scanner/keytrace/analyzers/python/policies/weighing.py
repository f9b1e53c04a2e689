"""The literals among the values that are given to a name, weighed under it."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.analyzers.python.finds import Literal
from keytrace.analyzers.python.interpret.values import Value
from keytrace.analyzers.python.policies.context import Context


def literals(
    rule: str, name: str, value: Value, form: str, context: Context, *, sdk: bool = False
) -> Iterator[Literal]:
    """Yield the constants that a value may be; of a list under a plural, the entries."""
    masked = value.masked
    for leaf in (*value.leaves, *(masked.leaves if masked is not None else ())):
        if leaf.text is not None:
            yield from _weighed(rule, name, leaf, form, context, sdk=sdk)
        elif leaf.items and form != "pair" and context.literals.is_plural(name):
            for entry in leaf.items.values():
                yield from _weighed(rule, name, entry, "list", context, sdk=False)


def _weighed(rule: str, name: str, leaf: Value, form: str, context: Context, *, sdk: bool) -> Iterator[Literal]:
    if leaf.node is not None and (text := leaf.text):
        weighed = context.literals.weigh(name, text, form, sdk)
        if weighed is not None:
            yield Literal(rule, leaf, leaf.node, weighed)
