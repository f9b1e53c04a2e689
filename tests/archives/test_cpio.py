"""cpio."""

from __future__ import annotations

import gzip
import lzma
import struct
from collections.abc import Callable, Mapping

import pytest

from keytrace.archives import format_of
from tests.archives.making import FILES, cpio, read, wrong, zstd_compress


def odc(files: Mapping[str, bytes]) -> bytes:
    out = b""
    for name, data in (*files.items(), ("TRAILER!!!", b"")):
        out += b"070707%06o%06o%06o%06o%06o%06o%06o%011o" % (1, 2, 0o100644, 0, 0, 1, 0, 0)
        out += b"%06o%011o" % (len(name) + 1, len(data)) + name.encode() + b"\0" + data
    return out + bytes(-len(out) % 512)


def binary(files: Mapping[str, bytes], order: str = "<") -> bytes:
    out = b""
    for name, data in (*files.items(), ("TRAILER!!!", b"")):
        size, length = len(data), len(name) + 1
        out += struct.pack(f"{order}13H", 0o070707, 1, 2, 0o100644, 0, 0, 1, 0, 0, 0, length, size >> 16, size & 0xFFFF)
        out += name.encode() + bytes(1 + length % 2) + data + bytes(size % 2)
    return out + bytes(-len(out) % 512)


def test_its_members() -> None:
    assert read(cpio(FILES)) == {f"a!{name}": data for name, data in FILES.items() if data}
    for kind in (odc, binary, lambda files: binary(files, ">")):
        assert read(kind(FILES)) == {f"a!{name}": data for name, data in FILES.items() if data}


PACKED: list[Callable[[bytes], bytes]] = [bytes, gzip.compress, lzma.compress, zstd_compress]


@pytest.mark.parametrize("pack", PACKED)
@pytest.mark.parametrize("gap", [0, 4, 512, 4096])
def test_several_in_a_row(pack: Callable[[bytes], bytes], gap: int) -> None:
    """As an initramfs: what the processor needs comes first, as it is, and is followed by the rest, packed."""
    data = cpio({"a": b"1"}) + bytes(gap) + pack(cpio({"b": b"2"}) + bytes(gap) + cpio({"c": b"3"}))
    assert read(data) == {"a!a": b"1", "a!b": b"2", "a!c": b"3"}
    assert wrong(data[:-460] if pack is bytes else data[:-6]) != []


def test_what_else_is_packed_behind_one() -> None:
    data = cpio({"a": b"1"}) + gzip.compress(b"text")
    assert read(data) == {"a!a": b"1", "a!(behind the archive)": b"text"}


def test_what_is_damaged() -> None:
    data = cpio({"a": b"1" * 100, "b": b"2"})
    assert wrong(data[:150])[-1] == ("a", "cannot be read to its end: it ends too early")
    assert wrong(data[:216] + b"x" * 200) == [("a", "cannot be read to its end: the header of a member is damaged")]
    assert wrong(data[:94] + b"ffffffff" + data[102:]) == [
        ("a", "cannot be read to its end: the name of a member is too long")
    ]


def test_what_it_begins_with() -> None:
    assert format_of(b"070701 is how they begin") is None
    for order in "<>":
        data = binary({"conf/app.env": b"1"}, order)
        assert format_of(data) is not None
        assert format_of(data[:2] + bytes(400)) is None
        assert format_of(data[:6] + b"\xff\xff" + data[8:]) is None, "no kind of file"
        assert format_of(data[:30] + b"\0" + data[31:]) is None, "a name that ends too early"
