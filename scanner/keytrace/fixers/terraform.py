"""A secret in Terraform becomes a sensitive variable, which Terraform takes from `TF_VAR_name`."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import behind, bound, line_of, literal, newline_of, plain

_UNSAFE = "Terraform asks for the variable where TF_VAR_… is not set"
_BLOCK = re.compile(rb'^variable[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{[ \t]*\r?\n(?P<body>(?:(?!\}).*\n)*)\}', re.MULTILINE)
_LABELS = re.compile(rb'^resource[ \t]+"[\w-]+"[ \t]+"(?P<name>[\w-]+)"', re.MULTILINE)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value, of the default of a variable, or of a line of variables."""
    data, value, inside = target.data, plain(target), literal(target)
    whole = (target.start, target.end) == inside.inside
    line, line_end = line_of(data, target.start)
    is_line = re.fullmatch(rb"\s*[\w-]+\s*=\s*", data[line : inside.start]) and not data[inside.end : line_end].strip()
    if target.path.endswith(".tfvars"):
        if not (whole and is_line):
            raise Refused("it is part of another value")
        return _dropped(names, bound(data, inside.start), value, Edit(line, behind(data, line), b""))
    block = next((one for one in _BLOCK.finditer(data) if one.start() < target.start < one.end()), None)
    if block is not None:
        if not (whole and is_line and bound(data, inside.start) == "default"):
            raise Refused("it is part of another value")
        told = (
            b""
            if re.search(rb"^\s*sensitive\s*=", block["body"], re.MULTILINE)
            else b"  sensitive = true" + newline_of(data)
        )
        return _dropped(names, block["name"].decode(), value, Edit(line, behind(data, line), told))
    name = _free(data, bound(data, inside.start))
    reference = f"var.{name}".encode()
    newline = newline_of(data)
    text = [b"", f'variable "{name}" {{'.encode(), b"  type      = string", b"  sensitive = true", b"}", b""]
    end = b"" if data.endswith((b"\n", b"\r")) else newline
    edits = (
        Edit(inside.start, inside.end, reference)
        if whole
        else Edit(target.start, target.end, b"${" + reference + b"}"),
        Edit(len(data), len(data), end + newline.join(text)),
    )
    variable = Variable(names.keep(value, f"TF_VAR_{name}"), value)
    return Fix(f"make {name} a sensitive variable", edits, (variable,), unsafe=_UNSAFE)


def _dropped(names: Names, name: str, value: str, edit: Edit) -> Fix:
    variable = Variable(names.keep(value, f"TF_VAR_{name}"), value)
    return Fix(f"take {name} from TF_VAR_{name}", (edit,), (variable,), unsafe=_UNSAFE)


def _free(data: bytes, name: str) -> str:
    """Return a name for a variable that this file has none of; raise Refused where the place has no name."""
    if not name:
        raise Refused("it has no name")
    known = {block["name"].decode() for block in _BLOCK.finditer(data)}
    first = _LABELS.search(data)
    candidates = [name, f"{first['name'].decode()}_{name}" if first else f"{name}_2"]
    free = [one for one in candidates if one not in known]
    if not free:
        raise Refused("there are variables of all fitting names")
    return free[0]
