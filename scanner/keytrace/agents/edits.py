"""What an edit makes of a file: judged is the file as it will be, and of that what the edit brings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WRITTEN = ("content", "new_string", "new_str", "newString", "new_source", "contents", "file_text")
_REPLACED = ("old_string", "old_str", "oldString")
_EVERYWHERE = ("replace_all", "replaceAll")
_HUNK = re.compile(r"^@@.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edit:
    """A text of a file and what comes in its place, once or everywhere."""

    old: str
    new: str
    everywhere: bool = False


def edits_of(given: Sequence[Mapping[str, Any]]) -> tuple[Edit, ...]:
    """Return what a tool is handed as edits, in their order; nothing where one of the texts to write is no edit."""
    edits = []
    for one in given:
        new = [one[name] for name in WRITTEN if isinstance(one.get(name), str)]
        old = [one[name] for name in _REPLACED if isinstance(one.get(name), str)]
        if len(new) == len(old) == 1:
            edits.append(Edit(old[0], new[0], any(one.get(name) is True for name in _EVERYWHERE)))
        elif new:
            return ()
    return tuple(edits)


def edits_of_patch(body: str) -> Iterator[Edit]:
    """Yield the hunks of what a patch tells of one file: lines with a `-` or `+` before them, or a blank."""
    for hunk in _HUNK.split(body):
        lines = [line for line in hunk.split("\n") if line[:1] in ("+", "-", " ")]
        old, new = ("\n".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
        if old != new:
            yield Edit(old, new)


def applied(text: bytes, edits: Sequence[Edit]) -> bytes | None:
    """Return a file's text after the edits; None where one of them is of another text."""
    text = _plain(text)
    for edit in edits:
        old, new = (_plain(one.encode("utf-8", "surrogatepass")) for one in (edit.old, edit.new))
        if not old or old not in text:
            return None
        text = text.replace(old, new, -1 if edit.everywhere else 1)
    return text


def _plain(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n")
