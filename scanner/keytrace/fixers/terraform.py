"""A secret in Terraform becomes a sensitive variable, which Terraform takes from `TF_VAR_name`."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable, newline_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import Literal, behind, bound, line_of, literal, plain, refuse_of_others

_UNSAFE = "Terraform asks for the variable where TF_VAR_… is not set"
_BLOCK = re.compile(rb'^variable[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{[ \t]*\r?\n(?P<body>(?:(?!\}).*\n)*)\}', re.MULTILINE)
_SINGLE = re.compile(
    rb'^variable[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{[ \t]*(?P<set>default[ \t]*=[ \t]*"[^"\n]*")[ \t]*\}', re.MULTILINE
)
_OWNER = re.compile(rb'^(?P<kind>[a-z]+)[ \t]+"(?P<type>[\w-]+)"(?:[ \t]+"(?P<name>[\w-]+)")?[ \t]*\{', re.MULTILINE)
_NAMED = re.compile(rb'\bname[ \t]*=[ \t]*"([A-Za-z_]\w*)"[^{}]*\Z')  # of a container's variable: what it is called
_TOP = re.compile(rb'^(?P<kind>\w+)(?:[ \t]+"[^"\n]*")*[ \t]*\{', re.MULTILINE)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value, of the default of a variable, or of a line of variables."""
    refuse_of_others(target.path)
    data, value, inside = target.data, plain(target), literal(target)
    _refuse_of_terraform(data, target.start)
    whole = (target.start, target.end) == inside.inside
    line, line_end = line_of(data, target.start)
    is_line = re.fullmatch(rb"\s*[\w-]+\s*=\s*", data[line : inside.start]) and not data[inside.end : line_end].strip()
    if target.path.endswith(".tfvars"):
        if not (whole and is_line):
            raise Refused("it is part of another value")
        return _dropped(names, bound(data, inside.start), value, Edit(line, behind(data, line), b""))
    if declared_there := _of_variable(target, names, inside, is_whole_line=bool(whole and is_line)):
        return declared_there
    name = _free(target, names, _named(data, inside.start))
    reference = f"var.{name}".encode()
    edit = (
        Edit(inside.start, inside.end, reference) if whole else Edit(target.start, target.end, b"${" + reference + b"}")
    )
    lines = ("", f'variable "{name}" {{', "  type      = string", "  sensitive = true", "}", "")
    declared = newline_of(data).join(line.encode() for line in lines)
    variable = Variable(names.keep(value, f"TF_VAR_{name}"), value)
    return Fix(f"make {name} a sensitive variable", (edit,), (variable,), unsafe=_UNSAFE, appended=(declared,))


def _of_variable(target: Target, names: Names, inside: Literal, *, is_whole_line: bool) -> Fix | None:
    """Return the fix of the default of a variable, None in any other block."""
    data, value = target.data, plain(target)
    if single := next((one for one in _SINGLE.finditer(data) if one.start() < target.start < one.end()), None):
        if (target.start, target.end) != inside.inside:
            raise Refused("it is part of another value")
        return _dropped(names, single["name"].decode(), value, Edit(*single.span("set"), b"sensitive = true"))
    block = next((one for one in _BLOCK.finditer(data) if one.start() < target.start < one.end()), None)
    if block is None:
        return None
    if not (is_whole_line and bound(data, inside.start) == "default"):
        raise Refused("it is part of another value")
    is_told = re.search(rb"^\s*sensitive\s*=", block["body"], re.MULTILINE)
    told = b"" if is_told else b"  sensitive = true" + newline_of(data)
    line, _ = line_of(data, target.start)
    return _dropped(names, block["name"].decode(), value, Edit(line, behind(data, line), told))


def _named(data: bytes, at: int) -> str:
    """Return what a value is bound to; of a variable of a container, what that is called."""
    own = bound(data, at)
    found = _NAMED.search(data, max(0, at - 300), at) if own == "value" else None
    return found[1].decode().lower() if found else own


def _refuse_of_terraform(data: bytes, at: int) -> None:
    """Raise Refused in the block of Terraform's own settings, such as the backend."""
    above = [one["kind"] for one in _TOP.finditer(data, 0, at)]
    if above and above[-1] == b"terraform":
        raise Refused("no variable may stand there: take it out, and give it by terraform init -backend-config=FILE")


def _dropped(names: Names, name: str, value: str, edit: Edit) -> Fix:
    variable = Variable(names.keep(value, f"TF_VAR_{name}"), value)
    return Fix(f"take {name} from TF_VAR_{name}", (edit,), (variable,), unsafe=_UNSAFE)


def _free(target: Target, names: Names, name: str) -> str:
    """Return a name for a variable that the module has none of: what holds it is in front where it is one word alone.

    Raise Refused where the place has no name.
    """
    if not name:
        raise Refused("it has no name")
    value = target.value.decode()
    owners = [one for one in _OWNER.finditer(target.data) if one.start() < target.start]
    owner = next(filter(None, (owners[-1]["name"], owners[-1]["type"])), b"").decode() if owners else ""
    longer = f"{owner}_{name}" if owner else f"{name}_2"
    for one in (longer, name) if owner and "_" not in name else (name, longer):
        if names.declare(target.path, one, value):
            return one
    raise Refused("there are variables of all fitting names")
