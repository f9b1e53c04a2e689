"""Standard input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from keytrace.model import StreamProvenance
from keytrace.sources.content import beyond


@dataclass(frozen=True, slots=True)
class StreamArtifact:
    """A stream, to be read once. It cannot leave this process."""

    stream: BinaryIO
    path: str

    @property
    def provenance(self) -> StreamProvenance:
        return StreamProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        data = b""
        while len(data) <= limit and (more := self.stream.read(limit + 1 - len(data))):
            data += more
        return data if len(data) <= limit else beyond(data, limit)


class StreamSource:
    """One binary stream under the name the user gave it."""

    def __init__(self, stream: BinaryIO, name: str = "stdin") -> None:
        self._artifact = StreamArtifact(stream, name)

    def artifacts(self) -> Iterator[StreamArtifact]:
        yield self._artifact
