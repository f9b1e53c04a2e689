"""Texts that are at hand, each as the file that it is or is to be: a patch's, an editor's, a coding agent's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from keytrace.model import Skipped, StreamProvenance
from keytrace.sources.content import beyond
from keytrace.sources.ignore import own_ignores


@dataclass(frozen=True, slots=True)
class TextArtifact:
    """A text under the path of a file; `lines` are those that count, None for all."""

    path: str
    data: bytes = field(repr=False)
    lines: frozenset[int] | None = None

    @property
    def provenance(self) -> StreamProvenance:
        return StreamProvenance(self.path)

    def read(self, limit: int) -> bytes:
        if len(self.data) > limit + len(self.lines or ()):  # of a patch: blank lines are none of it
            raise beyond(self.data, limit)
        return self.data


class TextSource:
    """Texts with paths relative to `root`; `exclude` and .keytraceignore hold for them as they do in a folder."""

    def __init__(
        self, texts: Iterable[tuple[str, bytes]], root: str, exclude: tuple[str, ...] = (), trust_repo: bool = True
    ) -> None:
        self._texts = texts
        self._root = root.replace(os.sep, "/").rstrip("/")
        self._excludes = own_ignores(self._root, exclude, trust_repo=trust_repo)

    def artifacts(self) -> Iterator[TextArtifact | Skipped]:
        for path, data in self._texts:
            reason = self._excludes.covers(self._root, path, False)
            yield Skipped(path, reason) if reason else TextArtifact(path, data)


def path_below(root: str, path: str) -> str:
    """Return the path of a file from `root`, or, of one that lies elsewhere, all of it, without going up."""
    full = os.path.normpath(os.path.join(root, path))
    relative = os.path.relpath(full, root).replace(os.sep, "/")
    if relative == ".." or relative.startswith("../"):
        return os.path.splitdrive(full)[1].replace(os.sep, "/").lstrip("/")
    return relative
