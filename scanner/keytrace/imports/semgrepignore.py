"""`.semgrepignore`: paths in the syntax of .gitignore. It is about code, so no scan leaves them out by itself."""

from __future__ import annotations

from keytrace.imports.foreign import Content, Foreign, globs


def read(content: Content) -> Foreign | None:
    """Return what passes over its paths."""
    lines = list(content.lines())
    patterns = [line for line in lines if not line.startswith(":")]
    notes = ("what it includes (':include') is not followed",) if len(patterns) < len(lines) else ()
    return Foreign((), globs(patterns), notes)
