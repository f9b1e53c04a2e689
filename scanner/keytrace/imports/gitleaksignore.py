"""`.gitleaksignore`: a fingerprint a line, `[commit:]file:rule:line`."""

from __future__ import annotations

import re

from keytrace.imports.foreign import Content, Entry, Foreign

_LINE = re.compile(r"(?:([0-9a-f]{7,64}):)?(.+):([^:\s]+):(\d{1,9})")  # a file's name may hold colons


def read(content: Content) -> Foreign | None:
    """Return what it accepts; lines that are no fingerprints, for gitleaks too, are told."""
    lines = list(content.lines())
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    entries = (
        Entry(content.relative(one[2]), int(one[4]), commit=one[1] or "", rule=f"gitleaks:{one[3]}") for one in found
    )
    odd = len(lines) - len(found)
    return Foreign(tuple(entries), notes=(f"{odd} of its lines are no fingerprints",) if odd else ())
