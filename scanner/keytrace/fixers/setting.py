"""The default of a setting of pydantic goes: pydantic takes a field without one from its environment, or its .env."""

from __future__ import annotations

import re

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, constant, dotted
from keytrace.fixers.textual import FAILS

_PREFIX = re.compile(rb"\benv_prefix[\"']?\s*[=:]\s*[\"'](\w*)[\"']")
_OTHERWISE = re.compile(rb"\b(?:fields|alias_generator|(?:settings_)?customise_sources)\b")
_FILE = re.compile(rb"\benv_file[\"']?\s*[=:][^\n]*")
_AS_WRITTEN = re.compile(rb"\bcase_sensitive[\"']?\s*[=:]\s*True")


def setting(program: Program, target: Target, names: Names) -> Fix | None:
    """Return the fix of a default of a class of settings, None where the place is none; raise Refused where pydantic
    is told otherwise how the variable is called.
    """
    chain = list(program.chain(next(program.around(target.start, target.end))))
    field = next((node for node in chain if isinstance(node, cst.AnnAssign)), None)
    owner = next((node for node in chain if isinstance(node, cst.ClassDef | cst.FunctionDef)), None)
    if field is None or field.value is None or not isinstance(field.target, cst.Name):
        return None
    if not isinstance(owner, cst.ClassDef) or not (classes := _of_settings(program, owner)):
        return None
    value = constant(_inside(field.value))
    if value != target.value.decode("utf-8", "replace"):
        whole = value if isinstance(value, str) and target.value.decode("utf-8", "replace") in value else None
        if whole is None:
            raise Refused("pydantic takes it from its environment and its .env: leave the default of the field out")
        value = whole
    name = _variable(b"\n".join(map(program.text, classes)), field.target.value)
    edit = Edit(program.span(field.annotation.annotation)[1], program.span(field.value)[1], b"")
    variables = (Variable(names.keep(str(value), name), str(value)),)
    return Fix(f"take {name} from the environment alone", (edit,), variables, unsafe=FAILS)


def _of_settings(program: Program, owner: cst.ClassDef) -> list[cst.ClassDef]:
    """Return a class of settings with those that it is made of, none where it is no such class; raise Refused where
    that cannot be told, and for a part of settings: pydantic puts nothing of its .env into the environment.
    """
    known = {node.name.value: node for node in program.nodes(cst.ClassDef) if node is not owner}
    found, is_one = [owner], False
    for one in found:
        for base in (dotted(argument.value).rpartition(".")[2] for argument in one.bases):
            is_one = is_one or base == "BaseSettings"
            if base in known and known[base] not in found:
                found.append(known[base])
            elif base.endswith("Settings") and base != "BaseSettings":
                raise Refused("its class may be one of pydantic's settings, which say how a variable is called")
            elif base == "BaseModel" and b"BaseSettings" in program.data:
                raise Refused("it is part of settings of pydantic: leave the default of the field out")
    return found if is_one else []


def _inside(value: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a type of pydantic's for secrets is made of, else the value itself."""
    if isinstance(value, cst.Call) and dotted(value.func).rpartition(".")[2].startswith("Secret") and value.args:
        return value.args[0].value
    return value


def _variable(owner: bytes, field: str) -> str:
    """Return the variable that pydantic looks for; raise Refused where that cannot be told."""
    prefix = _PREFIX.search(owner)
    if (prefix is None and b"env_prefix" in owner) or _OTHERWISE.search(owner):
        raise Refused("how its variable is called is said elsewhere")
    if (file := _FILE.search(owner)) and not re.search(rb"[\"'/]\.env[\"']", file[0]):
        raise Refused("its variables are in another file than .env")
    name = (prefix[1].decode() if prefix else "") + field
    return name if _AS_WRITTEN.search(owner) else name.upper()
