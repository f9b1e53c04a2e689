"""A patch on standard input: the new files it shows, of which only the added lines count, and the text around it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from keytrace.model import Reason, Skipped
from keytrace.sources.content import TooLargeError
from keytrace.sources.ignore import own_ignores
from keytrace.sources.stream import StreamArtifact
from keytrace.sources.texts import TextArtifact
from keytrace.text.encoding import decode
from keytrace.text.patch import FilePatch, parse

PATCH_ENDINGS = (".diff", ".patch", ".eml", ".mbox")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # what PowerShell makes of a patch


class PatchSource:
    """The stream of `stream` if it is a patch; else that as it is.

    Paths in it are relative to `root`; `exclude` and .keytraceignore hold for them as they do in a folder.
    """

    def __init__(
        self, stream: StreamArtifact, root: str, limit: int, exclude: tuple[str, ...] = (), trust_repo: bool = True
    ) -> None:
        self._stream = stream
        self._root = root.replace(os.sep, "/").rstrip("/")
        self._limit = limit
        self._excludes = own_ignores(self._root, exclude, trust_repo=trust_repo)

    def artifacts(self) -> Iterator[StreamArtifact | TextArtifact | Skipped]:
        """Yield the files of the patch in its order, then what is written around it."""
        try:
            data = self._stream.read(self._limit)
        except TooLargeError:
            yield self._stream  # whoever scans it is told
            return
        patch = parse((decode(data) or b"") if data.startswith(_UTF_16) else data)
        if patch is None:
            yield self._stream
            return
        for file in patch.files:
            yield self._artifact(file)
        if patch.around.strip():
            yield TextArtifact(self._stream.path, patch.around)

    def _artifact(self, file: FilePatch) -> TextArtifact | Skipped:
        inside = not file.path.startswith("/") and ".." not in file.path.split("/")
        if inside and (reason := self._excludes.covers(self._root, file.path, False)):
            return Skipped(file.path, reason)
        if file.is_binary:
            return Skipped(file.path, Reason.BINARY_PATCH)
        return TextArtifact(file.path, b"\n".join(file.lines), frozenset(file.added))
