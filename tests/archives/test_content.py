"""What the formats share, and the limits."""

from __future__ import annotations

import io

import pytest

from keytrace.archives import content
from keytrace.archives.content import Budget, Content, DamagedError, LimitError


def of(data: bytes, limit: int = 100) -> Content:
    return Content.of(io.BytesIO(data), limit)


def test_reading() -> None:
    one = of(b"abcdef")
    assert (one.peek(2), one.peek(3), one.read(2), one.exactly(1), one.peek(9), one.read(9)) == (
        b"ab", b"abc", b"ab", b"c", b"def", b"def",
    )  # fmt: skip
    assert one.read(1) == b""
    with pytest.raises(DamagedError, match="ends too early"):
        one.skip(1)


def test_a_part() -> None:
    one = of(b"abcdef")
    part = one.part(4)
    assert (part.read(1), part.peek(9)) == (b"a", b"bcd")
    part.finish()
    assert one.read(9) == b"ef"
    short = of(b"ab").part(3)
    assert short.read(3) == b"ab"
    with pytest.raises(DamagedError, match="ends too early"):
        short.read(3)


def test_whole() -> None:
    assert of(b"abc", limit=3).whole() == b"abc"
    with pytest.raises(DamagedError, match="larger than 2 bytes"):
        of(b"abc", limit=2).whole()


def test_what_is_unpacked_is_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_FREE", 10)
    one = of(b"a").unpacked(io.BytesIO(bytes(500)).read)
    assert len(one.read(200)) == 200
    with pytest.raises(LimitError, match="more than 200 times its size"):
        one.read(1)
    monkeypatch.setattr(content, "_MOST_BYTES", 300)
    with pytest.raises(LimitError, match="unpacks to more than"):
        of(bytes(500)).unpacked(io.BytesIO(bytes(500)).read).read(301)


def test_the_size_of_a_stream_is_what_has_come() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    one = Content.of(Pipe(bytes(range(100))), 9)
    assert (one.file, one.read(40), one.budget.size) == (None, bytes(range(40)), 40)
    assert (one.read(100), one.budget.size) == (bytes(range(40, 100)), 100)


def test_members_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_MEMBERS", 2)
    budget = Budget(1, 1)
    budget.count()
    budget.count()
    with pytest.raises(LimitError, match="more than 2 members"):
        budget.count()


def test_what_a_reader_raises_is_damage() -> None:
    def fail(_: int) -> bytes:
        raise OSError

    with pytest.raises(DamagedError, match="its data is damaged"):
        Content(fail, Budget(1, 1)).read(1)


def test_what_comes_before_damage_is_handed_out() -> None:
    pieces = [b"ab", b"cd"]

    def damaged(_: int) -> bytes:
        if not pieces:
            raise EOFError
        return pieces.pop(0)

    one = Content(damaged, Budget(1, 1))
    one.check()
    assert (one.peek(9), one.read(3), one.read(3)) == (b"abcd", b"abc", b"d")
    for ask in (lambda: one.read(1), lambda: one.peek(1), lambda: one.exactly(1), one.check):
        with pytest.raises(DamagedError, match="ends too early"):
            ask()
    assert one.read(0) == b""
