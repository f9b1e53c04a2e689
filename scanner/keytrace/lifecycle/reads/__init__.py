"""Where programs read the environment or a configuration by name: Python by its syntax, other languages by patterns."""

from __future__ import annotations

from collections.abc import Iterator

from keytrace.lifecycle.key import Mention
from keytrace.lifecycle.reads import patterns, python
from keytrace.text.language import extension

_PYTHON = frozenset({".py", ".pyi", ".pyw"})


def language_of(path: str, data: bytes) -> str:
    """Return the language of a program that may read settings, empty where there is none."""
    if extension(path) in _PYTHON or (data.startswith(b"#!") and b"python" in data[:60]):
        return "python" if python.may_read(data) else ""
    return patterns.language_of(path, data)


def reads(language: str, data: bytes) -> Iterator[Mention]:
    """Yield the names that a program of a language reads, each where it does."""
    yield from python.reads(data) if language == "python" else patterns.reads(language, data)
