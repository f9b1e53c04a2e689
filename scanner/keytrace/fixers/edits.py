"""An edit, a fix, and how fixes become one new text: all offsets are bytes of the text of one file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise


class Refused(Exception):  # noqa: N818 - an answer, no error
    """Nothing can be changed here with certainty; the text says why, in words for the user."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The bytes from `start` to `end` become `text`."""

    start: int
    end: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment that the edited program reads, and the value that was in its place."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fix:
    """What settles a finding. `unsafe` says why the program may then behave otherwise; empty: it does not, where the
    variables are set. `imports` are modules, or a module and what is imported from it, as in `decouple.config`;
    `appended` are blocks for the end of the file, each with its line end.
    """

    title: str
    edits: tuple[Edit, ...]
    variables: tuple[Variable, ...] = ()
    imports: tuple[str, ...] = ()
    unsafe: str = ""
    appended: tuple[bytes, ...] = ()
    shown_only: bool = False  # a skeleton to be completed by hand: never written


@dataclass(frozen=True, slots=True)
class Target:
    """A place that is to be fixed: what a finding says of a file."""

    path: str
    data: bytes = field(repr=False)
    rule: str
    start: int
    end: int
    value: bytes = field(repr=False)
    told: str = ""  # what the finding says
    is_secret: bool = True  # the secret stands there, it is not only used there
    names: tuple[str, ...] = ()  # of what is shown, sent or compared there, on its way
    is_page: bool = False  # the file is part of what a browser or a phone is handed

    @property
    def is_plain(self) -> bool:
        """Whether the secret stands there as it is, not encoded."""
        return self.data[self.start : self.end] == self.value


def join(fixes: Iterable[Fix], title: str = "") -> Fix:
    """Return several fixes as one: all of them, or none."""
    each = tuple(fixes)
    return Fix(
        title or each[0].title,
        tuple(sorted({edit for fix in each for edit in fix.edits})),
        tuple(dict.fromkeys(variable for fix in each for variable in fix.variables)),
        tuple(dict.fromkeys(name for fix in each for name in fix.imports)),
        next((fix.unsafe for fix in each if fix.unsafe), ""),
        tuple(dict.fromkeys(block for fix in each for block in fix.appended)),
        any(fix.shown_only for fix in each),
    )


def appendix(data: bytes, fixes: Iterable[Fix]) -> tuple[Edit, ...]:
    """Return the edit that puts what fixes append at the end of a text, each block once; none where there is none."""
    blocks = tuple(dict.fromkeys(block for fix in fixes for block in fix.appended))
    end = b"" if not data or data.endswith((b"\n", b"\r")) else newline_of(data)
    return (Edit(len(data), len(data), end + b"".join(blocks)),) if blocks else ()


def newline_of(data: bytes) -> bytes:
    """Return how the lines of a text end."""
    end = re.search(rb"\r\n|\n|\r", data)
    return end[0] if end else b"\n"


def overlap(edits: Iterable[Edit]) -> bool:
    """Tell whether two edits want the same bytes, or the same place, and are not the same edit."""
    ordered = sorted(set(edits))
    return any(after.start < before.end or after.start == before.start for before, after in pairwise(ordered))


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a text with edits that do not overlap; all other bytes are as they were."""
    pieces, at = [], 0
    for edit in sorted(set(edits)):
        pieces += [data[at : edit.start], edit.text]
        at = edit.end
    return b"".join([*pieces, data[at:]])
