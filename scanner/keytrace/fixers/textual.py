"""What fixers of other formats than Python share: lines, literals and names around a place, told by the text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names, variable
from keytrace.model import StreamProvenance
from keytrace.names.environments import OF_DEVELOPERS, canonical, in_names, of_path
from keytrace.text.document import Document
from keytrace.triage.comments import Standing, standing

_STRINGS = re.compile(rb"""(?P<quote>["'`])(?:\\.|(?!(?P=quote))[^\\])*+(?P=quote)""", re.DOTALL)
_BOUND = re.compile(
    rb"""([A-Za-z_$][\w.$-]*)["'\])]*(?::[ ]*string|[ ]string)?\s*(?::=|=>|[:=])\s*"""  # a name, its type, a sign
    rb"""(?:(?:new\s+|await\s+)?[\w.\[\]*&]+\s*[({]\s*)?$"""  # what is made of the value
)
_LOOKED_UP = re.compile(rb"\$\{([A-Za-z_]\w*)(?::-?|-)\Z")  # of compose, shells and Spring: a name, and its default
_KEY = re.compile(rb"(?P<pad>[ \t]*(?:-[ \t]+)*)[\"']?(?P<key>[\w.\-\[\]]+)[\"']?[ \t]*[:=]")
_PAD = re.compile(rb"[ ]*")
_QUOTES = re.compile(rb""""[^"]*"|'[^']*'""")
_BRACKETS = re.compile(rb""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}\[\]]""")
_OPENS = re.compile(rb"(\w+)[\"']?\s*(?::|=>|=)\s*\Z")
_OF_ONE_ENVIRONMENT = "these are the values of one environment: have a store of its own keep them, not the repository"
STARTED = "the program does not set it any more: it has to be in its environment"
FAILS = "it fails where the variable is not set"
_UNSET = "nothing is in its place where the variable is not set"
_ESCAPED = "there is a backslash: its value is not what stands there"


def refuse_of_others(path: str) -> None:
    """Raise Refused where a file has the values of one environment: they must not become those of a developer."""
    _refuse_unless_of_developers(of_path(path))


def refuse_named_for_others(names: Iterable[str]) -> None:
    """Raise Refused where one of the names on the way to a value is that of an environment of others."""
    _refuse_unless_of_developers(canonical(in_names(names)))


def _refuse_unless_of_developers(environment: str) -> None:
    if environment not in OF_DEVELOPERS:
        raise Refused(_OF_ONE_ENVIRONMENT)


def refuse_within_others(target: Target) -> None:
    """Raise Refused in a part of a program that has the values of one environment, such as `production: {…}`."""
    opened: list[int] = []
    for mark in _BRACKETS.finditer(target.data, 0, target.start):
        if mark[0] in (b"{", b"["):
            opened.append(mark.start())
        elif mark[0] in (b"}", b"]") and opened:
            opened.pop()
    found = (_OPENS.search(target.data, max(0, at - 200), at) for at in opened)
    refuse_named_for_others(key[1].decode().removeprefix("env_") for key in found if key)  # which pm2 has in front


def refuse_in_comment(target: Target, *marks: bytes) -> None:
    """Raise Refused where the line of a secret begins as a comment does."""
    start, _ = line_of(target.data, target.start)
    if target.data[start : target.start].lstrip().startswith(marks):
        raise Refused("it is in a comment")


def line_of(data: bytes, at: int) -> tuple[int, int]:
    """Return where the line of a place begins and where it ends, without its line end."""
    start = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
    end = re.compile(rb"\r\n|\n|\r|\Z").search(data, at)
    return start, end.start() if end else len(data)


def behind(data: bytes, at: int) -> int:
    """Return where the line after that of a place begins."""
    end = re.compile(rb"\r\n|\n|\r|\Z").search(data, at)
    return end.end() if end else len(data)


def keys_of(data: bytes, at: int) -> tuple[str, ...]:
    """Return the keys on the way to a place of YAML: those of the lines above that are less indented, and its own."""
    at, _ = line_of(data, at)
    keys: list[str] = []
    pad = len(data)
    while pad:
        if (found := _KEY.match(data, at)) and len(found["pad"]) < pad:
            keys, pad = [found["key"].decode("utf-8", "replace"), *keys], len(found["pad"])
        elif pad == len(data):
            pad = len(_PAD.match(data, at)[0])  # type: ignore[index]  # it always matches
        if not at:
            break
        at, _ = line_of(data, at - 1)
    return tuple(keys)


def bound(data: bytes, at: int) -> str:
    """Return the last part of the name that the text before a value gives it."""
    start, _ = line_of(data, at)
    before = data[start:at].rstrip(b"\"'` \t")
    found = _BOUND.search(before)
    return found[1].decode("utf-8", "replace").rpartition(".")[2] if found else ""


def plain(target: Target) -> str:
    """Return the secret as it stands there; raise Refused where it is encoded or no text of one line."""
    if not target.is_plain:
        raise Refused("it is encoded")
    value = target.value.decode("utf-8", "replace")
    if not value.isprintable():
        raise Refused("it goes over several lines")
    if "\\" in value:
        raise Refused(_ESCAPED)
    if "${" in value or "''" in value:
        raise Refused("it has ${ or '', which mean something else in many a format")
    return value


@dataclass(frozen=True, slots=True)
class Literal:
    """A string of a program: where it begins and ends, with its quotes."""

    start: int
    end: int
    quote: str

    @property
    def inside(self) -> tuple[int, int]:
        return self.start + 1, self.end - 1


def literal(target: Target) -> Literal:
    """Return the string that a secret stands in; raise Refused where there is none, as in a comment."""
    document = Document(StreamProvenance(target.path), target.data)
    if standing(document, target.start) is not Standing.STRING:
        raise Refused("it stands in no string")
    low, high = line_of(target.data, target.start)
    for found in _STRINGS.finditer(target.data, low, max(high, target.end + 1)):
        if found.start() < target.start and target.end < found.end():
            if b"\\" in found[0]:
                raise Refused(_ESCAPED)
            return Literal(found.start(), found.end(), found["quote"].decode())
    raise Refused("it stands in no string of one line")


def referred(target: Target, names: Names, reference: str, unsafe: str, name: str = "", setting: str = "") -> Fix:
    """Return the fix that puts a reference, `reference` with NAME in it, in the place of the secret itself. It
    is called `name`, or as the project would call the `setting`, or what the text before it names.
    """
    value = plain(target)
    if b"\\" in target.data[slice(*line_of(target.data, target.start))]:
        raise Refused(_ESCAPED)
    if looked_up := _LOOKED_UP.search(target.data, max(0, target.start - 200), target.start):
        if not target.data.startswith(b"}", target.end):
            raise Refused("it is part of a default")
        name = names.keep(value, looked_up[1].decode())
        edit = Edit(looked_up.end(1), target.end, b"")
        return Fix(f"take {name} from the environment alone", (edit,), (Variable(name, value),), unsafe=_UNSET)
    setting = setting or bound(target.data, target.start)
    name = names.keep(value, name) if name else names.choose(value, target.path, target.rule, setting)
    text = reference.replace("NAME", name).encode()
    edit = Edit(target.start, target.end, b'"' + text + b'"' if _is_in_flow(target) else text)
    return Fix(f"read {name} from the environment", (edit,), (Variable(name, value),), unsafe=unsafe)


def _is_in_flow(target: Target) -> bool:
    """Tell whether a secret is a whole value without quotes in a {…} or […] of YAML, where braces mean something else;
    raise Refused where it is part of one.
    """
    start, end = line_of(target.data, target.start)
    before, after = target.data[start : target.start], target.data[target.end : end]
    bare = _QUOTES.sub(b"", before)
    opened = sum(map(bare.count, (b"{", b"["))) - sum(map(bare.count, (b"}", b"]"))) - 2 * bare.count(b"${{")
    if not target.path.endswith((".yml", ".yaml")) or opened <= 0 or bare.count(b'"') % 2 or bare.count(b"'") % 2:
        return False
    if not (re.search(rb"[:,{\[][ \t]*\Z", before) and re.match(rb"[ \t]*[,}\]]", after)):
        raise Refused("it is part of a value in an entry of one line, {…}")
    return True


def named(target: Target) -> str:
    """Return the variable that the text before a secret names, as it is; empty where it is none."""
    name = bound(target.data, target.start)
    return name if name and name == variable(name) else ""
