"""Files and folders of the file system, without what git or the user says to ignore."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import BinaryIO

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import FileProvenance, Reason, ScanError, Skipped
from keytrace.sources.content import open_file, read_file
from keytrace.sources.ignore import IGNORE_FILE, Ignore, Patterns, read_patterns
from keytrace.sources.link import LinkArtifact

# Folders that version control keeps for itself, by what is in them; only if it is, the folder is one of these.
_METADATA = {".git": ("HEAD",), ".hg": ("requires", "store"), ".svn": ("wc.db", "entries")}
_by_name = attrgetter("name")


@dataclass(frozen=True, slots=True)
class FileArtifact:
    """A file below `root`. Only when the user named it, `explicit`, may it be a symbolic link."""

    root: str
    path: str
    explicit: bool = False

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        return read_file(f"{self.root}/{self.path}", limit, follow=self.explicit)

    def open(self) -> BinaryIO:
        """Open the file, to read more of it than fits into memory."""
        return open_file(f"{self.root}/{self.path}", follow=self.explicit)


_Item = FileArtifact | LinkArtifact | ScanError | Skipped


class FolderSource:
    """The files and folders `paths`, all of them below `root`; paths are reported relative to `root`.

    Files named in `paths` are scanned even when .gitignore names them; `exclude` and .keytraceignore hold for all.
    No ignore file is heeded in a tree that is not trusted.
    """

    def __init__(
        self,
        root: str,
        paths: Sequence[str],
        exclude: Sequence[str] = (),
        gitignore: bool = True,
        trust_repo: bool = True,
    ) -> None:
        self._root = root.rstrip(os.sep)
        self._paths = paths
        self._gitignore = gitignore and trust_repo
        # Ignore files and git's index speak of real paths, even where the root is reached by a link.
        self._real = _with_slashes(os.path.realpath(root))
        top = git.top_level(os.path.realpath(root)) if trust_repo else None
        self._top = _with_slashes(top) if top else None
        self._excludes = Ignore(
            self._top or self._real,
            IGNORE_FILE if trust_repo else "",
            first=Patterns(os.fsencode("\n".join(exclude)), self._real),
            reason=Reason.KEYTRACEIGNORE,
        )
        self._left_out: list[Skipped] = []  # of what the user named
        self._places: list[str] = []  # the folders that are scanned
        self._ignores: dict[str, Ignore] = {}  # by the top of the repository
        self._tracked: set[str] = set()
        self._tracked_folders: set[str] = set()

    def artifacts(self) -> Iterator[_Item]:
        """Yield each file once; raise ScannerError first when a path is missing or git cannot read its repository."""
        files, folders = self._named()
        yield from self._left_out
        yield from (FileArtifact(self._root, path, explicit=True) for path in files)
        seen: set[str | ScanError | Skipped] = set(files)
        self._places = [f"{self._real}/{folder.path}" for folder in folders]
        for folder in folders:
            for item in self._walk(folder):
                key = item if isinstance(item, ScanError | Skipped) else item.path
                if key not in seen:
                    seen.add(key)
                    yield item
        yield from self._problems(self._excludes)

    def _named(self) -> tuple[list[str], list[_Folder]]:
        """Return the files and the folders that the user named and did not exclude."""
        files, folders = [], []
        for path in sorted({_with_slashes(os.path.relpath(path, f"{self._root}/")) for path in self._paths}):
            try:
                os.lstat(f"{self._real}/{path}")
            except OSError as error:
                raise ScannerError(f"cannot scan {path}: {error.strerror}", "check the path") from error
            is_folder = os.path.isdir(f"{self._real}/{path}")
            if path != "." and (reason := self._excludes.covers(self._real, path, is_folder)):
                self._left_out.append(Skipped(f"{path}/" if is_folder else path, reason, named=True))
                continue
            if not is_folder:
                files.append(path)
                continue
            top = git.top_level(f"{self._real}/{path}") if self._gitignore else None
            ignore = self._repository(_with_slashes(top)) if top else None
            below = _with_slashes(os.path.relpath(f"{self._real}/{path}", ignore.top)) if ignore else "."
            if ignore and below != "." and ignore.covers(ignore.top, below, True):
                ignore = None  # who names an ignored folder wants what is in it
            folders.append(_Folder("" if path == "." else f"{path}/", ignore))
        return files, folders

    def _walk(self, start: _Folder) -> Iterator[_Item]:
        """Yield the files of a folder, then those of the folders in it."""
        stack = [start]
        while stack:
            below = []
            for item in self._list(stack.pop()):
                if isinstance(item, _Folder):
                    below.append(item)
                else:
                    yield item
            stack += reversed(below)

    def _list(self, folder: _Folder) -> Iterator[_Item | _Folder]:
        """Yield what is to be scanned in a folder itself, by name."""
        place = f"{self._real}/{folder.path}".rstrip("/")
        try:
            with os.scandir(f"{place}/") as listing:
                entries = sorted(listing, key=_by_name)
        except OSError as error:
            yield ScanError(folder.path.rstrip("/") or ".", f"cannot list the folder: {error.strerror}")
            yield Skipped(folder.path or "./", Reason.UNREADABLE)
            return
        if self._gitignore and any(entry.name == ".git" for entry in entries) and git.is_top(place):
            try:  # what git says about the repository around does not hold in one that lies in it
                folder = _Folder(folder.path, self._repository(place))
            except ScannerError as error:
                yield ScanError(folder.path.rstrip("/"), error.one_line)
        for entry in entries:
            if entry.name != ".git" or (_is_folder(entry) and not _is_metadata(place, ".git")):  # no repository
                yield from self._entry(folder, place, entry)
        if folder.ignore:
            yield from self._problems(folder.ignore)

    def _entry(self, folder: _Folder, place: str, entry: os.DirEntry[str]) -> Iterator[_Item | _Folder]:
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_content = is_folder or entry.is_file(follow_symlinks=False)
            if is_content or entry.is_symlink():
                yield from self._wanted(folder, place, entry.name, is_folder, is_link=not is_content)
            elif os.path.lexists(f"{place}/{entry.name}"):  # else it has gone meanwhile
                yield Skipped(folder.path + entry.name, Reason.SPECIAL)
        except OSError as error:
            yield ScanError(folder.path + entry.name, f"cannot tell what it is: {error.strerror}")

    def _wanted(
        self, folder: _Folder, place: str, name: str, is_folder: bool, is_link: bool
    ) -> Iterator[FileArtifact | LinkArtifact | Skipped | _Folder]:
        """Yield an entry, or why it is ignored.

        A tracked file is scanned even where git ignores it; an ignored folder is entered for its tracked files only.
        """
        path = folder.path + name
        tracked = path in self._tracked or (is_folder and path in self._tracked_folders)
        ignored = folder.ignored or self._ignored(folder, place, name, is_folder, tracked)
        reason = self._excludes.matches(place, name, is_folder) or (None if tracked else ignored)
        if reason is not None:
            yield Skipped(f"{path}/" if is_folder else path, reason)
        elif is_folder:
            yield _Folder(f"{path}/", folder.ignore, ignored)
        elif is_link:
            target = os.readlink(f"{place}/{name}")
            yield LinkArtifact(FileProvenance(path), os.fsencode(target))
            yield Skipped(path, Reason.LINK_WITHIN if self._is_within(f"{place}/{name}") else Reason.LINK)
        else:
            yield FileArtifact(self._root, path)

    def _ignored(self, folder: _Folder, place: str, name: str, is_folder: bool, tracked: bool) -> Reason | None:
        """Return why git does not want an entry, other than that it ignores the folder."""
        if is_folder and self._gitignore and _is_metadata(place, name):
            return Reason.METADATA
        if folder.ignore and (is_folder or not tracked):
            return folder.ignore.matches(place, name, is_folder)
        return None

    def _is_within(self, link: str) -> bool:
        """Tell whether a link leads to what is scanned anyway."""
        target = _with_slashes(os.path.realpath(link))
        return os.path.exists(target) and any(f"{target}/".startswith(place) for place in self._places)

    def _repository(self, top: str) -> Ignore:
        """Learn once what a repository ignores and what it tracks; raise ScannerError when git cannot read it."""
        if top in self._ignores:
            return self._ignores[top]
        inside = f"{top}/".startswith(f"{self._real}/")
        prefix = f"{top}/"[len(self._real) + 1 :] if inside else ""
        for name in git.tracked_files(top if inside else self._real):
            path = prefix + name
            self._tracked.add(path)
            while (path := path.rpartition("/")[0]) and path not in self._tracked_folders:
                self._tracked_folders.add(path)
        problems: list[tuple[str, str]] = []
        own, user = git.exclude_files(top)
        last = [read_patterns(file, top, problems, follow=True) for file in (own, user) if os.path.isfile(file)]
        reason = Reason.NESTED if self._top not in (None, top) else Reason.GITIGNORE
        ignore = self._ignores[top] = Ignore(top, ".gitignore", last=last, reason=reason)
        ignore.problems += problems
        return ignore

    def _problems(self, ignore: Ignore) -> Iterator[ScanError]:
        while ignore.problems:
            file, message = ignore.problems.pop(0)
            yield ScanError(_with_slashes(os.path.relpath(file, f"{self._real}/")), message)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to walk: its path, empty or ending in a slash, and what holds in it."""

    path: str
    ignore: Ignore | None  # None outside of any repository
    ignored: Reason | None = None  # by git, so that only tracked files count


def _is_metadata(place: str, name: str) -> bool:
    return any(os.path.lexists(f"{place}/{name}/{sign}") for sign in _METADATA.get(name, ()))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return True


def _with_slashes(path: str) -> str:
    return path.replace(os.sep, "/").rstrip("/")
