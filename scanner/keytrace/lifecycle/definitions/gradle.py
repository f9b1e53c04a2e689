"""Gradle of Android: what a build puts into an app, and what it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.reads.patterns import reads

_FILE = re.compile(r"\.gradle(?:\.kts)?$")
_FIELD = re.compile(
    r"\b(?:buildConfigField|resValue)[ \t]*\(?\s*[\"']\w+[\"']\s*,\s*[\"'](?P<name>\w+)[\"']\s*,\s*"
    r"(?:\"(?P<double>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>[^'\n]*)'|(?P<made>[^\n]+))"
)


def claims(path: str, data: bytes) -> bool:
    return _FILE.search(path) is not None and (b"buildConfigField" in data or b"resValue" in data)


def read(_path: str, data: bytes) -> Iterator[Mention]:
    text = data.decode("utf-8", "surrogateescape")
    for found in _FIELD.finditer(text):
        literal = found["double"] if found["double"] is not None else found["single"]
        value = literal.replace("\\", "").strip("\"'") if literal is not None else None
        what = Holds.REFERENCE if value is None else None
        line = text.count("\n", 0, found.start()) + 1
        yield entry(found["name"], value, line, "gradle", role=Role.SHIPPED, what=what)
    yield from reads("java", data)
