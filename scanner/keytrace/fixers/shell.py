"""A secret that a script of a shell sets a variable to is taken from the environment, or the script ends."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names, variable
from keytrace.fixers.textual import line_of, plain

_UNSAFE = "the script ends where the variable is not set"
_LINE = re.compile(
    rb"(?P<before>[ \t]*(?:(?:export|readonly|local|declare(?:[ \t]+-\w+)?)[ \t]+)?(?P<name>[A-Za-z_]\w*)=)"
    rb"(?P<value>\"[^\"$`\\]*\"|'[^']*'|[^\s\"'$`\\;&|<>(){}#*?]+|\"?\$\{(?P<own>\w+):?-(?P<default>[^\s\"'$`\\{}]*)\}\"?)"
    rb"(?=[ \t]*(?:;[ \t]*)?(?:\#.*)?\Z)"
)
_DOCUMENT = re.compile(rb"(?<!<)<<(?P<tabs>-?)[ \t]*\\?(?P<quote>[\"']?)(?P<end>[A-Za-z_]\w*)(?P=quote)[^\n]*\n")


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a line that only sets a variable; raise Refused for any other."""
    found_there = plain(target)
    start, end = line_of(target.data, target.start)
    if _in_document(target.data, start):
        raise Refused("it is in the text of a here-document, which is written as it stands")
    found = _LINE.match(target.data[start:end])
    if found is None or not start + found.start("value") <= target.start < start + found.end("value"):
        raise Refused("it is not the whole value of a variable that a line sets")
    value = (found["default"] or found["value"]).decode().strip("\"'")
    if value != found_there:
        raise Refused("it is part of another value")
    own = (found["own"] or found["name"]).decode()
    name = own if own == variable(own) else names.choose(value, target.path, target.rule, own)
    edit = Edit(start + found.start("value"), start + found.end("value"), f'"${{{name}:?}}"'.encode())
    return Fix(
        f"take {name} from the environment", (edit,), (Variable(names.keep(value, name), value),), unsafe=_UNSAFE
    )


def _in_document(data: bytes, at: int) -> bool:
    """Tell whether a line is one of a here-document's."""
    begin = 0
    while (found := _DOCUMENT.search(data, begin, at)) is not None:
        pad = rb"\t*" if found["tabs"] else b""
        end = re.compile(rb"^" + pad + re.escape(found["end"]) + rb"\r?$", re.MULTILINE).search(data, found.end())
        if end is None or end.start() > at:
            return end is not None
        begin = end.end()
    return False
