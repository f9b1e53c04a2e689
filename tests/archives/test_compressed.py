"""Single compressed files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import zlib
from io import BytesIO

import pytest

from keytrace.archives import compressed, format_of
from keytrace.archives.content import Budget, Content, DamagedError
from keytrace.archives.walk import MemberArtifact
from keytrace.model import ScanError
from tests.archives.making import found, read, tarred, wrong, zstd_compress


def lzma_alone(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_ALONE)


PACKERS = [gzip.compress, bz2.compress, lzma.compress, zstd_compress]


@pytest.mark.parametrize("pack", PACKERS)
def test_what_is_in_one(pack) -> None:  # type: ignore[no-untyped-def]
    data = bytes(range(256)) * 2000
    assert read(pack(data), "logs/a.log.gz") == {"logs/a.log.gz!a.log": data}
    assert read(pack(b"")) == {"a!a": b""}
    assert read(pack(data) + pack(b"more")) == {"a!a": data + b"more"}
    assert read(pack(data) + bytes(512)) == {"a!a": data}
    assert read(pack(tarred({"x": b"1"})), "a.tgz") == {"a.tgz!x": b"1"}


@pytest.mark.parametrize("pack", PACKERS)
def test_a_damaged_one(pack) -> None:  # type: ignore[no-untyped-def]
    data = pack(bytes(range(256)) * 2000)
    assert wrong(data[:-9]) == [("a!a", "cannot be read to its end: it ends too early")]
    damaged = bytearray(data)
    damaged[-6] ^= 255
    assert wrong(bytes(damaged)) == [("a!a", "cannot be read to its end: its data is damaged")]


def test_lzma_alone() -> None:
    data = bytes(range(256)) * 2000
    assert read(lzma_alone(data), "a.log.lzma") == {"a.log.lzma!a.log": data}
    assert read(lzma_alone(tarred({"x": b"1"})), "a.tar.lzma") == {"a.tar.lzma!x": b"1"}
    assert wrong(lzma_alone(data)[:-9]) == [("a!a", "cannot be read to its end: it ends too early")]
    for preset in range(10):
        assert format_of(lzma.compress(b"x", lzma.FORMAT_ALONE, preset=preset)) is not None
    assert format_of(b"]\0\0" + bytes(range(1, 99))) is None


@pytest.mark.parametrize("pack", [*PACKERS, lzma_alone])
@pytest.mark.parametrize("cut", [True, False])
def test_what_comes_before_damage_is_scanned(pack, cut: bool) -> None:  # type: ignore[no-untyped-def]
    noise = random.Random(1).randbytes(2_000_000)  # so much that each has more than one block
    packed = bytearray(pack(b"first line\n" + noise + b"the end"))
    if cut:
        del packed[len(packed) * 3 // 4 :]
    else:
        packed[len(packed) * 3 // 4] ^= 0x55
    member, *errors = found(bytes(packed), limit=2**23)
    assert isinstance(member, MemberArtifact)
    assert member.data.startswith(b"first line\n" + noise[: 2**17])
    assert [type(one) for one in errors] == ([] if pack is zstd_compress and not cut else [ScanError])


def test_each_of_many_layers_has_a_name() -> None:
    data = b"x"
    for _ in range(3):
        data = gzip.compress(data)
    assert read(data, "a.gz") == {"a.gz!a!a!a": b"x"}
    assert len(found(data, depth=2)) == 2, "an error, and what was not opened"


def test_a_large_dictionary_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 2**28}]
    assert wrong(lzma.compress(b"x", filters=filters)) == [("a!a", "cannot be read to its end: its data is damaged")]


def test_a_stream_is_unpacked_bit_by_bit() -> None:
    packed = gzip.compress(bytes(10**6))
    content = Content(BytesIO(packed).read, Budget(1, 1))
    unpacked = compressed.Unpacked(lambda: zlib.decompressobj(31), content)
    assert len(unpacked.read(100)) == 100
    with pytest.raises(DamagedError):
        compressed.Unpacked(lambda: zlib.decompressobj(31), Content(BytesIO().read, Budget(1, 1))).read(1)


def test_without_a_library_zstd_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    assert format_of(zstd_compress(b"x")) is not None
    monkeypatch.setattr(compressed, "zstd_library", lambda: None)
    assert format_of(zstd_compress(b"x")) is None


def test_what_it_begins_with() -> None:
    assert format_of(b"BZh is a text") is None
    assert format_of(b"\x1f\x8b\x00") is None
