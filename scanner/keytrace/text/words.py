"""The lines that a patch of words shows: `git diff --word-diff`, also its porcelain form, and in colours."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CHANGE = re.compile(rb"\{\+(.*?)\+\}|\[-.*?-\]")
_RED = re.compile(rb"\x1b\[(?:1;)?31m([^\x1b\n]*)\x1b\[0?m")
_GREEN = re.compile(rb"\x1b\[(?:1;)?32m([^\x1b\n]*)\x1b\[0?m")

Line = tuple[bytes, bool]  # of the new file, and whether any of it is new


def with_marks(data: bytes) -> bytes:
    """Return a patch with marks of words instead of the colours that git gives them."""
    return _GREEN.sub(rb"{+\1+}", _RED.sub(rb"[-\1-]", data))


def read(body: Sequence[bytes], count: int) -> list[Line] | None:
    """Return the `count` new lines of a hunk, None where it is none of words.

    Of an empty line nothing says whether it is in the new file: those are left out that are too many, the last first.
    """
    read = _porcelain(body) if b"~" in body else _plain(body)
    empty = [number for number, (text, _) in enumerate(read or ()) if not text.strip(b"\r")]
    surplus = len(read or ()) - count
    if read is None or not 0 <= surplus <= len(empty):
        return None
    left_out = frozenset(empty[len(empty) - surplus :])
    return [line for number, line in enumerate(read) if number not in left_out]


def _plain(body: Sequence[bytes]) -> list[Line] | None:
    """Read lines such as `password = [-"a"-]{+"b"+}`."""
    found: list[Line] = []
    for line in body:
        text = _CHANGE.sub(lambda change: change[1] or b"", line)
        if text.strip(b"\r") or not line.strip(b"\r"):  # else all of it was taken out
            found.append((text, b"{+" in line and any(change[1] for change in _CHANGE.finditer(line))))
    return found if any(_CHANGE.search(line) for line in body) else None


def _porcelain(body: Sequence[bytes]) -> list[Line] | None:
    """Read runs of words, one a line behind ` `, `+` or `-`, where `~` ends a line of the file."""
    found: list[Line] = []
    runs: list[bytes] = []
    for line in body:
        if line != b"~":
            runs.append(line)
            continue
        new = [run for run in runs if not run.startswith(b"-")]
        if new or not runs:
            found.append((b"".join(run[1:] for run in new), any(run.startswith(b"+") for run in new)))
        runs = []
    if any(run.strip() for run in runs) or not all(line[:1] in b" +-~\\" for line in body):
        return None
    return found
