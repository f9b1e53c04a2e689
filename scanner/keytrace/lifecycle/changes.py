"""When the lines of files came and went, and by whom: one reading of git history, for the files that matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from keytrace import git
from keytrace.errors import ScannerError

_MOST_FILES = 400
_MOST_BYTES = 2**26
_HEAD = b"\x01\x02"
_FORMAT = "--format=%x01%x02%H%x00%ct%x00%an"


@dataclass(frozen=True, slots=True)
class Change:
    """A commit that brought or took a line; `number` counts them from the first of all that were read."""

    number: int
    day: str
    author: str


@dataclass
class Changes:
    """The lines that the history of some files brought and took."""

    brought: dict[tuple[str, bytes], Change] = field(default_factory=dict)  # the last time
    taken: dict[str, list[tuple[bytes, Change]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def of(self, path: str, line: bytes) -> Change | None:
        """Return the commit that brought a line as it is now, None where there is none."""
        return self.brought.get((path, line.strip()))

    def gone(self, path: str, there: Collection[bytes]) -> Iterator[tuple[bytes, Change]]:
        """Yield the lines that a file had and that are not `there` any more, the last first, and the commits that
        took them; of a line that no commit took, a change without a day.
        """
        yield from ((line, change) for line, change in reversed(self.taken.get(path, ())) if line not in there)
        for line, change in self._kept.get(path, {}).items():
            if line not in there:
                yield line, Change(change.number + 1, "", "")

    @cached_property
    def _kept(self) -> dict[str, dict[bytes, Change]]:
        """The lines that no commit took, by their files."""
        taken = {(path, line) for path, lines in self.taken.items() for line, _ in lines}
        found: dict[str, dict[bytes, Change]] = {}
        for (path, line), change in self.brought.items():
            if (path, line) not in taken:
                found.setdefault(path, {})[line] = change
        return found


def read_changes(top: str | None, root: str, paths: Collection[str]) -> Changes:
    """Return the history of files below `root`, in the work tree at `top`; nothing where there is no history."""
    changes = Changes()
    if top is None or not paths:
        return changes
    chosen = sorted(paths)[:_MOST_FILES]
    if len(paths) > len(chosen):
        changes.notes.append(f"the history of {len(paths) - len(chosen)} files was not read, of {_MOST_FILES} it was")
    try:
        if git.head(root):
            _read(root, chosen, changes)
    except ScannerError as error:
        changes.notes.append(f"no dates from git: {error.one_line}")
    return changes


def _read(root: str, paths: Collection[str], changes: Changes) -> None:
    arguments = [
        "--literal-pathspecs", "log", "-p", "-U0", "--reverse", "--no-renames", "--no-color", "--no-ext-diff",
        "--no-textconv", "--relative", "--no-prefix", _FORMAT, "--", *paths,
    ]  # fmt: skip
    with git.start(arguments, root) as process:
        assert process.stdout is not None
        size, number, path, change = 0, 0, "", Change(0, "", "")
        for line in process.stdout:
            size += len(line)
            if size > _MOST_BYTES:
                process.kill()
                changes.notes.append(f"of the history of the files with keys only {_MOST_BYTES >> 20} MB were read")
                break
            if line.startswith(_HEAD):
                number += 1
                change = _change(number, line[2:])
            elif line.startswith((b"+++ ", b"--- ")):
                name = line[4:].rstrip(b"\n").rstrip(b"\t")
                path = path if name == b"/dev/null" else _unquoted(name)
            elif line.startswith(b"+"):
                changes.brought[path, line[1:].strip()] = change
            elif line.startswith(b"-"):
                changes.taken.setdefault(path, []).append((line[1:].strip(), change))


def _change(number: int, head: bytes) -> Change:
    _, time, author = head.rstrip(b"\n").split(b"\0", 2)
    day = datetime.fromtimestamp(int(time), UTC).date().isoformat() if time.isdigit() else ""
    return Change(number, day, author.decode("utf-8", "replace"))


def _unquoted(name: bytes) -> str:
    """Return the path that git quotes where it has unusual characters."""
    if name.startswith(b'"') and name.endswith(b'"'):
        name = name[1:-1].decode("latin-1").encode("latin-1").decode("unicode_escape").encode("latin-1")
    return name.decode("utf-8", "surrogateescape")
