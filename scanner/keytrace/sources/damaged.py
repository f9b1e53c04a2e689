"""The commits of a repository of which objects are missing: all that can be told, one after the other where need be."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

from keytrace import git
from keytrace.cache.scratch import temporary_folder
from keytrace.errors import ScannerError
from keytrace.model import ScanError
from keytrace.sources.commits import Change, Told, told

_MOST = 200  # commits of which not all files are there; git is started anew after each


def told_apart(
    repo: str, arguments: Sequence[str], known: Mapping[str, str], done: Collection[str], *, every: bool
) -> Iterator[Told | ScanError]:
    """Yield the commits that git's log with these arguments could not tell: all that are here if `every`, but not those
    done, parents first. `known` are the kinds of all objects that are here. Raise ScannerError when git tells
    nothing at all.
    """
    parents = _parents(repo, [name for name, kind in known.items() if kind == "commit"])
    lost = {parent for own in parents.values() for parent in own if parent not in parents}
    given = git.lines(parents) if every else b""
    with temporary_folder("keytrace-") as folder:
        first = os.path.join(folder, "first")  # those of which no parents are asked for
        with open(first, "wb") as file:
            file.write(git.lines([name for name, own in parents.items() if not lost.isdisjoint(own)]))
        before = ["--shallow-file", first]
        asked = ["rev-list", "--reverse", "--date-order", "--ignore-missing", *["--stdin"][: len(given)]]
        names = git.run([*before, *asked, *arguments], repo, given=given).decode().split()
        left = [name for name in names if name not in done]
        yield from _told_each(repo, before, left, arguments[arguments.index("--") :], known)
    if lost:
        what = f"{len(lost)} commits are" if len(lost) > 1 else "1 commit is"
        yield ScanError(".git", f"{what} missing or damaged ({min(lost)[:12]}), with what nothing else has")


def _parents(repo: str, commits: Sequence[str]) -> dict[str, list[str]]:
    """Return the parents of commits, be they here or not."""
    form = ["--no-walk=unsorted", "--no-patch", "--format=%H %P", "--stdin"]
    told = git.run(["--shallow-file", os.devnull, "log", *form], repo, given=git.lines(commits))
    return {name: own for name, *own in map(str.split, told.decode().splitlines())}


def _told_each(
    repo: str, before: Sequence[str], left: list[str], paths: Sequence[str], known: Mapping[str, str]
) -> Iterator[Told | ScanError]:
    """Yield commits; of those that git cannot compare with their parents, all files that can be listed, unless only
    some `paths` count.
    """
    lacking: list[str] = []
    while left and len(lacking) <= _MOST:
        done = set[str]()  # git turns round what it is given
        try:
            for one in told(repo, ["--no-walk=unsorted", *paths], reversed(left), before=before):
                done.add(one.commit.id)
                yield one
            break
        except ScannerError:
            left = [name for name in left if name not in done]
            with suppress(ScannerError):
                for one in told(repo, ["--no-walk"], left[:1], before=before, with_files=False):
                    if len(paths) == 1:
                        one.files += [Change(path, blob, ()) for path, blob in listed(repo, one.commit.id, known)]
                    yield one
            lacking += left[:1]
            left = left[1:]
    if lacking:
        what = f"{len(lacking)} commits" if len(lacking) > 1 else "a commit"
        rest = f"; {len(left)} after them were not read" if len(lacking) > _MOST else ""
        yield ScanError(".git", f"not all files of {what} could be listed ({lacking[0][:12]}){rest}")


def listed(repo: str, commit: str, known: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield path and blob of the files of a commit as far as its folders are there; each blob once. `known` tells blobs
    from folders, else by what git says.
    """
    asked = ["rev-list", "--objects", "--no-walk", "--missing=print", commit]
    rows = [row.partition(b" ") for row in git.run(asked, repo).splitlines() if not row.startswith(b"?")]
    names = {name.decode(): os.fsdecode(path) for name, _, path in rows if path}
    if known is None:
        form = ["cat-file", "--batch-check=%(objectname) %(objecttype)"]
        told = git.run(form, repo, given=git.lines([*names])).decode().splitlines()
        known = {name: kind for name, _, kind in (row.partition(" ") for row in told)}
    return ((path, name) for name, path in names.items() if known.get(name) == "blob")
