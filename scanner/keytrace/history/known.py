"""What is known of a history that has not changed: where to look for its secrets, and how much there was to read.

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
_FILES = ("shallow", "config", "HEAD", "objects/info/alternates")


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


def key_of(repo: str, span: Span, config: Config, *, unreachable: bool) -> str:
    """Return what tells the repository and what is asked of it from all others, and from what it was or will be; empty
    where that is not to be told.
    """
    if not config.cached or span.is_moving:
        return ""
    try:
        state = list(_state(repo, config))
    except (ScannerError, OSError, ValueError):
        return ""  # whoever reads it says why
    asked = (config.setup(), config.exclude, config.trust_repo, span, unreachable)
    return results.key(results.digest(*asked, *state))


def load(key: str, source: HistorySource) -> Look | None:
    """Return what is known, and have `source` know the versions of files that belong to it; None where nothing is."""
    data = store.load(_KIND, key) if key else None
    if data is None:
        return None
    told = json.loads(data)
    commits = [Commit(*commit) for commit in told["commits"]]
    source.order.update(zip((commit.id for commit in commits), told["order"], strict=True))
    for path, versions in told["versions"].items():
        source.versions[path] = [(commits[number], blob) for number, blob in versions]
    found = {(path, commit): None if lines is None else set(lines) for path, commit, lines in told["found"]}
    skipped = [Skipped(path, Reason(reason)) for path, reason in told["skipped"]]
    return Look(found, [*(ScanError(*error) for error in told["errors"]), *skipped], *told["counts"])


def keep(key: str, look: Look, source: HistorySource, config: Config) -> None:
    """Keep what came of a look, if it may be."""
    if not key or not look.is_certain or any(path not in source.versions for path, _ in look.found):
        return
    versions = {path: source.versions[path] for path in sorted({*source.followed, *(path for path, _ in look.found)})}
    commits = list(dict.fromkeys(commit for told in versions.values() for commit, _ in told))
    names = [*versions, *(one.path for one in look.left), *(commit.author for commit in commits)]
    if hide(names, load_engine(config.setup())):
        return
    data = json.dumps({**_looked(look), **_brought(source, versions, commits)}).encode()
    if len(data) <= _LARGEST:
        store.store(_KIND, key, data, keep=_KEPT)


def _looked(look: Look) -> dict[str, object]:
    return {
        "counts": [look.files, look.members, look.bytes, look.binary_files],
        "errors": [[one.path, one.message] for one in look.left if isinstance(one, ScanError)],
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


def _state(repo: str, config: Config) -> Iterator[bytes]:
    """Yield what changes when a repository does: its refs, its objects and reflogs by their names, sizes and times, and
    the ignore files in its work tree.
    """
    yield git.head(repo).encode()
    yield git.run(["for-each-ref", "--format=%(objectname) %(refname)"], repo)
    asked = ["--git-common-dir", "--absolute-git-dir"]
    folders = git.run(["rev-parse", *asked], repo).splitlines()
    for folder in dict.fromkeys(os.path.join(repo, os.fsdecode(line)) for line in folders):
        files = [os.path.join(folder, name) for name in _FILES]
        for path in [*files, *(file for name in _FOLDERS for file in _below(os.path.join(folder, name)))]:
            with suppress(FileNotFoundError):
                status = os.stat(path)
                yield os.fsencode(f"{path} {status.st_size} {status.st_mtime_ns}")
    if config.trust_repo and git.is_top(repo):
        listing = git.run(["ls-files", "-z", "-c", "-o", "--", f":(glob)**/{IGNORE_FILE}"], repo)
        for name in listing.split(b"\0")[:-1]:
            with suppress(OSError):
                yield name + b"\0" + read_file(os.path.join(repo, os.fsdecode(name)), config.max_file_size)


def _below(folder: str) -> Iterable[str]:
    """Yield the files below a folder, in an order that is always the same."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(place, name) for name in sorted(files))
