"""A secret in a Dockerfile: an ENV or ARG loses its value, which is given where the image is built or run."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import behind, line_of, plain, refuse_of_others

_ARG = re.compile(rb"[ \t]*ARG[ \t]+(?P<name>\w+)(?P<value>=(?P<quote>[\"']?)[^\s]+)[ \t]*$", re.IGNORECASE)
_ENV = re.compile(
    rb"[ \t]*ENV[ \t]+(?P<name>\w+)(?:=|[ \t]+)(?P<quote>[\"']?)(?P<value>[^\s\"']+)(?P=quote)[ \t]*$", re.IGNORECASE
)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of an instruction with one variable; raise Refused for any other place."""
    refuse_of_others(target.path)
    data = target.data
    if "$" in plain(target):
        raise Refused("it has a $, which may be a variable of the image")
    start, end = line_of(data, target.start)
    line = data[start:end]
    if found := _ARG.fullmatch(line):
        edit = Edit(start + found.start("value"), start + found.end("value"), b"")
        value, where = found["value"][1:].strip(b"\"'"), "built: --build-arg"
    elif found := _ENV.fullmatch(line):
        used = re.compile(rb"\$\{?%s\b" % re.escape(found["name"]))
        if used.search(data, end):
            raise Refused("a later line uses it while the image is built: RUN takes it by --mount=type=secret")
        edit = Edit(start, behind(data, start), b"")
        value, where = found["value"], "run: --env or --env-file"
    else:
        raise Refused("it is not the value of one variable; RUN takes it by --mount=type=secret")
    name = found["name"].decode()
    variable = Variable(names.keep(value.decode(), name), value.decode())
    unsafe = f"{name} has to be given where the image is {where}"
    return Fix(f"take {name} from where the image is {where}", (edit,), (variable,), unsafe=unsafe)
