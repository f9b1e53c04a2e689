"""What is staged in the git index for the next commit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import NAME, ScanError, Skipped, StagedProvenance
from keytrace.sources.content import SAMPLE, beyond
from keytrace.sources.ignore import own_ignores
from keytrace.sources.link import LinkArtifact

if TYPE_CHECKING:
    import subprocess

_CARRIED = 8 * 2**20  # bytes; a larger blob is read once more should it be wanted whole
_DIFF = (
    "diff", "--cached", "--no-ext-diff", "--no-textconv", "--no-color", "--find-renames", "--ignore-submodules=all",
    "-O/dev/null", "--no-abbrev", "--full-index",
)  # fmt: skip
# The start of a file's patch and of each of its hunks; the lines of a hunk start with `+` or `-`.
_HEADER = re.compile(rb"^(?:index ([0-9a-f]+)\.\.([0-9a-f]+)|@@ -\S+ \+(\d+)(?:,(\d+))? @@)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class StagedArtifact:
    """A blob of the index. `data` is its content, or a sample of it when it is very large."""

    root: str
    path: str
    blob: str
    size: int
    data: bytes = field(repr=False)
    lines: frozenset[int] | None

    @property
    def provenance(self) -> StagedProvenance:
        return StagedProvenance(self.path)

    def read(self, limit: int) -> bytes:
        if self.size > limit:
            raise beyond(self.data, limit)
        if len(self.data) == self.size:
            return self.data
        return git.run(["cat-file", "blob", self.blob], self.root, hook=True)


class StagedSource:
    """The files that the next commit of `repo` adds or changes, each with the lines it adds.

    `paths`, absolute files and folders, limit it; `exclude` and .keytraceignore hold as they do in a folder.
    """

    def __init__(
        self, repo: str, paths: Sequence[str] = (), exclude: Sequence[str] = (), trust_repo: bool = True
    ) -> None:
        self._repo = repo
        self._paths = paths
        self._exclude = exclude
        self._trust_repo = trust_repo

    def artifacts(self) -> Iterator[StagedArtifact | LinkArtifact | ScanError | Skipped]:
        """Yield what is staged, by path; raise ScannerError first when git cannot tell, or does not know a path."""
        top = os.environ.get("GIT_WORK_TREE") or git.top_level(self._repo)
        if top is None:
            raise ScannerError(
                f"not in the work tree of a git repository: {self._repo}", "run `git init`, or scan files"
            )
        top = os.path.abspath(top).replace(os.sep, "/").rstrip("/")
        raw = _raw_changes(top)
        limits = [_known(path, top, raw) for path in self._paths]
        changes = _changes(raw)
        added: dict[tuple[str, str], set[int]] = {}
        if any(change.old_blob for change in changes):
            patch = git.run([*_DIFF, "-U0", "--inter-hunk-context=0", "--diff-filter=MR"], top, hook=True)
            added = _added_lines(patch)
        excludes = own_ignores(top, self._exclude, trust_repo=self._trust_repo)
        changes = [change for change in changes if not limits or _below(change.path, limits)]
        if not changes:
            return
        with git.start(["cat-file", "--batch"], top, hook=True, talk=True) as process:
            for change in changes:
                if reason := excludes.covers(top, change.path, False):
                    yield Skipped(change.path, reason, named=change.path in limits)
                elif change.conflict:
                    yield ScanError(change.path, "has a merge conflict, so nothing of it is staged")
                elif (lines := _lines(change, added)) != set():
                    yield _artifact(process, top, change, lines)
            process.terminate()  # workers that were forked meanwhile hold its input open: it would wait for its end
            yield from (ScanError(_relative(file, top), message) for file, message in excludes.problems)


@dataclass(frozen=True, slots=True)
class _Change:
    path: str
    old_blob: str  # empty unless the file was a file before
    blob: str
    conflict: bool = False
    is_link: bool = False
    is_renamed: bool = False
    is_moved: bool = False  # and nothing but its name is new


def _changes(raw: bytes) -> list[_Change]:
    """Read git's list of changes, `:MODE MODE BLOB BLOB STATUS NUL path NUL [path NUL]`.

    Left out is what brings neither content nor a name: deletions, submodules, changes of the mode alone.
    """
    changes = []
    fields = iter(raw.split(b"\0"))
    for entry in fields:
        if not entry:
            break
        old_mode, mode, old_blob, blob, status = os.fsdecode(entry[1:]).split(" ")
        path = os.fsdecode(next(fields))
        is_renamed = status[0] in "RC"
        if is_renamed:
            path = os.fsdecode(next(fields))
        if status == "U":
            changes.append(_Change(path, "", "", conflict=True))
        elif mode.startswith(("100", "120")) and (is_renamed or blob != old_blob):
            known, is_link = old_blob if old_mode.startswith("100") else "", mode.startswith("120")
            changes.append(_Change(path, known, blob, False, is_link, is_renamed, is_moved=blob == old_blob))
    return sorted(changes, key=lambda change: change.path)


def _lines(change: _Change, added: dict[tuple[str, str], set[int]]) -> set[int] | None:
    """Return the lines of a file that count, with NAME where that is new; None means all of them."""
    lines = added.get((change.old_blob, change.blob))
    return lines if lines is None or not change.is_renamed else {*lines, NAME}


def _added_lines(patch: bytes) -> dict[tuple[str, str], set[int]]:
    """Return the numbers of the lines that a patch without context adds, by old and new blob; none for binary files."""
    added: dict[tuple[str, str], set[int]] = {}
    blobs = ("", "")
    for match in _HEADER.finditer(patch):
        old, new, first, count = match.groups()
        if old:
            blobs = (old.decode(), new.decode())
        else:
            added.setdefault(blobs, set()).update(range(int(first), int(first) + int(count or 1)))
    return added


def _artifact(
    process: subprocess.Popen[bytes], top: str, change: _Change, lines: set[int] | None
) -> StagedArtifact | LinkArtifact | ScanError:
    """Ask a running `git cat-file --batch` for a blob; not for one of which only the name is new."""
    if change.is_moved:
        return StagedArtifact(top, change.path, change.blob, 0, b"", frozenset({NAME}))
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(f"{change.blob}\n".encode())
        process.stdin.flush()
    except OSError:
        pass  # git has ended; the missing answer tells
    answer = git.read_object(process.stdout, _CARRIED, SAMPLE)
    if answer is None:
        return ScanError(change.path, "git cannot read its staged content")
    size, data = answer
    if change.is_link:
        return LinkArtifact(StagedProvenance(change.path), data)
    limited = lines is not None and len(data) == size and _has_lines_of_git(data)
    return StagedArtifact(top, change.path, change.blob, size, data, frozenset(lines or ()) if limited else None)


def _has_lines_of_git(data: bytes) -> bool:
    """Tell whether lines are what git takes for lines: not so in UTF-16 or with lone carriage returns."""
    return b"\0" not in data and data.count(b"\r") == data.count(b"\r\n")


def _raw_changes(top: str) -> bytes:
    """Return git's list of what is staged; raise ScannerError that says why there is none."""
    try:
        return git.run([*_DIFF, "--raw", "-z"], top, hook=True)
    except ScannerError:
        git.run(["rev-parse", "--git-dir"], top, hook=True)  # outside of a repository `git diff` is another command
        raise


def _known(path: str, top: str, raw: bytes) -> str:
    """Return a path that the user named relative to `top`; raise ScannerError when it is outside or nowhere."""
    relative = _relative(path, top)
    if relative == ".." or relative.startswith("../"):
        folder, name = os.path.split(path)
        relative = _relative(os.path.join(os.path.realpath(folder), name), os.path.realpath(top))
    if relative == ".." or relative.startswith("../") or os.path.isabs(relative):
        raise ScannerError(f"cannot scan {path}: it lies outside of the work tree {top}", "run it in that repository")
    if not os.path.lexists(path) and not any(_below(change, [relative]) for change in _paths(raw)):
        raise ScannerError(f"no such file or folder: {path}", "check the spelling; paths are relative to where you are")
    return relative


def _paths(raw: bytes) -> list[str]:
    """Return all paths in git's list of changes."""
    return [os.fsdecode(field) for field in raw.split(b"\0") if not field.startswith(b":")]


def _relative(path: str, top: str) -> str:
    return os.path.relpath(path, f"{top}/").replace(os.sep, "/")


def _below(path: str, limits: Sequence[str]) -> bool:
    return any(limit in (".", path) or path.startswith(f"{limit}/") for limit in limits)
