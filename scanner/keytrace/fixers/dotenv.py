"""A secret in a file of variables that is not ignored: the variable stays, without its value."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.environment import EXAMPLES, variables_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import line_of

_LINE = re.compile(rb"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*=[ \t]*(?P<value>[^\r\n]*?)\s*$")


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a line; raise Refused where it is not one variable."""
    start, end = line_of(target.data, target.start)
    line = target.data[start:end]
    found = _LINE.fullmatch(line)
    if found is None or target.end > end:
        raise Refused("it is not the value of a variable on one line")
    name = found["name"].decode()
    value = variables_of(line)[name]
    edit = Edit(start + found.start("value"), start + found.end("value"), b"")
    is_example = target.path.endswith(EXAMPLES)
    unsafe = "" if is_example else "whatever reads this file finds no value there any more"
    return Fix(f"leave {name} empty", (edit,), (Variable(names.keep(value, name), value),), unsafe=unsafe)
