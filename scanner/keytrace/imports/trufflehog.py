"""The file that trufflehog's `--exclude-paths` takes, a regex of paths a line; or its results, where it holds these."""

from __future__ import annotations

from keytrace.imports import trufflehog_results
from keytrace.imports.foreign import Content, Foreign, regexes


def read(content: Content) -> Foreign | None:
    """Return what passes over its paths."""
    if (results := trufflehog_results.read(content)) is not None:
        return results
    passes, notes = regexes(paths=content.lines())
    return Foreign((), passes, tuple(notes))
