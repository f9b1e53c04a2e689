"""A secret in properties, or in YAML that Spring reads, becomes `${NAME}`: the name of the whole setting, as Spring
itself would look for it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import line_of, referred

_UNSAFE = "Spring and its like read ${…}, others do not"
_OF_GRADLE = frozenset(("gradle.properties", "local.properties", "gradle-wrapper.properties"))
_KEY = re.compile(rb"(?P<pad>[ \t]*(?:-[ \t]+)?)(?P<key>[\w.\-\[\]]+)[\"']?[ \t]*[:=]")


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where nothing would read the reference."""
    if PurePosixPath(target.path).name.lower() in _OF_GRADLE:
        raise Refused(
            "Gradle reads no ${…} there: have it in the gradle.properties of its user, or in ORG_GRADLE_PROJECT_…"
        )
    return referred(target, names, "${NAME}", _UNSAFE, setting=_setting(target))


def _setting(target: Target) -> str:
    """Return the whole name of a setting, in YAML with the keys above it."""
    at, _ = line_of(target.data, target.start)
    found = _KEY.match(target.data, at)
    if found is None or not target.path.lower().endswith((".yml", ".yaml")):
        return found["key"].decode() if found else ""
    keys, pad = [found["key"]], len(found["pad"])
    while pad and at:
        at, _ = line_of(target.data, at - 1)
        above = _KEY.match(target.data, at)
        if above and len(above["pad"]) < pad:
            keys, pad = [above["key"], *keys], len(above["pad"])
    return b".".join(keys).decode()
