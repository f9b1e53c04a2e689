"""The patterns of .gitignore and .keytraceignore files: pathspec reads and matches them, here they meet a walk.

A walk asks about one entry after the other and does not enter a folder that is ignored. pathspec judges the paths of
files; for a folder the last pattern that matches decides. Where the two leave a doubt (a folder ignored by `*` below
one that `!a/` brought back), the folder is entered and its files are judged one by one: never is more ignored than by
git.
"""

from __future__ import annotations

import os
import re
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.errors import ScannerError
from keytrace.model import Reason
from keytrace.sources.content import read_file

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

IGNORE_FILE = ".keytraceignore"
_LIMIT = 2**18  # bytes of an ignore file
_MOST_WILDCARDS = 8  # in one pattern; each makes matching slower by a factor


class Patterns:
    """The patterns of one ignore file, which is in the folder `base`; the last one that matches decides."""

    def __init__(self, content: bytes, base: str) -> None:
        self._start = len(base) + 1
        self._spec: GitIgnoreSpec | None = None
        text = content.removeprefix(BOM_UTF8).decode("latin-1")  # for git a character is a byte
        lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip() and line[0] != "#"]
        if not lines:
            return
        from pathspec import GitIgnoreSpec  # 25 ms to import: only when there is a pattern
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        patterns = []
        for line in lines:
            if sum(map(line.count, "*?[")) > _MOST_WILDCARDS:
                continue
            try:
                with warnings.catch_warnings(action="ignore"):  # re's about odd brackets
                    patterns.append(GitIgnoreSpecPattern(line))
            except (ValueError, re.error):  # for git, too, a pattern that is not one matches nothing
                continue
        self._spec = GitIgnoreSpec(patterns, backend="simple")
        self._folders = [pattern for pattern in reversed(patterns) if pattern.include is not None]

    def __bool__(self) -> bool:
        return self._spec is not None

    def match(self, path: str, is_folder: bool) -> bool | None:
        """Return True when an entry is to be ignored, False when it is not, None when no pattern speaks of it."""
        if self._spec is None:
            return None
        relative = path[self._start :]
        if not relative.isascii():
            relative = os.fsencode(relative).decode("latin-1")
        if not is_folder:
            return self._spec.check_file(relative).include
        relative += "/"
        return next((pattern.include for pattern in self._folders if pattern.match_file(relative)), None)


class Ignore:
    """All patterns that hold in a tree: in files called `filename`, in `first` and, if none of those speaks, `last`.

    Folders are absolute, with forward slashes, not above `top`. `problems` collects (path, message). `reason` is why
    something is left out that the files or `last` ignore.
    """

    def __init__(
        self,
        top: str,
        filename: str,
        first: Patterns | None = None,
        last: Sequence[Patterns] = (),
        reason: Reason = Reason.GITIGNORE,
    ) -> None:
        self.top = top
        self._reason = reason
        self.problems: list[tuple[str, str]] = []
        self._filename = filename
        self._first = first or None
        self._last = tuple(patterns for patterns in last if patterns)
        self._known: dict[str, tuple[Patterns, ...]] = {}

    def matches(self, folder: str, name: str, is_folder: bool) -> Reason | None:
        """Return why the entry `name` of `folder` is to be ignored, None when it is not."""
        patterns = self._known.get(folder)
        if patterns is None:
            patterns = self._patterns(folder)
        if not patterns and self._first is None:
            return None
        path = f"{folder}/{name}"
        verdict = self._first.match(path, is_folder) if self._first else None
        if verdict is not None:
            return Reason.EXCLUDE if verdict else None
        for level in patterns:
            verdict = level.match(path, is_folder)
            if verdict is not None:
                return self._reason if verdict else None
        return None

    def covers(self, root: str, path: str, is_folder: bool) -> Reason | None:
        """Return why `path`, relative to `root`, or a folder on the way to it is to be ignored, None when it is not."""
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            if reason := self.matches(folder, parent, True):
                return reason
            folder = f"{folder}/{parent}"
        return self.matches(folder, name, is_folder)

    def _patterns(self, folder: str) -> tuple[Patterns, ...]:
        """Return the patterns that hold in `folder`: its own, then those of the folders above."""
        missing = []
        patterns: tuple[Patterns, ...] | None = None
        while (patterns := self._known.get(folder)) is None and folder not in (self.top, ""):
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        if patterns is None:
            patterns = self._known[folder] = (*self._read(folder), *self._last)
        for below in reversed(missing):
            patterns = self._known[below] = (*self._read(below), *patterns)
        return patterns

    def _read(self, folder: str) -> Iterator[Patterns]:
        if self._filename and (patterns := read_patterns(f"{folder}/{self._filename}", folder, self.problems)):
            yield patterns


def read_patterns(file: str, base: str, problems: list[tuple[str, str]], *, follow: bool = False) -> Patterns:
    """Read an ignore file; add to `problems` when there is one that cannot be read."""
    try:
        content = read_file(file, _LIMIT, follow=follow)
    except (OSError, ScannerError) as error:
        content = b""
        if os.path.lexists(file) and (follow or not os.path.islink(file)):  # git does not follow links here either
            reason = error.message if isinstance(error, ScannerError) else error.strerror
            problems.append((file, f"its patterns are not used: {reason}"))
    return Patterns(content, base)


def own_ignores(top: str, exclude: Sequence[str], *, trust_repo: bool) -> Ignore:
    """Return what is left out where no folder is walked: what `exclude` and .keytraceignore files below `top` name."""
    first = Patterns(os.fsencode("\n".join(exclude)), top)
    return Ignore(top, IGNORE_FILE if trust_repo else "", first=first, reason=Reason.KEYTRACEIGNORE)
