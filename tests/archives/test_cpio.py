"""cpio."""

from __future__ import annotations

from keytrace.archives import format_of
from tests.archives.making import FILES, cpio, read, wrong


def test_its_members() -> None:
    assert read(cpio(FILES)) == {f"a!{name}": data for name, data in FILES.items() if data}
    assert read(cpio({"a": b"1"}) + cpio({"b": b"2"})) == {"a!a": b"1", "a!b": b"2"}


def test_what_is_damaged() -> None:
    data = cpio({"a": b"1" * 100, "b": b"2"})
    assert wrong(data[:150])[-1] == ("a", "cannot be read to its end: it ends too early")
    assert wrong(data[:216] + b"x" * 200) == [("a", "cannot be read to its end: the header of a member is damaged")]
    assert wrong(data[:94] + b"ffffffff" + data[102:]) == [
        ("a", "cannot be read to its end: the name of a member is too long")
    ]


def test_what_it_begins_with() -> None:
    assert format_of(b"070701 is how they begin") is None
