"""Literals that are credentials by their name, the parameter they are handed to, or what they are compared with."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keytrace.analyzers.python.events import Bound, Built, Compared, Operand
from keytrace.analyzers.python.finds import Example, Literal
from keytrace.analyzers.python.interpret.values import Value
from keytrace.analyzers.python.policies.comparisons import derives_key
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.weighing import literals

RULE, DEFAULT = "hardcoded-credential", "default-credential"
_COMPARED = frozenset("token auth authorization".split())  # names that are secrets' where a literal is a guess of them
_EXAMPLES = frozenset("example examples openapi_examples".split())
_DEEPEST_EXAMPLE = 8
_FEW = 4  # so many passwords may open something; a longer list is one of bad ones
_LONGEST_SETTING = 2000  # characters


def _bound(event: Bound, context: Context) -> Iterator[Literal | Example]:
    if derives_key(event, context):
        return
    is_default = event.form == "fallback"
    form = "default" if is_default else event.form
    yield from literals(DEFAULT if is_default else RULE, event.name, event.value, form, context, sdk=event.sdk)
    if event.name in _EXAMPLES:
        yield from _examples(event.value, 0)


def _examples(value: Value, depth: int) -> Iterator[Example]:
    """Yield the literals in what a description of an interface (OpenAPI, JSON Schema) has as an example."""
    for leaf in value.leaves:
        if leaf.text is not None and leaf.node is not None:
            yield Example(leaf.node)
        for entry in (leaf.items or {}).values() if depth < _DEEPEST_EXAMPLE else ():
            yield from _examples(entry, depth + 1)


def _built(event: Built, context: Context) -> Iterator[Literal]:
    """Look at connection strings, whatever they are bound to."""
    text = event.value.text
    if text and "=" in text and len(text) < _LONGEST_SETTING and isinstance(event.node, cst.SimpleString):
        weighed = context.literals.connection(text)
        if weighed is not None:
            yield Literal(RULE, event.value, event.node, weighed)


def _compared(event: Compared, context: Context) -> Iterator[Literal]:
    left, right = event.left, event.right
    if event.operator != "in":
        for one, other in ((left, right), (right, left)):
            if _is_constant(other) and (one.value.text is None or event.operator == "call"):
                if context.names.is_secret(one.name) or one.name.lower() in _COMPARED:
                    yield from literals(RULE, one.name, other.value, "compare", context)
                return
        return
    entries = list((right.value.items or {}).values())
    if len(entries) <= _FEW and context.names.is_secret(left.name):
        for entry in entries:
            yield from literals(RULE, left.name, entry, "compare", context)
    if left.value.text is not None and context.literals.is_plural(right.name):
        yield from literals(RULE, right.name, left.value, "compare", context)


def _is_constant(operand: Operand) -> bool:
    return any(leaf.text is not None for leaf in operand.value.leaves)


POLICY = Policy({Bound: _bound, Built: _built, Compared: _compared}, whole(RULE))
