"""What is known of a history: where to look for its secrets, and how much there was to read. It is all that is needed
while the history does not change; where commits are added, only those are read.

No secret is kept: the versions of files in which something was found are named, and looked at anew. Where a name holds
a secret, or one stands in no file (in a message, in what no commit leads to), nothing is kept; nor where something went
wrong with a file, which need not the next time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from keytrace import git
from keytrace.cache import results, store
from keytrace.config import Config
from keytrace.engine import load_engine
from keytrace.errors import ScannerError
from keytrace.model import Commit, Reason, ScanError, Skipped
from keytrace.redaction.texts import hide
from keytrace.sources.commits import Span
from keytrace.sources.content import read_file
from keytrace.sources.history import HistorySource
from keytrace.sources.ignore import IGNORE_FILE

_KIND = "histories"
_KEPT = 64  # histories, or parts of them
_LARGEST = 8_000_000  # bytes of what is kept of one
_FOLDERS = ("objects", "logs", "worktrees")
_FILES = ("shallow", "config", "objects/info/alternates")


Versions = Mapping[str, Sequence[tuple[Commit, str]]]


@dataclass(slots=True)
class Look:
    """What came of a look at all new lines: the lines in which something was found, None for all, by path and commit;
    what was left out; how much there was.
    """

    found: dict[tuple[str, str], set[int] | None] = field(default_factory=dict)
    left: list[ScanError | Skipped] = field(default_factory=list)
    files: int = 0
    members: int = 0
    bytes: int = 0
    binary_files: int = 0
    is_certain: bool = True  # nothing went wrong that might not the next time

    def is_followed_by(self, later: Look) -> bool:
        """Take in a look at what was added since, unless something was found there or went wrong; tell whether."""
        if later.found or not later.is_certain or any(isinstance(one, ScanError) for one in later.left):
            return False
        self.left = list(dict.fromkeys([*self.left, *later.left]))
        self.files += later.files
        self.members += later.members
        self.bytes += later.bytes
        self.binary_files += later.binary_files
        return True


@dataclass(frozen=True, slots=True)
class Place:
    """Where what is known of a history is kept, and the state of the repository that it is of: all of it; what must
    stay as it is where commits are only added; the objects that lead to all commits, none where adding is not enough.
    """

    key: str
    state: str
    base: str
    tips: frozenset[str]


def place_of(repo: str, span: Span, config: Config, *, unreachable: bool) -> Place | None:
    """Return the place for a repository and what is asked of it; None where nothing is to be known."""
    if not config.cached or span.is_moving:
        return None
    try:
        folders = _git_folders(repo)
        refs = git.run(["for-each-ref", "--format=%(objectname) %(refname)"], repo)
        state = [refs, git.head(repo).encode()]
        state += _stamps(file for folder in folders for name in _FOLDERS for file in _below(os.path.join(folder, name)))
        base = [*_stamps(os.path.join(folder, name) for folder in folders for name in _FILES), *_ignores(repo, config)]
        tips = _tips(repo, refs) if span.is_whole and not unreachable else ()
    except (ScannerError, OSError, ValueError):
        return None  # whoever reads it says why
    key = results.key(results.digest(config.setup(), config.exclude, config.trust_repo, span, unreachable, *folders))
    return Place(key, results.digest(*state, *base).hex(), results.digest(*base).hex(), frozenset(tips))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a history. `after` are the objects whose commits it has, empty when it has all."""

    look: Look
    order: Mapping[str, int]
    versions: Mapping[str, list[tuple[Commit, str]]]
    after: frozenset[str] = frozenset()


def load(place: Place | None, repo: str) -> Known | None:
    """Return what is known of a history, None where nothing is that still holds."""
    data = store.load(_KIND, place.key) if place else None
    if data is None or place is None:
        return None
    told = json.loads(data)
    if told["state"] == place.state:
        return _known(told, frozenset())
    tips = frozenset(told["tips"])
    if told["base"] == place.base and tips and place.tips and _all_lead_there(repo, tips, place.tips):
        return _known(told, tips)
    return None


def _known(told: Any, after: frozenset[str]) -> Known:
    commits = [Commit(*commit) for commit in told["commits"]]
    order = dict(zip((commit.id for commit in commits), told["order"], strict=True))
    versions = {path: [(commits[number], blob) for number, blob in one] for path, one in told["versions"].items()}
    found = {(path, commit): None if lines is None else set(lines) for path, commit, lines in told["found"]}
    skipped = [Skipped(path, Reason(reason)) for path, reason in told["skipped"]]
    look = Look(found, [*(ScanError(*error) for error in told["errors"]), *skipped], *told["counts"])
    return Known(look, order, versions, after)


def keep(place: Place, look: Look, source: HistorySource, config: Config) -> None:
    """Keep what came of a look, if it may be."""
    if not look.is_certain or any(not commit or path not in source.versions for path, commit in look.found):
        return
    versions = {path: source.versions[path] for path in sorted({*source.followed, *(path for path, _ in look.found)})}
    commits = list(dict.fromkeys(commit for told in versions.values() for commit, _ in told))
    names = [*versions, *(one.path for one in look.left), *(commit.author for commit in commits)]
    if hide(names, load_engine(config.setup())):
        return
    state = {"state": place.state, "base": place.base, "tips": sorted(place.tips)}
    data = json.dumps({**state, **_looked(look), **_brought(source, versions, commits)}).encode()
    if len(data) <= _LARGEST:
        store.store(_KIND, place.key, data, keep=_KEPT)


def _looked(look: Look) -> dict[str, object]:
    return {
        "counts": [look.files, look.members, look.bytes, look.binary_files],
        "errors": [[one.path, one.message, one.file] for one in look.left if isinstance(one, ScanError)],
        "skipped": [[one.path, one.reason.value] for one in look.left if isinstance(one, Skipped)],
        "found": [[*place, None if lines is None else sorted(lines)] for place, lines in look.found.items()],
    }


def _brought(source: HistorySource, versions: Versions, commits: Sequence[Commit]) -> dict[str, object]:
    numbers = {commit: number for number, commit in enumerate(commits)}
    return {
        "commits": [[commit.id, commit.author, commit.date] for commit in commits],
        "order": [source.order[commit.id] for commit in commits],
        "versions": {path: [[numbers[commit], blob] for commit, blob in one] for path, one in versions.items()},
    }


def _git_folders(repo: str) -> list[str]:
    told = git.run(["rev-parse", "--git-common-dir", "--absolute-git-dir"], repo).splitlines()
    return list(dict.fromkeys(os.path.realpath(os.path.join(repo, os.fsdecode(line))) for line in told))


def _stamps(files: Iterable[str]) -> Iterator[bytes]:
    """Yield the names, sizes and times of files that are there."""
    for path in files:
        with suppress(FileNotFoundError):
            status = os.stat(path)
            yield os.fsencode(f"{path} {status.st_size} {status.st_mtime_ns}")


def _ignores(repo: str, config: Config) -> Iterator[bytes]:
    """Yield the ignore files in the work tree that hold."""
    if config.trust_repo and git.is_top(repo):
        listing = git.run(["ls-files", "-z", "-c", "-o", "--", f":(glob)**/{IGNORE_FILE}"], repo)
        for name in listing.split(b"\0")[:-1]:
            with suppress(OSError):
                yield name + b"\0" + read_file(os.path.join(repo, os.fsdecode(name)), config.max_file_size)


def _tips(repo: str, refs: bytes) -> list[str]:
    """Return the objects that lead to all that is read of a whole history: of refs, and of the reflog."""
    named = [line.partition(b" ")[0] for line in refs.splitlines()]
    logged = git.run(["rev-list", "--no-walk", "--all", "--reflog"], repo).split()
    return [name.decode("ascii") for name in (*logged, *named)]


def _all_lead_there(repo: str, old: Iterable[str], new: Iterable[str]) -> bool:
    """Tell whether all commits that `old` leads to are among those that `new` leads to."""
    asked = "".join([*(f"{name}\n" for name in old), *(f"^{name}\n" for name in new)])
    try:
        return not git.run(["rev-list", "--max-count=1", "--stdin"], repo, given=asked.encode()).strip()
    except ScannerError:
        return False  # one of them is no longer there


def _below(folder: str) -> Iterable[str]:
    """Yield the files below a folder, in an order that is always the same."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(place, name) for name in sorted(files))
