"""Where programs read the environment or a configuration by name: Python by its syntax, other languages by patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.reads import patterns, python, rails
from keytrace.text.language import extension

_PYTHON = frozenset({".py", ".pyi", ".pyw"})
_MOUNTED = re.compile(rb"[\"'`(= ]/run/secrets/([A-Za-z_][\w.-]*\w)")  # where containers have their secrets, as files


def language_of(path: str, data: bytes) -> str:
    """Return the language of a program that may read settings, empty where there is none."""
    mounts = b"/run/secrets/" in data
    if extension(path) in _PYTHON or (data.startswith(b"#!") and b"python" in data[:60]):
        return "python" if mounts or python.may_read(data) else ""
    return patterns.language_of(path, data, whatever=mounts)


def reads(language: str, data: bytes) -> Iterator[Mention]:
    """Yield the names that a program of a language reads, each where it does."""
    yield from python.reads(data) if language == "python" else patterns.reads(language, data)
    if language == "ruby" and b"credentials" in data:
        yield from rails.reads(data)
    for found in _MOUNTED.finditer(data):
        line = data.count(b"\n", 0, found.start(1)) + 1
        yield Mention(Role.READ, found[1].decode(), line, language, holds=Holds.NAME)
