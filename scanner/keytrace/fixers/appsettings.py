"""A secret in `appsettings.json`: the setting stays, without its value, which .NET takes from `Section__Key`."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import literal, plain, refuse_of_others

_UNSAFE = "there is no value where the variable is not set"
_TOKEN = re.compile(rb'"(?P<text>(?:[^"\\]|\\.)*)"|//[^\n]*|/\*.*?\*/|(?P<mark>[{}\[\],:])', re.DOTALL)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where no variable stands for its place."""
    refuse_of_others(target.path)
    plain(target)
    inside = literal(target)
    value = target.data[inside.start + 1 : inside.end - 1].decode()
    path = _path(target.data, inside.start)
    if not path:
        raise Refused("it is no setting by a name")
    name = "__".join(path)
    if not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
        raise Refused("no variable has a name like that of this setting")
    edit = Edit(inside.start + 1, inside.end - 1, b"")
    return Fix(f"take it from {name}", (edit,), (Variable(names.keep(value, name), value),), unsafe=_UNSAFE)


def _path(data: bytes, at: int) -> list[str]:
    """Return the keys on the way to a value, with the numbers of items of lists; empty where there are none."""
    stack: list[str | int] = []
    last = ""
    for token in _TOKEN.finditer(data, 0, at):
        if token["text"] is not None:
            last = token["text"].decode("utf-8", "replace")
        elif token["mark"]:
            _step(stack, token["mark"], last)
    return [str(one) for one in stack] if stack and stack[-1] != "" else []


def _step(stack: list[str | int], mark: bytes, key: str) -> None:
    """Take one step on the way: into an object or a list, out of it, to its next item, behind a key."""
    if mark in b"{[":
        stack.append(0 if mark == b"[" else "")
    elif not stack:
        return
    elif mark in b"}]":
        stack.pop()
    elif mark == b"," or isinstance(stack[-1], str):
        top = stack[-1]
        stack[-1] = top + 1 if isinstance(top, int) else key if mark == b":" else ""
