"""Where things are: provenances, regions, locations, and what can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FileProvenance:
    """A file of the working tree; `path` is relative to the root of the scan, with forward slashes."""

    path: str


@dataclass(frozen=True, slots=True)
class StagedProvenance:
    """A blob of the git index; `path` is relative to the top of the work tree."""

    path: str


@dataclass(frozen=True, slots=True)
class StreamProvenance:
    """Standard input, under the name the user gave it."""

    path: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its whole id, its author's name, and the day it was made, as 2026-11-29 (UTC). All are empty for what
    belongs to none.
    """

    id: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class CommitProvenance:
    """A version of a file in git history, with the commit that brought it; `path` is relative to the top."""

    path: str
    commit: Commit


@dataclass(frozen=True, slots=True)
class MemberProvenance:
    """A member of an archive; `path` begins with that of the archive and a `!`, as in `release.tgz!conf/app.env`."""

    path: str
    container: Provenance

    @property
    def name(self) -> str:
        """The path in its archive."""
        return self.path.removeprefix(f"{self.container.path}!")


Outermost = FileProvenance | StagedProvenance | StreamProvenance | CommitProvenance
Provenance = Outermost | MemberProvenance


def outermost(provenance: Provenance) -> Outermost:
    """Return where an artifact is, or the archive that it is in."""
    while isinstance(provenance, MemberProvenance):
        provenance = provenance.container
    return provenance


NAME = 0  # among the numbers of lines that count: the name of the file, which is new


@dataclass(frozen=True, slots=True)
class Region:
    """A span of text; `end_column` is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The (cropped) first line of a location with every known secret masked; [start, end) marks the secret's mask."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a document. `note` says what part it plays, for example in a flow."""

    provenance: Provenance
    start: int
    end: int
    region: Region
    excerpt: Excerpt
    note: str = ""

    @property
    def is_secret(self) -> bool:
        """Tell whether what stands here is a secret itself: it is masked, or not shown at all."""
        return set(self.excerpt.text[self.excerpt.start : self.excerpt.end]) <= {"*"}


class Artifact(Protocol):
    """A readable thing with a provenance: a cheap, picklable reference."""

    @property
    def provenance(self) -> Provenance: ...

    @property
    def lines(self) -> frozenset[int] | None:
        """The lines on which a finding may start, and NAME if it may be the name; None means all of them."""

    def read(self, limit: int) -> bytes:
        """Return the content; raise OSError when unreadable, ScannerError when larger than `limit` bytes."""
