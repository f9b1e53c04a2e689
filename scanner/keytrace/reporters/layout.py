"""Text on a page of so many columns: how wide it is, where it breaks, what of a long line is shown."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from keytrace.model import CommitProvenance, Finding, Liveness, Location, Severity, StreamProvenance, outermost
from keytrace.reporters.records import valid
from keytrace.text.masking import MASK

Line = list[tuple[str, str]]  # pieces of text, each with the style it has on a terminal

STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "blue",
}
_MORE = "…"
_NOTE = re.compile(r"(?P<path>.+?): (?:line (?P<line>\d+): )?(?P<text>.+)", re.DOTALL)
_PARTICULAR = re.compile(r"'[^']*'|\d[\d.:-]*")  # what differs between two notes of one kind
_MOST_PLACES = 3  # of notes of one kind


def page_width(stream: TextIO) -> int | None:
    """Return the columns of the terminal that `stream` goes to, else those that COLUMNS tells; None if nothing does."""
    if stream.isatty():
        return shutil.get_terminal_size().columns
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isascii() and told.isdecimal() and int(told) else None


def printable(text: str, encoding: str = "utf-8") -> str:
    r"""Return `text` for a terminal: control, bidi and other invisible characters as escapes such as \x1b.

    So is what `encoding` cannot express, and each undecodable byte of a file name.
    """
    visible = text
    if not text.isprintable():
        visible = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in valid(text))
    return visible.encode(encoding, "backslashreplace").decode(encoding)


def cells(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrapped(text: str, width: int) -> list[str]:
    """Break prose into lines; a word that is too long for one, such as an address, stays whole."""
    return textwrap.wrap(text, max(width, 16), break_long_words=False, break_on_hyphens=False)


def cropped(text: str, width: int, *, end: bool = True) -> str:
    """Return as much of `text` as `width` columns take, less its `end` or its beginning; a mark stands for that."""
    if cells(text) <= width:
        return text
    kept, room = "", max(width, 1) - 1
    for char in text if end else reversed(text):
        room -= cells(char)
        if room < 0:
            break
        kept = kept + char if end else char + kept
    return kept + _MORE if end else _MORE + kept


def framed(before: str, marked: str, after: str, width: int) -> tuple[str, str, str]:
    """Return the part of a line of code that `width` columns take, around what is marked in it."""
    if cells(before) + cells(marked) + cells(after) <= width:
        return before, marked, after
    marked = cropped(marked, max(width // 2, width - cells(before) - cells(after)))
    room = max(width - cells(marked), 0)
    left = min(cells(before), max(room - cells(after), room // 2))
    return cropped(before, left, end=False), marked, cropped(after, room - left)


def joined_notes(notes: Iterable[str]) -> Iterator[str]:
    """Yield notes, those of one kind as one with their number and the first of their places."""
    kinds: dict[str, list[tuple[str, str, str]]] = {}
    for note in notes:
        found = _NOTE.fullmatch(note)
        text = found["text"] if found else note
        place = f"{found['path']}:{found['line']}" if found and found["line"] else found["path"] if found else ""
        kinds.setdefault(_PARTICULAR.sub("", text) if found else note, []).append((note, place, text))
    for same in kinds.values():
        if len(same) == 1:
            yield same[0][0]
            continue
        places = [place for _, place, _ in same]
        more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        count = f"{len(places)} {'places' if any(':' in place for place in places) else 'files'}"
        yield f"{_in_common([text for _, _, text in same])} ({count}: {', '.join(places[:_MOST_PLACES])}{more})"


def _in_common(texts: Sequence[str]) -> str:
    """Return what notes of one kind say; a mark stands for what differs."""
    rows = [_PARTICULAR.findall(text) for text in texts]
    values = iter([column[0] if len(set(column)) == 1 else _MORE for column in zip(*rows, strict=True)])
    return _PARTICULAR.sub(lambda _: next(values), texts[0])


def worst_first(finding: Finding) -> tuple[int, bool, str, int, int, str]:
    """Return by what findings are sorted for people."""
    location, verification = finding.location, finding.verification
    is_live = verification is not None and verification.status is Liveness.LIVE
    return (-finding.severity, not is_live, location.provenance.path, location.start, location.end, finding.rule_id)


def counted(number: int, noun: str) -> str:
    """Return how many there are, in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def readable_size(size: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    if size < 1000:
        return f"{size} B"
    exponent = min((len(str(size)) - 1) // 3, 4)
    return f"{size / 1000**exponent:.1f} {' kMGT'[exponent]}B"


def shows_key(finding: Finding) -> bool:
    """Tell whether what a finding marks is a key, not an expression that uses one, nor a file as a whole."""
    excerpt = finding.location.excerpt
    return bool(finding.secret.value) and excerpt.text[excerpt.start : excerpt.end] == MASK.decode()


@dataclass(frozen=True, slots=True)
class Paths:
    """How places of a report are written for someone in the folder `base` (empty: the root of the report); `shown` is
    the root as it may be shown.
    """

    root: str
    shown: str
    base: str
    encoding: str

    def clean(self, text: str) -> str:
        return printable(text, self.encoding)

    def place(self, location: Location) -> str:
        return f"{self.file(location)}:{location.region.start_line}:{location.region.start_column}"

    def file(self, location: Location) -> str:
        path, place = location.provenance.path, outermost(location.provenance)
        if isinstance(place, StreamProvenance):
            return self.clean(path)  # a name, not a place
        if isinstance(place, CommitProvenance):
            commit = place.commit.id[:10]
            return self.clean(f"{commit}:{path}" if commit else path)
        return self.path(path)

    def path(self, path: str) -> str:
        """Return a path of the report relative to where the user is when it is below, else absolute."""
        full = os.path.join(self.root, path).replace(os.sep, "/")
        base = (self.base or self.root).replace(os.sep, "/").rstrip("/") + "/"
        if not full.startswith(base) and self.shown:
            full = os.path.join(self.shown, path).replace(os.sep, "/")
        return self.clean(full.removeprefix(base))
