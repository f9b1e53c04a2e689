"""The file that trufflehog's `--exclude-paths` takes: a regex of paths a line."""

from __future__ import annotations

from keytrace.imports.foreign import Content, Foreign, regexes


def read(content: Content) -> Foreign | None:
    """Return what passes over its paths."""
    passes, notes = regexes(paths=content.lines())
    return Foreign((), passes, tuple(notes))
