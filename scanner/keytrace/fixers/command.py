"""A secret in the arguments of a command goes into its environment, where what is run takes it from there.

Every user of a machine sees the arguments of all programs, and only its own user the environment of one.
"""

from __future__ import annotations

import re

import libcst as cst

from keytrace.fixers import default
from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.imports import reference
from keytrace.fixers.naming import Names
from keytrace.fixers.program import Program, constant, dotted, parsed

_RUNS = frozenset("run call check_call check_output Popen".split())
# What takes a password from a variable: by the option that hands it over otherwise, the variable and what says so
# instead, as the manual of each recommends it. MYSQL_PWD is none: MySQL's calls it insecure.
_OPTIONS = {("redis-cli", "-a"): ("REDISCLI_AUTH", b""), ("sshpass", "-p"): ("SSHPASS", b'"-e"')}
_ASSIGNED = re.compile(
    rb"(?P<whole>(?P<name>[A-Z_][A-Z0-9_]*)=(?P<quote>[\"']?)\{(?P<value>[^{}!:]+)\}(?P=quote) )[A-Za-z./]"
)
_UNSAFE = "what is run takes it from its environment then"


def fix(target: Target, names: Names, reader: str) -> Fix:
    """Return the fix of an argument; of a secret that is a literal, that of a literal."""
    program = parsed(target.data)
    inner = next(program.around(target.start, target.end))
    if target.is_secret and isinstance(inner, cst.SimpleString | cst.ConcatenatedString):
        return default.fix(target, names, reader)
    call = _call(program, target)
    if any(one.star or (one.keyword and one.keyword.value == "env") for one in call.args):
        raise Refused("the call has its own env")
    edits, name, value = _assigned(program, call.args[0]) or _option(program, call.args[0])
    called, lacking = reference(program, "os", target.start)
    at = program.span(call.args[-1].value)[1]
    given = f', env={{**{called}.environ, "{name}": '.encode() + value + b"}"
    return Fix(
        f"hand it over as {name}", (*edits, Edit(at, at, given)), imports=(lacking,) if lacking else (), unsafe=_UNSAFE
    )


Found = tuple[tuple[Edit, ...], str, bytes]  # what goes, the variable, and the expression of its value


def _call(program: Program, target: Target) -> cst.Call:
    """Return the call that runs a command; raise Refused where it is none that takes an environment."""
    for node in program.around(target.start, target.end):
        if isinstance(node, cst.Call) and node.args and node.args[0].keyword is None:
            owner, _, method = dotted(node.func).rpartition(".")
            if owner == "subprocess" and method in _RUNS:
                return node
    raise Refused("only subprocess hands a command an environment: have it take the secret from that, or from a file")


def _assigned(program: Program, arg: cst.Arg) -> Found | None:
    """Return what a command line of a shell sets before what it runs: `PGPASSWORD={password} pg_dump …`."""
    source, (start, _) = program.text(arg.value), program.span(arg.value)
    if not isinstance(arg.value, cst.FormattedString) or b"\\" in source:
        return None
    found = _ASSIGNED.match(source, len(arg.value.start))
    if found is None:
        return None
    return (
        (Edit(start + found.start("whole"), start + found.end("whole"), b""),),
        found["name"].decode(),
        found["value"],
    )


def _option(program: Program, arg: cst.Arg) -> Found:
    """Return what is an option of a program that takes it from a variable, too: `["redis-cli", "-a", password]`."""
    elements = arg.value.elements if isinstance(arg.value, cst.List | cst.Tuple) else ()
    first, *options = [constant(one.value) for one in elements] or [None]
    for number, option in enumerate(options[:-1], 1):
        name, instead = _OPTIONS.get((str(first).rpartition("/")[2], str(option)), ("", b""))
        if name:
            value = elements[number + 1].value
            start = program.span(elements[number - 1].value)[1]
            edit = Edit(start, program.span(value)[1], b", " + instead if instead else b"")
            return (edit,), name, program.text(value)
    raise Refused("which variable what is run takes it from is not known; a file that only it can read will do, too")
