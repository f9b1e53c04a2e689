"""The name that a value is given where it stands: of a variable, a key, a resource, an entry of a property list."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[\"'`]([A-Za-z_][\w.\-]{2,80})[\"'`]\s*(?:[,:\]]|=>?|\|\|)")
_BEFORE = re.compile(
    r"([A-Za-z_][\w.\-]{1,80})[\"'\])]*\s*(?::=|=>|[:=]|,|\()\s*(?:[\w.&]*\(\s*)?[rbfu]?[\"'`]?[^\"'`=:]{0,60}$"
)
_TYPED = re.compile(  # of Python, TypeScript and Kotlin: a type stands between
    r"([A-Za-z_]\w{1,80})\??\s*:\s*[A-Za-z_][\w.\[\]<>|? ]*=\s*(?:[\w.&]*\(\s*)?[rbfu]?[\"'`]?[^\"'`=:]{0,60}$"
)
_ADDRESS = re.compile(r"[rbfu]?[\"'`]?\b[a-z][\w+.-]*://[^\s\"'`]*$")  # its scheme and its user are no names
_ELEMENT = re.compile(r"<[^<>]*\bname\s*=\s*[\"']([\w.\-]+)[\"'][^<>]*(?:>|=\s*[\"'])\s*$")  # of XML
_ENTRY = re.compile(r"<key>\s*([\w.\- ]+?)\s*</key>\s*<string>\s*$")  # of a property list
_ESCAPES = re.compile(r"\\+(n|r|.)")  # a source map holds the lines of programs as strings
_INSIDE = re.compile(r"(?<!\\)\"")  # where a string begins or ends
_NEAR = 200  # bytes before a value


def name_before(text: bytes, value: bytes) -> str:
    """Return the name that a value is given on its line, or under which it is looked up; empty if there is none."""
    at = text.find(value[:40]) if value else -1
    before = text[max(0, at - _NEAR) : at].decode("utf-8", "replace") if at > 0 else ""
    inner = _INSIDE.split(before)[-1] if "\\" in before else ""  # of a program that is held as a string
    return next(filter(None, map(_name, (_plain(inner), _plain(before)))), "")


def _plain(text: str) -> str:
    """Return the last line of a text without its escapes."""
    return _ESCAPES.sub(lambda found: "\n" if found[1] in "nr" else found[1], text).rpartition("\n")[2]


def _name(before: str) -> str:
    """Return the name that what stands before a value gives it."""
    for pattern in (_ELEMENT, _ENTRY):
        if found := pattern.search(before):
            return found[1]
    before = _ADDRESS.sub("", before)
    if bound := _TYPED.search(before) or _BEFORE.search(before):
        return bound[1].rpartition(".")[2]
    quoted = _QUOTED.findall(before)
    return str(quoted[-1]) if quoted else ""
