"""The commits of a git repository, parents first, each with the files that it brings, changes and removes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import Commit

_FORMAT = "--format=tformat:%H%x00%at%x00%an%x00%B"
_LOG = (
    "-c", "log.showRoot=true", "log", "--raw", "-z", "--no-abbrev", "--no-renames", "-c", "--date-order", "--reverse",
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-decorate", "--no-notes", "--no-mailmap",
    "--no-show-signature", "--encoding=UTF-8", "-O/dev/null", _FORMAT,
)  # fmt: skip
_AGO = re.compile(r"(\d{1,4})[ .](hour|day|week|month|year)s?(?:[ .]ago)?")
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "year": 8760}
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

    def arguments(self, repo: str) -> list[str]:
        """Return them for git; raise ScannerError for a revision or date that is none."""
        revisions = [*self.revisions] or ["HEAD"] * bool(self.base or _has_head(repo))
        if self.base:
            revisions.append(f"^{_commit(repo, self.base)}")
        since: list[str] = []
        if self.since and (moment := _moment(self.since)) is not None:
            since = [f"--since={moment}"]
        elif self.since:
            revisions.append(f"^{_commit(repo, self.since, _HINT)}")
        every = [] if self.revisions or self.base else ["--all", "--reflog"]
        if revisions:
            git.run(["rev-list", "--max-count=0", "--end-of-options", *revisions, "--"], repo)
        return [*since, *every, "--end-of-options", *revisions, "--", *self.paths]


@dataclass(slots=True)
class Told:
    """A commit with its message, and what it does to files: (path, blob), of one that is gone without a blob."""

    commit: Commit
    message: bytes
    files: list[tuple[str, str]] = field(default_factory=list)


def told(repo: str, arguments: Sequence[str], revisions: Iterable[str] = ()) -> Iterator[Told]:
    """Yield the commits that git's log tells; of merges, what is in none of their parents. `revisions` are more of
    them, however many. Raise ScannerError when git fails, after what it told before.
    """
    given = b"".join(f"{one}\n".encode() for one in revisions)
    more = ["--stdin"] if given else []
    with git.start([*_LOG, *more, *arguments], repo, pipe_errors=True, talk=bool(given)) as process:
        assert process.stdout
        assert process.stderr
        if process.stdin is not None:
            process.stdin.write(given)
            process.stdin.close()
        yield from _commits(_fields(process.stdout))
        errors = process.stderr.read().decode("utf-8", "replace").strip()
        if process.wait() != 0:
            raise ScannerError(f"git: {errors.splitlines()[0].removeprefix('fatal: ') if errors else 'log failed'}")


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
            made, author, message = next(fields, b"0"), next(fields, b""), next(fields, b"")
            day = time.strftime("%Y-%m-%d", time.gmtime(int(made)))
            current = Told(Commit(line.decode(), author.decode("utf-8", "replace"), day), message)
            continue
        path = os.fsdecode(next(fields, b""))
        parents = len(line) - len(line.lstrip(b":"))
        words = line.decode().split(" ")
        mode, blob = words[parents], words[2 * parents + 1]
        if current is not None and mode != _SUBMODULE:
            current.files.append((path, blob if blob.strip("0") else ""))
    if current is not None:
        yield current


def _commit(repo: str, name: str, hint: str = "the name of a branch, a tag or a commit") -> str:
    """Return the id of a commit; raise ScannerError when there is none of this name."""
    arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    found = git.run(arguments, repo, accept=(0, 1, 128)).decode().strip()
    if not found:
        raise ScannerError(f"no such revision: {name}", f"give {hint}")
    return found.splitlines()[-1]


def _moment(text: str) -> int | None:
    """Return the seconds of a date or time, None for what is neither: git would take that for now."""
    if found := _AGO.fullmatch(text):
        return max(1, int(time.time()) - int(found[1]) * _HOURS[found[2]] * 3600)
    try:
        return max(1, int(datetime.fromisoformat(text).timestamp()))
    except (ValueError, OverflowError, OSError):
        return None


def _has_head(repo: str) -> bool:
    return bool(git.run(["rev-parse", "--verify", "--quiet", "HEAD"], repo, accept=(0, 1)))
