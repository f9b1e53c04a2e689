"""Messages of any size."""

from __future__ import annotations

import json
from io import BytesIO

import pytest

from keytrace.editor.stream import TOO_LARGE, BoundedInput


def test_what_is_small_is_as_it_is() -> None:
    given = BoundedInput(BytesIO(b"Content-Length: 3\r\n\r\nabcrest"), limit=3)
    assert [given.readline(), given.readline(), given.read(3), given.readline()] == [
        b"Content-Length: 3\r\n", b"\r\n", b"abc", b"rest",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "uri", "number"),
    [
        (b'{"id": 7, "params": {"textDocument": {"uri": "file:///a%20b", "text": "xxxx"}}}', "file:///a%20b", 7),
        (b'{"params": {"uri": "a\\"b"}}', 'a"b', None),
        (b"x" * 3_000_000, "", None),
    ],
)
def test_what_is_too_large_is_passed_over(body: bytes, uri: str, number: int | None) -> None:
    given = BoundedInput(BytesIO(body + b"next"), limit=10)
    told = json.loads(given.read(len(body)))
    assert (told["method"], told["params"]) == (TOO_LARGE, {"uri": uri, "size": len(body), "id": number})
    assert given.read(4) == b"next"


def test_what_ends_before_its_time() -> None:
    assert BoundedInput(BytesIO(b"x" * 50), limit=10).read(10**12) == b""


def test_a_line_without_an_end() -> None:
    assert len(BoundedInput(BytesIO(b"x" * 10**6)).readline()) <= 4096


def test_whether_anything_came() -> None:
    given = BoundedInput(BytesIO(b""))
    given.readline()
    assert not given.is_used
    given = BoundedInput(BytesIO(b"x"))
    given.readline()
    given.readline()
    assert given.is_used


def test_a_header_without_a_length_is_the_end() -> None:
    given = BoundedInput(BytesIO(b"\r\nContent-Length: 3\r\nA: b\r\n\r\nabcContent-Length: x\r\n\r\nabc"))
    assert [given.readline() for _ in range(4)] == [b"\r\n", b"Content-Length: 3\r\n", b"A: b\r\n", b"\r\n"]
    assert (given.read(3), given.is_broken) == (b"abc", False)
    assert [given.readline(), given.readline()] == [b"Content-Length: x\r\n", b""]
    assert given.is_broken
