"""A token in `.npmrc` becomes `${NPM_TOKEN}`, which npm, yarn and pnpm take from the environment."""

from __future__ import annotations

from keytrace.fixers.edits import Fix, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import line_of, referred, refuse_in_comment

_UNSAFE = "npm fails where the variable is not set"


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where it is in a comment."""
    refuse_in_comment(target, b"#", b";")
    start, _ = line_of(target.data, target.start)
    is_token = b"_authToken" in target.data[start : target.start]
    return referred(target, names, "${NAME}", _UNSAFE, "NPM_TOKEN" if is_token else "")
