"""Standard input."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any, BinaryIO

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

    def open(self) -> BinaryIO:
        """Open the stream from its beginning, to read more of it than fits into memory, once."""
        return BufferedReader(_Anew(self._read, self.stream))


class _Anew(RawIOBase):
    """What was read of a stream, then what is left of it."""

    def __init__(self, read: bytearray, stream: BinaryIO) -> None:
        super().__init__()
        self._read, self._stream = BytesIO(read), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._read.read(len(buffer)) or self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class StreamSource:
    """One binary stream under the name the user gave it."""

    def __init__(self, stream: BinaryIO, name: str = "stdin") -> None:
        self._artifact = StreamArtifact(stream, name)

    def artifacts(self) -> Iterator[StreamArtifact]:
        yield self._artifact
