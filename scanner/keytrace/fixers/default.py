"""A literal of a Python program goes. One that is taken where a variable is not set: the program then fails where it
starts, and says why; one that a variable of its own environment is set to, with the statement; any other becomes a
look-up.
"""

from __future__ import annotations

import re

import libcst as cst

from keytrace.fixers import literal
from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.lookup import lookup
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, constant, dotted, parsed
from keytrace.fixers.setting import setting
from keytrace.fixers.textual import FAILS, STARTED, behind, line_of, refuse_within_others

_ENVIRONMENT = re.compile(rb"\benviron\b|\bgetenv\b")


def fix(target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of a default, of which all moves to the variable; of what is none, that of a literal."""
    refuse_within_others(target)
    program = parsed(target.data)
    if fixed := setting(program, target, names):
        return fixed
    value = target.value.decode("utf-8", "replace")
    for node in program.around(target.start, target.end):
        if own := _setting(node):
            return _dropped(program, node, own[0], names, _holding(own[1], value))
        if isinstance(node, cst.Comparison) and _ENVIRONMENT.search(program.text(node)):
            raise Refused("a variable is compared with it: have the program do without the comparison")
        name = ""
        if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
            name, whole = _variable(node.left), constant(node.right)
        elif isinstance(node, cst.Call) and len(node.args) == 2:
            name, whole = _variable(node), constant(node.args[1].value)
        if not name or whole is None:
            continue
        return _without(program, node, name, names, reader, _holding(whole, value))
    return literal.fix(target, names, reader)


def _holding(whole: str | bytes, value: str) -> str:
    if not isinstance(whole, str) or value not in whole:
        raise Refused("the default is not the secret as it stands there")
    return whole


def _setting(node: cst.CSTNode) -> tuple[str, str | bytes] | None:
    """Return the variable of its own environment that a program sets to a text, and the text."""
    if isinstance(node, cst.Call) and len(node.args) == 2 and dotted(node.func).endswith("environ.setdefault"):
        name, whole = constant(node.args[0].value), constant(node.args[1].value)
    elif isinstance(node, cst.Assign) and len(node.targets) == 1:
        target = node.targets[0].target
        if not isinstance(target, cst.Subscript) or not dotted(target.value).endswith("environ"):
            return None
        index = target.slice[0].slice
        name, whole = constant(index.value) if isinstance(index, cst.Index) else None, constant(node.value)
    else:
        return None
    return (name, whole) if isinstance(name, str) and name.isidentifier() and whole is not None else None


def _dropped(program: Program, node: cst.CSTNode, name: str, names: Names, value: str) -> Fix:
    """Return the fix that takes out a statement which sets a variable: who starts the program sets it."""
    line = next((one for one in program.chain(node) if isinstance(one, cst.SimpleStatementLine)), None)
    small = node if isinstance(node, cst.Assign) else program.parents[node]
    if line is None or len(line.body) > 1 or line.body[0] is not small:
        raise Refused("it is not a statement of its own")
    body = program.parents[line]
    first, last = program.span(line)
    if isinstance(body, cst.Module | cst.IndentedBlock) and len(body.body) > 1:
        edit = Edit(line_of(program.data, first)[0], behind(program.data, last), b"")
    else:
        edit = Edit(first, last, b"pass")
    variables = (Variable(names.keep(value, name), value),)
    return Fix(f"leave {name} to who starts the program", (edit,), variables, unsafe=STARTED)


def _without(program: Program, node: cst.CSTNode, name: str, names: Names, reader: str, value: str) -> Fix:
    start, end = program.span(node)
    call = node.left if isinstance(node, cst.BooleanOperation) else node
    variables = (Variable(names.keep(value, name), value),)
    title = f"take {name} from the environment alone"
    if isinstance(call, cst.Call) and not _is_of_os(call):  # a library's own look-up, which complains by itself
        first = program.span(call.args[0])[1]
        last = program.span(call)[1] - 1
        return Fix(title, (Edit(first, last, b""),), variables, unsafe=FAILS)
    read = lookup(program, name, "environ" if reader == "getenv" else reader, start)
    return Fix(title, (Edit(start, end, read.code),), variables, read.imports, FAILS)


def _variable(node: cst.CSTNode) -> str:
    """Return the variable that a call looks up; empty where it is no look-up."""
    if not isinstance(node, cst.Call) or not node.args:
        return ""
    called = dotted(node.func)
    is_lookup = _is_of_os(node) or called in ("config", "decouple.config", "env", "env.str")
    name = constant(node.args[0].value)
    second = node.args[1].keyword if len(node.args) > 1 else None
    is_default = second is None or second.value == "default"
    return name if is_lookup and is_default and isinstance(name, str) and name.isidentifier() else ""


def _is_of_os(call: cst.Call) -> bool:
    return dotted(call.func).endswith("getenv") or dotted(call.func).endswith("environ.get")
