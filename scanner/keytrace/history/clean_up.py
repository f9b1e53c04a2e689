"""What takes secrets out of history: the file for `git filter-repo --replace-text`, and what to do around it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from keytrace.cache.atomic import write_text
from keytrace.model import Report

_REMOVED = b"***REMOVED***"
_PLAIN = re.compile(rb"[^\r\n]+")


def write(report: Report, path: str) -> int:
    """Write a file that names each secret of the findings that count, to be read by its owner alone, and return how
    many. It holds the secrets themselves.
    """
    found = (one for one in report.active if one.secret.value and not (one.life and one.life.is_encoded))
    values = dict.fromkeys(one.secret.value for one in found)
    lines = [_line(value) for value in sorted(values, key=len, reverse=True)]
    if lines:
        with write_text(path, private=True) as stream:
            stream.writelines(line.decode("utf-8", "surrogateescape") + "\n" for line in lines)
    return len(lines)


def _line(value: bytes) -> bytes:
    """Return the line for a secret; one of several lines is a regular expression of Python."""
    if _PLAIN.fullmatch(value) and b"==>" not in value:
        return b"literal:" + value + b"==>" + _REMOVED
    pieces = [re.escape(piece) for piece in value.replace(b"\r\n", b"\n").split(b"\n")]
    return b"regex:" + rb"\r?\n".join(pieces).replace(b"==>", b"=={1}>") + b"==>" + _REMOVED


def steps(path: str, report: Report, number: int) -> Iterator[str]:
    """Yield what to do with the file at `path`, which holds so many secrets of a report, in order."""
    left_out = sum(one.life is not None and one.life.is_encoded for one in report.active)
    in_names = sum(one.location.end == 0 for one in report.active)
    secrets = "1 secret" if number == 1 else f"{number} secrets"
    yield f"{path} holds {secrets} in clear, for `git filter-repo` (github.com/newren/git-filter-repo); then delete it"
    if left_out:
        yield f"{left_out} more stand there encoded, and are not in it: take out their files, or their lines, by hand"
    yield "1. revoke each secret at its provider and give its services a new one: whoever has a clone has the old one"
    file = os.path.abspath(path)
    yield f"2. in a fresh clone: git filter-repo --replace-text {file} --replace-message {file}"
    if in_names:
        yield f"   {in_names} of them in names of files: --path-rename OLD:NEW with it, or --invert-paths --path OLD"
    yield "3. force-push all branches and tags; ask the host to drop what it keeps: merge requests, forks, caches"
    yield "4. have everybody clone anew: a push from an old clone brings the secrets back"
    yield "5. keytrace history --unreachable  in the new clone says whether all are gone"
