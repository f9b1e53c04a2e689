"""A version of a file in git history."""

from __future__ import annotations

from dataclasses import dataclass, field

from keytrace.model import CommitProvenance
from keytrace.sources.content import beyond


@dataclass(frozen=True, slots=True)
class HistoryArtifact:
    """A version of a file: its new lines at their numbers with some around, blank ones elsewhere. `data` is a sample
    where it is larger than it may be.
    """

    provenance: CommitProvenance
    data: bytes = field(repr=False)
    size: int
    lines: frozenset[int] | None

    def read(self, limit: int) -> bytes:
        if self.size > limit:
            raise beyond(self.data, limit)
        return self.data
