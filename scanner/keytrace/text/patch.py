"""A patch (unified, of words, of git, in a mail, of a merge) as the new files it shows, and the text around it.

Only well-formed hunks below the names of a file are taken out: whatever else there is stays in the text around them, so
that nothing can hide by looking like half a patch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from keytrace.model import NAME
from keytrace.text import words

_STARTS = re.compile(
    rb"\s*(?:diff --(?:git|cc|combined) |diff -|--- |Index: |Only in |From |commit [0-9a-f]{7,}| .+ \| +(?:\d|Bin)"
    rb"|:+\d{6} \d{6} |# HG changeset patch|(?:[A-Z][\w-]*: .*(?:\r?\n[ \t].*)*\r?\n)*(?:From|Date|Subject): )"
)
_HUNK = re.compile(rb"(@@+)((?: -\d+(?:,\d+)?)+) \+(\d+)(?:,(\d+))? @@+")
_ENDS = re.compile(rb"@@+ -|diff --(?:git|cc|combined) |(?:commit|From) [0-9a-f]{7,}\b|-- $")  # a hunk of words
_EXTENDED = re.compile(
    rb"(?:old mode|new mode|mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to"
    rb"|similarity index|dissimilarity index|index) "
)
_GIT = re.compile(rb"diff --(git|cc|combined) (.*)")
_TARGET = re.compile(rb"(?:rename|copy) to (.*)")
_BLOCK = re.compile(rb"(?:literal|delta) \d+$")
_COLORED = re.compile(rb"^(?:\x1b\[[\d;]*m)+(?:@@|[+-])", re.MULTILINE)
_COLOR = re.compile(rb"\x1b\[[\d;]*[mK]")
_ESCAPE = re.compile(rb'\\([abfnrtv\\"]|[0-7]{3})')
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_NOTHING = b"/dev/null"
_PADDING = 2**23  # blank lines before hunks, in all files; with more of them the numbers are made up


@dataclass(slots=True)
class FilePatch:
    """The lines of a new file that a patch shows, each at its number, with blank ones between; `added` are numbers, and
    NAME where the file had no or another name before.
    """

    path: str
    lines: list[bytes] = field(default_factory=list)
    added: set[int] = field(default_factory=set)
    is_binary: bool = False


@dataclass(slots=True)
class Patch:
    """What a patch makes of its files, in its order, and the text around with blank lines instead of it."""

    files: list[FilePatch]
    around: bytes


def parse(data: bytes) -> Patch | None:
    """Return the patch that `data` is, also in colours, or None when it is something else."""
    colored = data if b"\x1b[" in data and _COLORED.search(data) else b""
    data = _COLOR.sub(b"", data) if colored else data
    if not _STARTS.match(data):
        return None
    reader = _Reader(data.split(b"\n"))
    reader.read()
    if colored and not reader.is_whole:  # the colours may be what tells which words are new
        marked = _Reader(_COLOR.sub(b"", words.with_marks(colored)).split(b"\n"))
        marked.read()
        reader = marked if marked.is_whole else reader
    if not reader.files or reader.padding > _PADDING + 8 * len(data):
        return None
    return Patch([file for file in reader.files if file.path], b"\n".join(reader.around))


class _Reader:
    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.around = list(lines)
        self.files: list[FilePatch] = []
        self.padding = 0
        self.is_whole = True  # each hunk was understood to its end
        self._at = 0
        self._next_hunk = 0  # where one follows the names of its file or another; elsewhere it only looks like one

    def read(self) -> None:
        while self._at < len(self.lines):
            if not self.lines[self._at].startswith((b"diff", b"---", b"@@")):
                self._at += 1
            elif _GIT.match(self._line()):
                self._git_header()
            elif self._line().startswith(b"--- ") and self._line(1).startswith(b"+++ ") and _HUNK.match(self._line(2)):
                self._names(same=False)
            elif self.files and self._at == self._next_hunk and _HUNK.match(self._line()):
                self._hunk()
            else:
                self._at += 1

    def _line(self, ahead: int = 0) -> bytes:
        at = self._at + ahead
        return self.lines[at].removesuffix(b"\r") if at < len(self.lines) else b""

    def _take(self) -> bytes:
        line = self._line()
        self.around[self._at] = b""
        self._at += 1
        return line

    # --- the names of a file ---

    def _git_header(self) -> None:
        match = _GIT.match(self._take())
        assert match
        old, new = (match[2], match[2]) if match[1] != b"git" else _halves(match[2])
        same = match[1] == b"git" and old == new  # made with --no-prefix
        path, is_new = _without_prefix(old, new, same), False
        while self._at < len(self.lines) and _EXTENDED.match(self._line()):
            if target := _TARGET.match(self._line()):
                path = _unquoted(target[1])
            is_new |= target is not None or self._line().startswith(b"new file")
            self._take()
        if self._line().startswith(b"--- ") and self._line(1).startswith(b"+++ "):
            self._names(same=same)
            return
        file = FilePatch(path, added={NAME} if is_new else set())
        self.files.append(file)
        if self._line().startswith(b"Binary files "):
            file.is_binary = True
            self._take()
        elif self._line() == b"GIT binary patch":
            file.is_binary = True
            self._take()
            while _BLOCK.match(self._line()):
                while self._at < len(self.lines) and self._line():
                    self._take()
                self._at += 1

    def _names(self, *, same: bool) -> None:
        old, new = _name(self._take()[4:]), _name(self._take()[4:])
        path = _without_prefix(old, new, same) if new != _NOTHING else ""
        is_new = old == _NOTHING or path != _without_prefix(new, old, same)
        self.files.append(FilePatch(path, added={NAME} if is_new else set()))
        self._next_hunk = self._at

    # --- its lines ---

    def _hunk(self) -> None:
        match = _HUNK.match(self._line())
        assert match
        olds, new = [_count(part) for part in match[2].split()], int(match[4] or 1)
        found, is_whole = self._marks_of_hunk(olds, new)
        is_changed = any(marks.strip() for marks in found)
        if not (is_whole and is_changed) or self._line(1 + len(found)) == b"~":
            if self._hunk_of_words(int(match[3]), new):
                return
            self.is_whole = False
        if not is_changed:  # what changes may be told in some other way, and a line that is new begin with a blank
            self._at += 1
            return
        self._take()
        file = self._file(int(match[3]) if new else 0)
        for marks in found:
            if marks and b"-" not in marks:
                self._show(file, self.lines[self._at][len(marks) :], b"+" in marks)
            self._take()
        if not is_whole:
            return
        if self._line().startswith(b"\\"):
            self._take()
        self._next_hunk = self._at

    def _marks_of_hunk(self, olds: list[int], new: int) -> tuple[list[bytes], bool]:
        """Return what the lines of a hunk, which begins here, begin with, and whether that is all of it."""
        found: list[bytes] = []
        while (new or any(olds)) and self._at + 1 + len(found) < len(self.lines):
            line = self._line(1 + len(found))
            if line.startswith(b"\\"):  # No newline at end of file
                found.append(b"")
                continue
            marks = _marks(line, len(olds))
            is_new = b"-" not in marks
            used = list(map((b" " if is_new else b"-").__contains__, marks))
            if not marks or is_new > new or any(map(int.__gt__, used, olds)):
                return found, False  # no hunk any more
            olds = list(map(int.__sub__, olds, used))
            new -= is_new
            found.append(marks)
        return found, True

    def _hunk_of_words(self, first: int, new: int) -> bool:
        """Show the lines of a hunk that tells words apart; return whether it is one."""
        end = self._at + 1
        while end < len(self.lines) and not _ENDS.match(self.lines[end]):
            end += 1
        shown = words.read(self.lines[self._at + 1 : end], new)
        if shown is None:
            return False
        file = self._file(first if new else 0)
        for text, is_added in shown:
            self._show(file, text, is_added)
        while self._at < end:
            self._take()
        self._next_hunk = end
        return True

    def _show(self, file: FilePatch, text: bytes, is_added: bool) -> None:
        file.lines.append(text)
        if is_added:
            file.added.add(len(file.lines))

    def _file(self, first: int) -> FilePatch:
        """Return the file of a hunk that starts in line `first`, filled with blank lines up to there."""
        file = self.files[-1]
        if first and first <= len(file.lines):  # not in order: as if it were another file
            file = FilePatch(file.path)
            self.files.append(file)
        missing = max(0, first - 1 - len(file.lines))
        self.padding += missing
        if self.padding <= _PADDING + 8 * len(self.lines):
            file.lines += [b""] * missing
        return file


def _marks(line: bytes, count: int) -> bytes:
    """Return what a line begins with for each old file; nothing where it is no line of a hunk."""
    marks = line[:count] if line else b" " * count  # mailers drop blanks at the end of a line
    return marks if len(marks) == count and not marks.strip(b" +-") else b""


def _count(side: bytes) -> int:
    """Return how many lines `-first,count` stands for."""
    return int(side.partition(b",")[2] or 1)


def _halves(names: bytes) -> tuple[bytes, bytes]:
    """Return the old and the new name behind `diff --git`, which are told apart only by being alike or quoted."""
    if quoted := re.fullmatch(rb'("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|\S+)', names):
        return quoted[1], quoted[2]
    half = len(names) // 2
    return names[:half], names[half + 1 :]


def _name(written: bytes) -> bytes:
    """Return a name behind `---` or `+++` without what `diff` writes after it."""
    return written[: written.rindex(b'"') + 1] if written.startswith(b'"') else written.partition(b"\t")[0]


def _without_prefix(old: bytes, new: bytes, same: bool) -> str:
    """Return the new name without `b/` and its like, which it has when the old one has another, such as `a/`."""
    before, after = _unquoted(old), _unquoted(new)
    has_prefix = len(after) > 2 and after[1] == "/" and after[0].isalpha()
    if has_prefix and not same and (before == "/dev/null" or (before[1:2] == "/" and before[0] != after[0])):
        return after[2:]
    return after


def _unquoted(name: bytes) -> str:
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(lambda match: _ESCAPED.get(match[1]) or _byte(match[1]), name[1:-1])
    return name.decode("utf-8", "surrogateescape")


def _byte(escape: bytes) -> bytes:
    return bytes([int(escape, 8) & 0xFF]) if escape.isdigit() else escape
