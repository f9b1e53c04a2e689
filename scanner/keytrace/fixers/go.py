"""A secret in Go becomes a look-up by `os.Getenv`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable, newline_of
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import Literal, behind, bound, line_of, literal, plain

_UNSAFE = "os.Getenv answers nothing where the variable is not set"
_IMPORT = re.compile(rb'^import[ \t]+(?:\w+[ \t]+)?"[^"\n]+"', re.MULTILINE)
_BLOCK = re.compile(rb"^import[ \t]*\([ \t]*\r?\n(?P<lines>(?:[^)\n]*\n)*?)\)", re.MULTILINE)
_OWN = re.compile(rb'^[ \t]*(?:import[ \t]+)?(?:(?P<name>\w+|\.)[ \t]+)?"os"', re.MULTILINE)
_CONSTANT = re.compile(rb"^(?P<const>const)[ \t]+(?P<name>\w+)(?:[ \t]+string)?[ \t]*=[ \t]*$")
_OTHERS = re.compile(rb"^[ \t]*const[ \t]+(?:\([^)]*(?:\)[^\n)]+)*|[^(\n][^\n]*)", re.MULTILINE)
_GROUP = re.compile(rb"^[ \t]*const[ \t]*\([ \t]*\r?$", re.MULTILINE)
_CLOSED = re.compile(rb"^(?P<pad>[ \t]*)\)[ \t]*\r?$", re.MULTILINE)
_ENTRY = re.compile(
    rb'[ \t]+(?P<name>\w+)(?P<type>[ \t]+string)?[ \t]*=[ \t]*(?P<value>"[^"\n]*"|`[^`\n]*`)'
    rb"(?P<note>[ \t]*(?://[^\n]*)?)\n"
)
_ENTRY_OF_ANY = re.compile(rb"(?:[ \t]*(?://[^\n]*)?\r?\n)*[ \t]*\w+[^\n=]*(?P<value>=)?")
_TAG = re.compile(rb'`\s*[\w-]+:"')
_SHADOWED = re.compile(
    rb"\bos\b\s*(?::=|,[^=\n]*:=)|\bvar\s+os\b|\bfunc\b[^{\n]*[(,]\s*os\s+\S"
    rb'|^[ \t]*(?:import[ \t]+)?os[ \t]+"(?!os")|/os"',  # another package by that name
    re.MULTILINE,
)


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a string; raise Refused where it has to be a constant."""
    data, value, inside = target.data, plain(target), literal(target)
    if inside.quote == "`" and _TAG.match(data, inside.start):
        raise Refused("it is the tag of a field")
    line, _ = line_of(data, inside.start)
    grouped = _grouped(data, line, inside)
    edits = [] if grouped else list(_variable(data, line, inside.start))
    own = _OWN.search(data)
    if _SHADOWED.search(data) or (own and own["name"] in (b".", b"_")):
        raise Refused("'os' means something else in this program")
    name = names.choose(value, target.path, target.rule, bound(data, inside.start))
    called = own["name"] if own and own["name"] else b"os"
    read = called + f'.Getenv("{name}")'.encode()
    quote = inside.quote.encode()
    pieces = [data[inside.start : target.start] + quote, read, quote + data[target.end : inside.end]]
    code = b" + ".join(piece for piece in pieces if piece != quote * 2)
    edits += _moved(data, grouped, code) if grouped else [Edit(inside.start, inside.end, code)]
    if not own:
        edits.append(_imported(data))
    return Fix(f"read {name} from the environment", tuple(edits), (Variable(name, value),), unsafe=_UNSAFE)


def _variable(data: bytes, line: int, start: int) -> Iterator[Edit]:
    """Yield the edit that makes a variable of a constant; raise Refused where that takes more."""
    before = data[line:start]
    if constant := _CONSTANT.match(before):
        name = re.compile(rb"\b%s\b" % re.escape(constant["name"]))
        if any(name.search(one[0]) for one in _OTHERS.finditer(data) if not one.start() <= start < one.end()):
            raise Refused("another constant is made of it")
        if _is_size(data, constant["name"]):
            raise Refused("the size of an array is that of the constant")
        yield Edit(line + constant.start("const"), line + constant.end("const"), b"var")
        return
    opened = data.rfind(b"const (", 0, line)
    closed = data.find(b"\n)", opened) if opened >= 0 else -1
    if re.search(rb"\bcase\b", before):
        raise Refused("it is a case of a switch: what it is compared with is to be read from the environment")
    if re.search(rb"\bconst\b", before) or (opened >= 0 and (closed < 0 or closed > line)):
        raise Refused("it is a constant among others: make it a variable of its own, var name = os.Getenv(…)")


class Grouped(NamedTuple):
    """A constant of a group: its line, and where the group ends."""

    entry: re.Match[bytes]
    closed: re.Match[bytes]


def _grouped(data: bytes, line: int, inside: Literal) -> Grouped | None:
    """Return the constant of a group that a string is all of, if nothing else is made of it or counted with it."""
    entry = _ENTRY.match(data, line)
    opened = max((one.start() for one in _GROUP.finditer(data, 0, line)), default=-1)
    closed = _CLOSED.search(data, opened) if opened >= 0 else None
    if entry is None or closed is None or closed.start() < line or entry.span("value") != (inside.start, inside.end):
        return None
    group = data[opened : closed.start()]
    name = re.compile(rb"\b%s\b" % re.escape(entry["name"]))
    others = (*_OTHERS.finditer(data[:opened]), *_OTHERS.finditer(data[closed.end() :]))
    is_used = len(name.findall(group)) > 1 or any(name.search(one[0]) for one in others)
    after = _ENTRY_OF_ANY.match(data, entry.end())
    if is_used or re.search(rb"\biota\b", group) or (after and not after["value"]) or _is_size(data, entry["name"]):
        return None
    return Grouped(entry, closed)


def _moved(data: bytes, found: Grouped, code: bytes) -> list[Edit]:
    """Return the edits that take a constant out of its group, and put a variable behind that."""
    entry, closed = found
    made = closed["pad"] + b"var " + entry["name"] + (entry["type"] or b"") + b" = " + code + entry["note"]
    at = behind(data, closed.end())
    newline = newline_of(data)
    before = b"" if data[:at].endswith((b"\n", b"\r")) else newline
    return [Edit(entry.start(), entry.end(), b""), Edit(at, at, before + newline + made.rstrip() + newline)]


def _is_size(data: bytes, name: bytes) -> bool:
    return re.search(rb"\[[^\]\n]*\blen\(\s*%s\s*\)" % re.escape(name), data) is not None


def _imported(data: bytes) -> Edit:
    """Return the edit that imports os: among the imports, or below the name of the package."""
    newline = newline_of(data)
    if block := _BLOCK.search(data):
        at = block.start("lines")
        for found in re.finditer(rb'[^\n]*"([^"\n]+)"[^\n]*\n|\s*\n', block["lines"]):
            if found[1] is None or found[1] > b"os" or b"." in found[1]:
                break
            at = block.start("lines") + found.end()
        return Edit(at, at, b'\t"os"' + newline)
    if single := _IMPORT.search(data):
        at = behind(data, single.end())
        return Edit(at, at, b'import "os"' + newline)
    package = re.search(rb"^package[ \t]+\w+[^\r\n]*", data, re.MULTILINE)
    if package is None:
        raise Refused("it is no file of a package")
    at = behind(data, package.end())
    return Edit(at, at, newline + b'import "os"' + newline)
