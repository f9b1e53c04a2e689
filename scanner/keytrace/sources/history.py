"""The history of a git repository: each line once, in the version of a file that brought it, with some lines around."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import count
from typing import IO

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import NAME, Commit, CommitProvenance, Reason, ScanError, Skipped
from keytrace.scoring.weigh import is_of_test_or_example
from keytrace.sources.commits import Change, Span, Told, told
from keytrace.sources.content import SAMPLE
from keytrace.sources.damaged import told_apart
from keytrace.sources.ignore import own_ignores
from keytrace.sources.news import News
from keytrace.sources.version import HistoryArtifact
from keytrace.text.encoding import decode
from keytrace.text.language import extension

MESSAGE = "message of the commit"  # the path of what a commit says
_OF_TAG = "message of the tag "
_NOTE = re.compile(r"(?:[0-9a-f]{2}/)*[0-9a-f]+")  # how git names a note: by the object that it is on
_SPARING = ("-c", "core.deltaBaseCacheLimit=16m")  # a third of the memory for a tenth of git's time

_Kind = tuple[str, bool]
_Brought = dict[str, dict[_Kind, CommitProvenance]]  # blob -> its first version in files of each kind


class HistorySource:
    """The lines that commits of a repository bring, and what their messages say.

    `span` says which commits; with `unreachable` also what none of them leads to; those that the objects `after` lead
    to are read already. `exclude` and .keytraceignore hold as they do in a folder. What `is_archive` is looked at as a
    whole.
    """

    def __init__(
        self, repo: str, span: Span, limit: int, *, unreachable: bool = False, exclude: Sequence[str] = (),
        trust_repo: bool = True, is_archive: Callable[[bytes], bool] = lambda _data: False,
        after: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._repo, self._span, self._limit, self._unreachable = repo, span, limit, unreachable
        self._after = frozenset(after)
        top = repo.replace(os.sep, "/").rstrip("/")
        self._excludes = own_ignores(top, exclude, trust_repo=trust_repo)
        self._top = top
        self._is_archive = is_archive
        self._news = News()  # lines, by the kind of file
        self._unfiled: dict[tuple[str, str], list[HistoryArtifact]] = {}  # what is no file: messages, unreachable blobs
        self._before: dict[str, set[_Kind]] = {}  # blobs that the commits of the span change, by the kinds of files
        self._names: dict[str, Commit] = {}  # paths, and the commit of the span that brought each
        self._left_out: dict[str, Reason | None] = {}  # of paths
        self._are_noted: dict[str, bool] = {}  # whether there is an object of the name that a note would have
        self.followed: set[str] = set()  # paths of which all versions were looked at, for what became of secrets
        self._numbers = count()
        self.order: dict[str, int] = {}  # of commits, by their ids: parents come first
        self.versions: dict[str, list[tuple[Commit, str]]] = {}  # of each path, with the blob; empty: it is gone

    def resume(self, order: Mapping[str, int], versions: Mapping[str, list[tuple[Commit, str]]]) -> None:
        """Take in commits that were read before, with what they did to some files."""
        self.order.update(order)
        self.versions.update(versions)
        self._numbers = count(1 + max(self.order.values(), default=-1))

    def artifacts(self) -> Iterator[HistoryArtifact | ScanError | Skipped]:
        """Yield the versions that bring something new, parents before children; raise ScannerError first where the user
        must act.
        """
        arguments = self._span.arguments(self._repo)
        known = _objects(self._repo)
        brought: _Brought = {}
        try:
            yield from self._tell(arguments, [f"^{name}" for name in self._after], brought)
            self._bring_refs(brought, known)
            if self._unreachable:
                yield from self._lost(known, brought)
        except ScannerError as error:
            yield ScanError(".git", f"not all commits could be read: {error.message}")
            with suppress(ScannerError):
                yield from self._salvage(arguments, brought, known)
        yield from self._missing(brought, known)
        yield from self._cut_off()
        try:
            yield from self._tags(known)
        except ScannerError as error:
            yield ScanError(".git", f"not all tags could be read: {error.message}")
        self._see_before()
        yield from self._brought({name: where for name, where in brought.items() if name in known})

    def _missing(self, brought: _Brought, known: Mapping[str, str]) -> Iterator[ScanError]:
        """Say which versions of files are not here."""
        missing = [one.path for name, told in brought.items() for one in told.values() if name not in known]
        if self._after:  # of what was read before, what is still asked for
            missing += [path for path, told in self.versions.items() for _, name in told if name and name not in known]
        if missing:
            what = f"{_versions(len(missing))} not here, of this and other files: a partial clone, or damage"
            yield ScanError(missing[0], what)

    def _tell(
        self, arguments: Sequence[str], revisions: Iterable[str], brought: _Brought
    ) -> Iterator[HistoryArtifact | Skipped]:  # fmt: skip
        """Take in commits, and yield what they say."""
        for one in told(self._repo, arguments, revisions, self._span.earliest()):
            yield from self._take(one, brought)

    def _salvage(
        self, arguments: Sequence[str], brought: _Brought, known: Mapping[str, str]
    ) -> Iterator[HistoryArtifact | ScanError | Skipped]:
        """Take in what can be read of commits though objects are missing: a ref or a commit that leads nowhere hides
        nothing that others lead to, nor does a folder that is not here.
        """
        every, earliest = self._span.is_whole and not self._after, self._span.earliest()
        for one in told_apart(self._repo, arguments, known, self.order, every=every):
            if isinstance(one, ScanError):
                yield one
            elif earliest is None or one.seconds >= earliest:
                yield from self._take(one, brought)
        self._bring_refs(brought, known)
        if self._unreachable:
            yield from self._lost(known, brought)

    def _take(self, one: Told, brought: _Brought) -> Iterator[HistoryArtifact | Skipped]:
        """Take in a commit, and yield what it says."""
        if one.commit.id not in self.order:
            self.order[one.commit.id] = next(self._numbers)
        for change in one.files:
            if change.path not in self._left_out:
                self._left_out[change.path] = reason = self._excludes.covers(self._top, change.path, False)
                if reason:
                    yield Skipped(change.path, reason)
            if not self._left_out[change.path]:
                self._bring(one.commit, change, brought)
        yield from self._new(CommitProvenance(MESSAGE, one.commit), one.message)

    def _bring(self, commit: Commit, change: Change, brought: _Brought) -> None:
        path, blob = change.path, change.blob
        self.versions.setdefault(path, []).append((commit, blob))
        if blob and not change.before:
            self._names.setdefault(path, commit)
        for old in change.before:
            if old not in brought:
                self._before.setdefault(old, set()).add(_kind(path))
        if blob and blob not in change.before:
            brought.setdefault(blob, {}).setdefault(_kind(path), CommitProvenance(path, commit))

    def _bring_refs(self, brought: _Brought, known: Mapping[str, str]) -> None:
        """Take in the blobs and trees that revisions, or else tags and other refs, name."""
        for ref, name in self._refs():
            kind = known.get(name, "")
            files = [(ref, name)] if kind == "blob" else []
            if kind == "tree":
                listed = git.run(["ls-tree", "-r", "-z", "--full-tree", name], self._repo).split(b"\0")[:-1]
                rows = (os.fsdecode(row).partition("\t") for row in listed)
                files = [(path, head.split(" ")[2]) for head, _, path in rows if " blob " in head]
            for path, blob in files:
                brought.setdefault(blob, {}).setdefault(_kind(path), CommitProvenance(path, Commit()))

    def _refs(self) -> Iterator[tuple[str, str]]:
        """Yield the objects that are asked for, or all that have a ref: what it is called, and what a tag is on."""
        if self._span.revisions:
            asked = self._span.objects(self._repo)
            peeled = git.run(["rev-parse", *(f"{name}^{{}}" for name in asked)], self._repo).decode().split()
            yield from ((f"object {name[:12]}", name) for name in peeled)
        if not self._span.is_whole:
            return
        form = "--format=%(objectname) %(*objectname) %(refname)"
        for line in git.run(["for-each-ref", form], self._repo).decode("utf-8", "replace").splitlines():
            name, inner, ref = line.split(" ", 2)
            if name not in self._after:
                yield ref, inner or name

    def _see_before(self) -> None:
        """Take as known what stood in files before the commits of the span changed them."""
        if self._span.is_whole and not self._after:
            return  # it was all brought by some commit
        for name, answer in self._read(self._before):
            text = decode(answer[1]) if answer is not None and answer[0] <= self._limit else None
            for kind in self._before[name]:
                self._news.know(kind, text or b"")

    def _lost(self, known: Mapping[str, str], brought: _Brought) -> Iterator[HistoryArtifact | Skipped]:
        """Take in what no commit of the span leads to."""
        lost = [name for name, kind in known.items() if kind == "commit" and name not in self.order]
        if lost:
            yield from self._tell(["--not", "--all", "--reflog", "--"], lost, brought)
        for name, kind in known.items():
            if kind == "blob":
                place = CommitProvenance(f"unreachable blob {name[:12]}", Commit())
                brought.setdefault(name, {_kind(place.path): place})

    def _cut_off(self) -> Iterator[ScanError]:
        """Say where commits have parents that are not here."""
        if self._after or git.run(["rev-parse", "--is-shallow-repository"], self._repo).strip() != b"true":
            return
        path = os.fsdecode(git.run(["rev-parse", "--git-path", "shallow"], self._repo).removesuffix(b"\n"))
        with open(os.path.join(self._repo, path), encoding="ascii") as file:
            ends = self.order.keys() & file.read().split()
        if ends:
            what = f"the history before {min(ends)[:12]} is not here: a shallow clone"
            yield ScanError(".git", f"{what}; `git fetch --unshallow` brings it, or say which commits are meant")

    def _tags(self, known: dict[str, str]) -> Iterator[HistoryArtifact]:
        """Yield the messages of tags, also of those that others are on."""
        waiting = dict.fromkeys(self._named(known))
        done: set[str] = set()
        while asked := [name for name in waiting if known.get(name) == "tag" and name not in done]:
            done.update(asked)
            for _, answer in self._read(asked):
                head, _, message = answer[1].partition(b"\n\n") if answer is not None else (b"", b"", b"")
                waiting[head.partition(b"\n")[0].removeprefix(b"object ").decode("ascii", "replace")] = None
                name = head.partition(b"\ntag ")[2].partition(b"\n")[0].decode("utf-8", "replace")
                yield from self._new(CommitProvenance(f"{_OF_TAG}{name}", Commit()), message)

    def _named(self, known: dict[str, str]) -> Iterable[str]:
        """Return the objects that are named by revisions or refs, or all where that is asked for."""
        span = self._span
        if span.revisions:
            return span.objects(self._repo)
        if span.base or span.paths:
            return ()
        if self._unreachable:
            return known
        named = git.run(["for-each-ref", "--format=%(objectname)"], self._repo).decode().split()
        return [name for name in named if name not in self._after]

    def _brought(self, brought: _Brought) -> Iterator[HistoryArtifact | ScanError]:
        """Yield what is new in blobs."""
        for name, answer in self._read(brought):
            places = [*brought[name].values()]
            if answer is None:
                yield ScanError(places[0].path, f"git cannot read a version of it ({name[:12]})")
                continue
            size, data = answer
            text = decode(data) if size <= self._limit and not self._is_archive(data) else None
            if text is None:  # also an archive, of which new lines say nothing
                yield HistoryArtifact(places[0], data, size, None)
                continue
            for place in places:
                yield from self._new(place, text)

    def _new(self, provenance: CommitProvenance, text: bytes) -> Iterator[HistoryArtifact]:
        """Yield what of a text was in none before it in files of the same kind."""
        path = provenance.path
        if news := self._news.of(_kind(path), path, text):
            artifact = HistoryArtifact(provenance, news[0], len(news[0]), news[1])
            if not provenance.commit.id or path not in self.versions:
                self._unfiled.setdefault((path, provenance.commit.id), []).append(artifact)
            yield artifact

    def whole(self, versions: dict[tuple[str, str], set[int] | None]) -> Iterator[HistoryArtifact | ScanError]:
        """Yield versions of files as they are, of which these lines count, None for all; by path and id of the commit.

        What is no file comes as it came before.
        """
        asked: dict[str, list[tuple[CommitProvenance, set[int] | None]]] = {}
        for (path, commit), lines in versions.items():
            yield from self._unfiled.get((path, commit), ())
            for one, blob in self.versions.get(path, ()):
                if one.id == commit:
                    asked.setdefault(blob, []).append((CommitProvenance(path, one), lines))
        for name, answer in self._read(asked):
            for provenance, lines in asked[name]:
                if answer is None:
                    yield ScanError(provenance.path, f"git cannot read a version of it ({name[:12]})")
                else:
                    counting = frozenset(lines) if lines is not None else None
                    yield HistoryArtifact(provenance, answer[1], answer[0], counting)

    def names(self) -> dict[str, HistoryArtifact]:
        """Return artifacts of which only the name counts, one for each path that commits of the span brought."""
        only = frozenset((NAME,))
        return {
            path: HistoryArtifact(CommitProvenance(path, commit), b"", 0, only) for path, commit in self._names.items()
        }

    def is_file(self, path: str) -> bool:
        """Tell whether it is a file that commits have: not a message, a note, or what no commit leads to."""
        if path not in self.versions:
            return False
        if (noted := noted_by(path)) and noted not in self._are_noted:
            self._are_noted[noted] = bool(git.run(["cat-file", "-t", noted], self._repo, accept=(0, 1, 128)))
        return not noted or not self._are_noted[noted]

    def blob(self, provenance: CommitProvenance) -> str:
        """Return the id of a version of a file, empty for what is none."""
        commit = provenance.commit.id
        return next((blob for one, blob in self.versions.get(provenance.path, ()) if one.id == commit), "")

    def _read(self, names: Iterable[str]) -> Iterator[tuple[str, tuple[int, bytes] | None]]:
        return blobs(self._repo, names, self._limit)


def _objects(repo: str) -> dict[str, str]:
    """Return the kinds of all objects that are here and that git can read, by their ids."""
    known: dict[str, str] = {}
    listing = git.run(["cat-file", "--batch-all-objects", "--batch-check", "--unordered"], repo)
    for line in listing.decode().splitlines():
        name, kind, *size = line.split(" ")
        if size:  # else it is damaged
            known[name] = kind
    return known


def blobs(repo: str, names: Iterable[str], limit: int) -> Iterator[tuple[str, tuple[int, bytes] | None]]:
    """Yield objects with their size and content, a sample of those larger than `limit`; None for one that git cannot
    read, or after which it ended.
    """
    asked = list(names)
    if not asked:
        return
    # No pipe: workers that are forked meanwhile would hold it open, and git keeps its last answers until it ends.
    with _file() as file:
        file.write(git.lines(asked))
        file.seek(0)
        with git.start([*_SPARING, "cat-file", "--batch", "--buffer"], repo, file=file) as process:
            assert process.stdout
            try:
                for name in asked:
                    yield name, git.read_object(process.stdout, limit, SAMPLE)
            finally:
                process.terminate()  # where the reader has enough


def _file() -> IO[bytes]:
    """Return a file without a name, in memory where the system has such."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("objects"), "w+b")
    return tempfile.TemporaryFile()


@lru_cache(maxsize=4096)
def _kind(path: str) -> _Kind:
    """Return what of a path says how its lines are weighed: a line is looked at once in files of each kind. What is
    said of files, in messages and notes, must not stand for them.
    """
    if path == MESSAGE or path.startswith(_OF_TAG) or noted_by(path):
        return MESSAGE, False
    return extension(path), is_of_test_or_example(path)


def noted_by(path: str) -> str:
    """Return the id of the object that a note of this path is on, empty where it is the path of none."""
    name = path.replace("/", "")
    return name if len(name) in (40, 64) and _NOTE.fullmatch(path) else ""


def _versions(number: int) -> str:
    return "1 version is" if number == 1 else f"{number} versions are"


def kept_of_message(text: bytes) -> bytes:
    """Return what git may keep of the message that an editor was given: not the patch that `commit -v` shows below it,
    in which a line that is taken out looks as one that is brought.
    """
    return _SCISSORS.split(text, maxsplit=1)[0]


_SCISSORS = re.compile(rb"^\S{1,8} -{24} >8 -{24}$", re.MULTILINE)
