"""A secret in properties, or in YAML that Spring reads, becomes `${NAME}`: the name of the whole setting, as Spring
itself would look for it.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from keytrace.fixers.edits import Fix, Refused, Target
from keytrace.fixers.kinds import SPRING
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import keys_of, line_of, referred, refuse_named_for_others, refuse_of_others

_PROFILE = re.compile(rb"\b(?:on-profile|profiles)[ \t]*[:=][ \t]*[\"']?([\w-]+)")
_IN_ENTRY = re.compile(rb"[{,][ \t]*([\w.-]+)[ \t]*:[ \t]*[\"']?\Z")
_UNSAFE = "Spring and its like read ${…}, others do not"
_OF_GRADLE = frozenset(("gradle.properties", "local.properties", "gradle-wrapper.properties"))


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a value; raise Refused where nothing would read the reference."""
    refuse_of_others(target.path)
    name = PurePosixPath(target.path).name.lower()
    if name in _OF_GRADLE:
        raise Refused(
            "Gradle reads no ${…} there: have it in the gradle.properties of its user, or in ORG_GRADLE_PROJECT_…"
        )
    if not SPRING.fullmatch(name):
        raise Refused("nothing shows that what reads it takes ${…}: have that read the environment, then take it out")
    _refuse_of_profile(target)
    return referred(target, names, "${NAME}", _UNSAFE, setting=_setting(target))


def _refuse_of_profile(target: Target) -> None:
    """Raise Refused in a document of YAML that is for a profile of another environment."""
    begin = target.data.rfind(b"\n---", 0, target.start) + 1
    end = target.data.find(b"\n---", target.start)
    profile = _PROFILE.search(target.data, begin, end if end >= 0 else len(target.data))
    refuse_named_for_others([profile[1].decode()] if profile else ())


def _setting(target: Target) -> str:
    """Return the whole name of a setting, in YAML with the keys above it."""
    keys = keys_of(target.data, target.start)
    if own := _IN_ENTRY.search(target.data, line_of(target.data, target.start)[0], target.start):
        keys = (*keys, own[1].decode())
    return ".".join(keys if target.path.lower().endswith((".yml", ".yaml")) else keys[-1:])
