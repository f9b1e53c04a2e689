"""The commits of a git repository, parents first, each with the files that it brings, changes and removes."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import Commit

_FORMAT = "--format=tformat:%H%x00%at%x00%ct%x00%an%x00%B"
_LOG = (
    "--literal-pathspecs", "-c", "log.showRoot=true", "log", "-z", "--no-abbrev", "--no-renames", "--date-order",
    "--reverse", "--no-ext-diff", "--no-textconv", "--no-color", "--no-decorate", "--no-notes", "--no-mailmap",
    "--no-show-signature", "--encoding=UTF-8", "-O/dev/null", _FORMAT,
)  # fmt: skip
_FILES = ("--raw", "-c")
_EVERY = ("--all", "--reflog")
_AGO = re.compile(r"(\d{1,4})[ .](hour|day|week|month|year)s?(?:[ .]ago)?")
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
_ID = re.compile(r"[0-9a-f]{40,64}")
_HINT = "a commit, a date as 2026-11-29, or a time as '2 weeks ago'"
_SUBMODULE = "160000"


@dataclass(frozen=True, slots=True)
class Span:
    """Which commits are meant: `revisions` as git understands them, all with those of the reflog when empty; not what
    `base` has; later than the commit or date `since`; with changes below `paths`.
    """

    revisions: tuple[str, ...] = ()
    base: str = ""
    since: str = ""
    paths: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether it is all that there is."""
        return self == Span()

    @property
    def is_moving(self) -> bool:
        """Tell whether it is another one a moment later."""
        return _AGO.fullmatch(self.since) is not None

    def arguments(self, repo: str) -> list[str]:
        """Return them for git's log; raise ScannerError for a revision, date or path that is none."""
        revisions = [*self.revisions] or ["HEAD"] * bool(self.base or git.head(repo))
        if self.base:
            revisions.append(f"^{_commit(repo, self.base)}")
        if self.since and self.earliest() is None:
            revisions.append(f"^{_commit(repo, self.since, _HINT)}")
        for name in self.objects(repo):
            if not git.run(["cat-file", "-t", name], repo, accept=(0, 1, 128)):
                raise ScannerError(f"no such revision: {name}", "give the name of a branch, a tag or a commit")
        for path in self.paths:
            asked = ["--literal-pathspecs", "log", *_EVERY, "--max-count=1", "--format=%H", "--", path]
            if not git.run(asked, repo).strip():
                raise ScannerError(f"no commit has anything at {path}", "check the spelling; paths are as on disk")
        every = [] if self.revisions or self.base else _EVERY
        return [*every, "--end-of-options", *revisions, "--", *self.paths]

    def earliest(self) -> int | None:
        """Return the second before which commits do not count, None where `since` is no date."""
        return _moment(self.since) if self.since else None

    def objects(self, repo: str) -> list[str]:
        """Return the ids of what the revisions name, tags, trees and blobs among them, not of what is left out. Raise
        ScannerError for one that is none.
        """
        if not self.revisions:
            return []
        told = git.run(["rev-parse", "--end-of-options", *self.revisions, "--"], repo).decode().split()
        return [one for one in told if _ID.fullmatch(one)]


@dataclass(slots=True)
class Told:
    """A commit with its message, and what it does to files."""

    commit: Commit
    message: bytes
    seconds: int  # when it was committed
    files: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """The blob of a file, empty when it is gone, and those that it had in the parents of the commit."""

    path: str
    blob: str
    before: tuple[str, ...]


def told(
    repo: str, arguments: Sequence[str], revisions: Iterable[str] = (), earliest: int | None = None,
    before: Sequence[str] = (), *, with_files: bool = True,
) -> Iterator[Told]:  # fmt: skip
    """Yield the commits that git's log tells, not those before `earliest`; of merges, what is in none of their parents.
    `revisions` are more of them, however many, `before` what git is told before it is told to log; not `with_files`,
    what they do to files is not looked at. Raise ScannerError when git fails, after what it told before.
    """
    given = git.lines(revisions)
    more = ["--stdin"] if given else []
    log = [*before, *_LOG, *(_FILES if with_files else ("--no-patch",)), *more, *arguments]
    with git.start(log, repo, pipe_errors=True, talk=bool(given)) as process:
        assert process.stdout
        assert process.stderr
        if process.stdin is not None:
            process.stdin.write(given)
            process.stdin.close()
        for one in _commits(_fields(process.stdout)):
            if earliest is None or one.seconds >= earliest:  # git's --since ends at the first one that is older
                yield one
        errors = process.stderr.read().decode("utf-8", "replace")
        if process.wait() != 0:
            raise ScannerError(f"git: {git.reason(errors)}")


def _fields(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between the NULs."""
    rest = b""
    while data := stream.read(2**16):
        *whole, rest = (rest + data).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _commits(fields: Iterator[bytes]) -> Iterator[Told]:
    current: Told | None = None
    for one in fields:
        line = one.lstrip(b"\n")
        if not line:
            continue
        if not line.startswith(b":"):
            if current is not None:
                yield current
            made, committed, author, message = (next(fields, b"") for _ in range(4))
            commit = Commit(line.decode(), author.decode("utf-8", "replace"), _day(made))
            current = Told(commit, message, int(committed) if committed.isdigit() else sys.maxsize)
            continue
        path = os.fsdecode(next(fields, b""))
        parents = len(line) - len(line.lstrip(b":"))
        words = line.decode().split(" ")
        mode, blobs = words[parents], [blob if blob.strip("0") else "" for blob in words[parents + 1 : 2 * parents + 2]]
        if current is not None and mode != _SUBMODULE:
            current.files.append(Change(path, blobs[-1], tuple(filter(None, blobs[:-1]))))
    if current is not None:
        yield current


def _day(seconds: bytes) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.gmtime(int(seconds)))
    except (ValueError, OverflowError, OSError):
        return ""  # a commit that some other program made


def _commit(repo: str, name: str, hint: str = "the name of a branch, a tag or a commit") -> str:
    """Return the id of a commit; raise ScannerError when there is none of this name."""
    found = git.commit_of(repo, name)
    if not found:
        raise ScannerError(f"no such revision: {name}", f"give {hint}")
    return found


def _moment(text: str) -> int | None:
    """Return the seconds of a date or time, None for what is neither: git would take that for now."""
    if found := _AGO.fullmatch(text):
        return max(1, int(time.time()) - int(found[1]) * _HOURS[found[2]] * 3600)
    try:
        return max(1, int(datetime.fromisoformat(text).timestamp()))
    except (ValueError, OverflowError, OSError):
        return None
