"""A secret in properties, or in YAML that Spring reads, becomes `${NAME}`."""

from __future__ import annotations

from keytrace.fixers.edits import Fix, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import referred

_UNSAFE = "Spring and its like read ${…}, others do not"


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value."""
    return referred(target, names, "${NAME}", _UNSAFE)
