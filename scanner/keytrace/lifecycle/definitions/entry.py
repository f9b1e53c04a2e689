"""A name and its value in a file, whatever its format, to what an inventory knows of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.lifecycle.wording import holds, interpolated, is_automatic

_SECRET = re.compile(r"\bsecrets\.(\w+)")
_ERB = re.compile(r"<%=[ \t]*ENV(?:\.fetch[ \t]*\(|\[)[ \t]*[\"'](\w+)")
MOST = 2**21  # bytes of a file that are read


def entry(
    name: str,
    value: str | None,
    line: int,
    form: str,
    *,
    role: Role = Role.DEFINED,
    environment: str = "",
    service: str = "",
    refers: tuple[str, ...] = (),
    is_kept: bool = False,
    is_foreign: bool = False,
    what: Holds | None = None,
) -> Mention:
    """Return what an entry of a file says; `what` it holds is seen in the value unless the format says it."""
    text = value or ""
    raw = _bytes(text.strip())
    found = interpolated(text) if "$" in text else []
    whole = found[0] if found and found[0][2] else None  # the value is that of another name, or its default
    if what is None and whole:
        raw = _bytes(whole[1])
        what = Holds.VALUE if holds(raw) is Holds.VALUE else Holds.REFERENCE
    what = what or holds(raw)
    if whole and not is_automatic(whole[0]):
        refers = (*refers, whole[0])
    refers = (*refers, *_ERB.findall(text))
    kept = is_kept or not all(map(is_automatic, _SECRET.findall(text)))
    refers = tuple(dict.fromkeys(refers))
    content = raw if what is Holds.VALUE else None
    return Mention(role, name, line, form, content, what, environment, service, refers, kept, is_foreign)


def named(path: Sequence[str], between: str = ".") -> str:
    """Return the name of a setting by the keys on the way to it: that of a variable is the last of them."""
    return path[-1] if path[-1].isupper() else between.join(path)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
