"""Terraform: variables with their defaults, files of values, and entries of maps that take their values from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import MOST, entry, named
from keytrace.lifecycle.definitions.tree import documents, settings
from keytrace.lifecycle.key import Holds, Mention, Role

_FILE = re.compile(r"\.(?:tf|tfvars|hcl|tofu)(?:\.json)?$")
_COMMENT = re.compile(rb"(\"(?:[^\"\\\n]|\\.)*\")|/\*.*?\*/|(?:#|//)[^\n]*", re.DOTALL)
_BLOCK = re.compile(
    rb"^[ \t]*(?P<kind>[\w-]+)[ \t]+(?:\"(?P<type>[^\"\n]*)\"[ \t]*)(?:\"(?P<label>[^\"\n]*)\"[ \t]*)?\{"
)
_ATTRIBUTE = re.compile(
    rb"[\"']?(?P<name>[A-Za-z_][\w.\-]*)[\"']?[ \t]*[=:](?!=)[ \t]*"
    rb"(?P<value>\"(?:[^\"\\\n]|\\.)*\"|<<[-~]?\w+|[^\s,}{\[][^,}\n]*)"
)
_SOURCE = re.compile(rb"\b(?:var|local)\.(\w+)")
_HEREDOC = re.compile(rb"<<[-~]?(\w+)")
_PAIR = re.compile(rb"\bname[ \t]*=[ \t]*\"([A-Z][A-Z0-9_]+)\"[ \t]*,?[ \t]*(\n?[ \t]*)value(?=[ \t]*=)")
_OF_ARGUMENTS = (b"provider", b"resource", b"data")
_NAMED = re.compile(rb"\bname[ \t]*=[ \t]*\"([A-Z][A-Z0-9_]+)\"")


def claims(path: str, _data: bytes) -> bool:
    return _FILE.search(path) is not None


def read(path: str, data: bytes) -> Iterator[Mention]:
    if path.endswith(".json"):
        for document in documents(data):
            for keys, line, value in settings(document):
                yield entry(named(keys), value, line, "terraform")
        return
    kind, variable, label, depth, ending = b"", b"", b"", 0, b""
    text = _PAIR.sub(rb"\2\1", _without_comments(data[:MOST]))  # as if each were an attribute
    for line, raw in enumerate(text.split(b"\n"), 1):
        if ending:
            ending = b"" if raw.strip() == ending else ending
            continue
        if (block := _BLOCK.match(raw)) and not depth:
            kind, label = block["kind"], block["label"] or block["type"]
            variable = block["type"] if kind == b"variable" else b""
            yield from _declared(data, variable, line)
        yield from _attributes(raw, line, variable, label, kind)
        if found := _HEREDOC.search(raw):
            ending = found[1]
        depth = max(0, depth + _outside(raw).count(b"{") - _outside(raw).count(b"}"))


def _without_comments(data: bytes) -> bytes:
    return _COMMENT.sub(lambda found: found[1] if found[1] is not None else b"\n" * found[0].count(b"\n"), data)


def _outside(line: bytes) -> bytes:
    """Return what of a line stands in no string."""
    return re.sub(rb"\"(?:[^\"\\]|\\.)*\"", b"", line)


def _declared(data: bytes, name: bytes, line: int) -> Iterator[Mention]:
    """Yield a variable, a secret where its block says that it is sensitive."""
    if name:
        block = rb"variable[ \t]+\"%s\"[ \t]*\{[^}]*?\bsensitive[ \t]*=[ \t]*true" % re.escape(name)
        kept = re.search(block, data) is not None
        yield entry(name.decode("utf-8", "replace"), None, line, "terraform", what=Holds.REFERENCE, is_kept=kept)


def _attributes(raw: bytes, line: int, variable: bytes, label: bytes, kind: bytes) -> Iterator[Mention]:
    if kind == b"provider" and (sources := _sources(raw)):  # what it is handed is used there
        yield from (Mention(Role.READ, one, line, "terraform", holds=Holds.NAME) for one in sources)
        return
    named = _NAMED.search(raw)
    if named:
        yield entry(named[1].decode(), None, line, "terraform", refers=_sources(raw), what=Holds.REFERENCE)
        return
    for found in _ATTRIBUTE.finditer(raw):
        name = found["name"]
        if variable:
            if name == b"default" and found["value"] not in (b'""', b"null"):
                yield _made(variable, found["value"], line)
            continue
        is_own = name.isupper() or (b"_" in name and kind not in _OF_ARGUMENTS)  # theirs may be that of anything
        whole = name if is_own or not label else label + b"." + name
        yield _made(whole, found["value"], line)


def _made(name: bytes, value: bytes, line: int) -> Mention:
    literal = value.startswith(b'"')
    text = value.strip(b'"').decode("utf-8", "replace") if literal else None
    what = None if literal else Holds.REFERENCE if _SOURCE.search(value) else Holds.EMPTY
    return entry(name.decode("utf-8", "replace"), text, line, "terraform", refers=_sources(value), what=what)


def _sources(value: bytes) -> tuple[str, ...]:
    return tuple(one.decode() for one in _SOURCE.findall(value))
