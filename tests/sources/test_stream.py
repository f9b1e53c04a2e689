"""Standard input is read to its end, and not beyond the limit."""

from __future__ import annotations

import io
import os
from threading import Thread

import pytest

from keytrace.errors import ScannerError
from keytrace.model import StreamProvenance
from keytrace.sources.content import TooLargeError
from keytrace.sources.stream import StreamSource


def read(content: bytes, limit: int) -> bytes:
    (artifact,) = StreamSource(io.BytesIO(content)).artifacts()
    return artifact.read(limit)


def test_content_and_name() -> None:
    (artifact,) = StreamSource(io.BytesIO(b"hello\n"), "config.py").artifacts()
    assert (artifact.provenance, artifact.lines, artifact.read(6)) == (StreamProvenance("config.py"), None, b"hello\n")


def test_it_can_be_read_again() -> None:
    (artifact,) = StreamSource(io.BytesIO(b"hello\n")).artifacts()
    assert [artifact.read(10), artifact.read(10)] == [b"hello\n", b"hello\n"]
    assert "hello" not in repr(artifact)


def test_what_is_larger_than_the_limit_can_be_read_in_parts() -> None:
    data = bytes(range(256)) * 100
    (artifact,) = StreamSource(io.BytesIO(data)).artifacts()
    with pytest.raises(TooLargeError):
        artifact.read(1000)
    with artifact.open() as stream:
        assert (stream.read(10), stream.read()) == (data[:10], data[10:])


def test_what_comes_in_pieces_is_read_to_its_end() -> None:
    reader, writer = os.pipe()

    def feed() -> None:
        with open(writer, "wb", buffering=0) as stream:
            stream.writelines([b"x" * 50_000] * 3)

    thread = Thread(target=feed)
    thread.start()
    with open(reader, "rb", buffering=0) as stream:
        (artifact,) = StreamSource(stream).artifacts()
        assert artifact.read(200_000) == b"x" * 150_000
    thread.join()


def test_the_limit() -> None:
    with pytest.raises(ScannerError, match="larger than 5 bytes"):
        read(b"hello\n", 5)
    with pytest.raises(TooLargeError, match="larger than 10000 bytes") as raised:
        read(bytes(range(32)) * 1000, 10_000)
    assert raised.value.is_binary


def test_no_more_than_the_limit_is_read() -> None:
    stream = io.BytesIO(b"x" * 1000)
    (artifact,) = StreamSource(stream).artifacts()
    with pytest.raises(ScannerError):
        artifact.read(100)
    assert stream.tell() == 101
