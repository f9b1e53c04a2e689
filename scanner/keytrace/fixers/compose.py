"""A secret in a compose file becomes `${NAME}`, which compose takes from its environment or from `.env` beside it."""

from __future__ import annotations

from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import named, referred, refuse_in_comment, refuse_of_others

_UNSAFE = "compose takes the variable from its environment or from .env beside the file"


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where it is in a comment."""
    refuse_of_others(target.path)
    refuse_in_comment(target, b"#")
    if b"$" in target.value:
        raise Refused("it has a $, which compose reads in its own way")
    return referred(target, names, "${NAME}", _UNSAFE, named(target))
