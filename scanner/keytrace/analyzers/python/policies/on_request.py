"""Whether a program shows a secret because it was asked to: by a flag, or by a command that is there for that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.interpret.values import RETURNED, Taint
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.policies.context import Context
from keytrace.analyzers.python.syntax import dotted, walk

_COMMANDS = frozenset(("command",))  # decorators of click, typer and what is built on them


def on_request(event: Called, context: Context, *, on_terminal: bool) -> str:
    """Say how the user asks to see what a call shows; empty where nobody does."""
    node = event.function.node if event.function is not None else None
    if event.function is None or not isinstance(node, cst.FunctionDef):
        return ""
    if flag := _asking(node, context.names).get(event.site.node):
        return f"it is shown where '{flag}' asks for it"
    name = node.name.value
    is_there = context.names.asks_to_show(name) and not any(map(context.names.is_secret, event.function.parameters))
    if on_terminal and (is_there or (_is_command(node) and context.names.returns_secret(name))):
        return f"'{name}' is there to show it"
    return ""


def is_made(taint: Taint, names: Names) -> bool:
    """Tell whether a secret is what a function returned that makes secrets, by its name."""
    says = taint.steps[0].says if taint.steps else ""
    return says.startswith(RETURNED) and names.makes(says.removeprefix(RETURNED))


def made_here(taint: Taint, names: Names) -> str:
    """Say that the program has made a secret itself, which it shows to whoever runs it; empty where it has not."""
    made = taint.kind == "generated" or is_made(taint, names)
    return "the program has made it itself, and whoever runs it has to see it once" if made else ""


@lru_cache(maxsize=2)  # the function that is being read may show many things
def _asking(node: cst.FunctionDef, names: Names) -> dict[cst.CSTNode, str]:
    """Return the calls behind flags that ask for secrets to be shown, with these: `if args.show_tokens:`."""
    tests = (part for part in walk(node) if isinstance(part, cst.If))
    asked = ((flag, one.body) for one in tests for flag in _flags(one.test) if names.asks_to_show(flag))
    return {part: flag for flag, body in asked for part in walk(body) if isinstance(part, cst.Call)}


def _flags(test: cst.BaseExpression) -> Iterator[str]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        yield from _flags(test.left)
        yield from _flags(test.right)
    elif isinstance(test, cst.Name | cst.Attribute):
        yield dotted(test).rpartition(".")[2]


def _is_command(node: cst.FunctionDef) -> bool:
    return any(dotted(one.decorator).removesuffix("()").rpartition(".")[2] in _COMMANDS for one in node.decorators)
