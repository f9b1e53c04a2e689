"""Where a Python program sends what it looked up: in the arguments of a request, by the names it has on its way."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from keytrace.analyzers.python.outline.shapes import dotted
from keytrace.lifecycle.key import Holds, Mention, Role

LookedUp = Callable[[ast.AST], Iterator[Mention]]  # the names that a node by itself looks up

_REQUEST = re.compile(
    r"(?i)(?:.*\.)?(?:requests|httpx|aiohttp|urllib3|\w*session(?:\(\))?|\w*client(?:\(\))?|http)"
    r"\.(?:get|post|put|patch|delete|head|options|request|stream|ws_connect)|(?:urllib\.request\.)?(?:urlopen|Request)"
)
_PASSES = re.compile(  # what a text is handed through
    r"(?:.*\.)?(?:str|dict|bytes|b64encode|HTTPBasicAuth|BasicAuth|encode|decode|strip|format|get_secret_value)"
)
_MADE_OF = (
    ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.Dict, ast.Tuple, ast.List, ast.IfExp, ast.BoolOp, ast.keyword,
)  # fmt: skip


def sends(tree: ast.Module, looked_up: LookedUp) -> Iterator[Mention]:
    """Yield what is sent, each where it stands in the arguments of the request."""
    held = _held(tree, looked_up)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _REQUEST.fullmatch(dotted(node.func)):
            for argument in (*node.args, *node.keywords):
                for name, line in _names(argument, held, looked_up):
                    yield Mention(Role.SENT, name, line, "python", holds=Holds.NAME)


def _held(tree: ast.Module, looked_up: LookedUp) -> dict[str, set[str]]:
    """Return the variables of the environment whose values each name of a program holds."""
    bound: list[tuple[str, ast.expr]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            bound += [(dotted(target), node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            bound.append((dotted(node.target), node.value))
    held: dict[str, set[str]] = {}
    for _ in range(2):  # a header that is made of a name, and what is made of that
        for target, value in bound:
            names = {name for name, _ in _names(value, held, looked_up)} if target else set()
            if names:
                held.setdefault(target, set()).update(names)
    return held


def _names(node: ast.AST, held: dict[str, set[str]], looked_up: LookedUp) -> Iterator[tuple[str, int]]:
    """Yield the names of variables whose values an expression holds, with the line of each."""
    found = [one.name for one in looked_up(node)]
    if isinstance(node, ast.Name | ast.Attribute):
        found += sorted(held.get(dotted(node), ()))
    if found:
        yield from ((name, getattr(node, "lineno", 1)) for name in found)
    elif isinstance(node, _MADE_OF):
        for child in ast.iter_child_nodes(node):
            yield from _names(child, held, looked_up)
    elif isinstance(node, ast.Call) and _PASSES.fullmatch(dotted(node.func) or _method(node.func)):
        inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        for child in (*inner, *node.args, *node.keywords):
            yield from _names(child, held, looked_up)


def _method(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""
