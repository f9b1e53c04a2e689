"""Standard input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from keytrace.model import StreamProvenance
from keytrace.sources.content import beyond


@dataclass(frozen=True, slots=True)
class StreamArtifact:
    """A stream, and what was read of it: a program is looked at twice. It cannot leave this process."""

    stream: BinaryIO
    path: str
    _read: bytearray = field(default_factory=bytearray, repr=False, compare=False)

    @property
    def provenance(self) -> StreamProvenance:
        return StreamProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        while len(self._read) <= limit and (more := self.stream.read(limit + 1 - len(self._read))):
            self._read.extend(more)
        data = bytes(self._read)
        if len(data) > limit:
            raise beyond(data, limit)
        return data


class StreamSource:
    """One binary stream under the name the user gave it."""

    def __init__(self, stream: BinaryIO, name: str = "stdin") -> None:
        self._artifact = StreamArtifact(stream, name)

    def artifacts(self) -> Iterator[StreamArtifact]:
        yield self._artifact
