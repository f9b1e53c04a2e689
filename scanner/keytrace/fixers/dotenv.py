"""A secret in a file of variables that is not ignored: its value goes, or the line where an empty one would win."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.environment import EXAMPLES, source_of, variables_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import behind, line_of, refuse_of_others

_LINE = re.compile(rb"\s*(?:export\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*=[ \t]*(?P<value>[^\r\n]*)")
_READ = re.compile(r"\$[\w{(]")  # what readers take for more than it is, each in its own way


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a line; raise Refused where it is not one variable."""
    refuse_of_others(target.path)
    start, end = line_of(target.data, target.start)
    line = target.data[start:end]
    found = _LINE.fullmatch(line)
    if found is None or target.end > end:
        raise Refused("it is not the value of a variable on one line")
    name = found["name"].decode()
    value = variables_of(line)[name]
    source = source_of(found["value"].decode())
    if source.startswith(("'", '"')) and source[1:] and source[-1] != source[0]:
        raise Refused("it is not the value of a variable on one line")
    if "\\" in source or (_READ.search(source) and not source.startswith("'")):
        raise Refused("it has a $ or a backslash, which not all read alike")
    at = start + found.start("value")
    past = at + len(source.encode())
    if target.start >= past:
        raise Refused("it is in a comment")
    is_example = target.path.endswith(EXAMPLES)
    if is_example or target.path.endswith(".env"):
        empty = b'""' if target.data[past:end].strip() else b""  # which not all read as empty before a #
        title, edit = f"leave {name} empty", Edit(at, past, empty)
    else:  # an empty one would win over what .env has
        title, edit = f"take {name} out", Edit(start, behind(target.data, start), b"")
    unsafe = "" if is_example else "whatever reads this file finds no value there any more"
    return Fix(title, (edit,), (Variable(names.keep(value, name), value),), unsafe=unsafe)
