"""A secret in a Dockerfile: an ENV or ARG loses its value, which is given where the image is built or run."""

from __future__ import annotations

import re

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import behind, line_of, plain, refuse_of_others

_ARG = re.compile(rb"[ \t]*ARG[ \t]+(?P<name>\w+)(?P<value>=(?P<quote>[\"']?)[^\s]+)[ \t]*$", re.IGNORECASE)
_APART = rb"(?:[ \t]|\\[ \t]*\r?\n)+"
_PAIR = rb"\w+=(?:\"(?:[^\"\\\n]|\\[^\n])*\"|'[^'\n]*'|(?:[^\s\"'\\]|\\[^\s])*)"
_ENV = re.compile(
    rb"[ \t]*ENV[ \t]+(?P<name>\w+)(?:=|[ \t]+)(?P<quote>[\"']?)(?P<value>[^\s\"']+)(?P=quote)[ \t]*$", re.IGNORECASE
)
_SEVERAL = re.compile(rb"^[ \t]*ENV(?P<pairs>(?:%s%s)+)[ \t]*$" % (_APART, _PAIR), re.IGNORECASE | re.MULTILINE)
_BEGINS = re.compile(rb"^[ \t]*ENV[ \t]", re.IGNORECASE | re.MULTILINE)
_ONE = re.compile(rb"(?P<apart>%s)(?P<pair>%s)" % (_APART, _PAIR))
_PARTS = re.compile(rb"(?P<name>\w+)=(?P<quote>[\"']?)(?P<value>[^\s\"'\\]*)(?P=quote)")


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a variable of an instruction; raise Refused for any other place."""
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
        _refuse_used(data, found["name"], end)
        edit = Edit(start, behind(data, start), b"")
        value, where = found["value"], "run: --env or --env-file"
    elif several := _of_several(data, target):
        found, edit = several
        value, where = found["value"], "run: --env or --env-file"
        _refuse_used(data, found["name"], edit.end)
    else:
        raise Refused("it is not the value of one variable; RUN takes it by --mount=type=secret")
    name = found["name"].decode()
    variable = Variable(names.keep(value.decode(), name), value.decode())
    unsafe = f"{name} has to be given where the image is {where}"
    return Fix(f"take {name} from where the image is {where}", (edit,), (variable,), unsafe=unsafe)


def _of_several(data: bytes, target: Target) -> tuple[re.Match[bytes], Edit] | None:
    """Return one variable of an ENV that has several, and the edit that takes it out; None where there is none."""
    start = max((one.start() for one in _BEGINS.finditer(data, 0, target.start)), default=0)
    instruction = _SEVERAL.match(data, start)
    if instruction is None or not instruction.start() < target.start < instruction.end():
        return None
    pairs = list(_ONE.finditer(data, *instruction.span("pairs")))
    at = next((at for at, one in enumerate(pairs) if one.start("pair") < target.start < one.end()), -1)
    found = _PARTS.fullmatch(data, *pairs[at].span("pair"))
    if found is None or at < 0:
        return None
    is_last = at == len(pairs) - 1
    low, high = (pairs[at].start(), pairs[at].end()) if is_last else (found.start(), pairs[at + 1].start("pair"))
    return found, Edit(low, high, b"")


def _refuse_used(data: bytes, name: bytes, at: int) -> None:
    if re.compile(rb"\$\{?%s\b" % re.escape(name)).search(data, at):
        raise Refused("a later line uses it while the image is built: RUN takes it by --mount=type=secret")
