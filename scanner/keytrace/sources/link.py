"""A symbolic link met in a folder or in git: it is not followed; its text is where it points to."""

from __future__ import annotations

from dataclasses import dataclass, field

from keytrace.model import FileProvenance, StagedProvenance


@dataclass(frozen=True, slots=True)
class LinkArtifact:
    """The target of a symbolic link, as it is written in the link: `https://user:key@host/` may be one."""

    provenance: FileProvenance | StagedProvenance
    target: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return self.provenance.path

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        return self.target[:limit]
