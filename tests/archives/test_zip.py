"""zip: by its directory and, where that is lost, by what looks like a member."""

from __future__ import annotations

import lzma
import struct
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest

from keytrace.archives import format_of
from keytrace.archives.walk import MemberArtifact
from keytrace.model import Reason, ScanError, Skipped
from tests.archives.making import FILES, found, read, wrong, zipped, zstd_compress


def test_its_members() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert read(zipped(FILES, method), "a.zip") == {f"a.zip!{name}": data for name, data in FILES.items()}
    assert read(zipped({})) == {}
    assert read(zipped({"folder/": b"", "folder/a": b"x"})) == {"a!folder/a": b"x"}


def test_two_members_of_one_name() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive, warnings.catch_warnings(action="ignore"):
        archive.writestr("a", b"1")
        archive.writestr("a", b"2")
    assert [one.data for one in found(out.getvalue()) if not isinstance(one, Skipped)] == [b"1", b"2"]  # type: ignore[union-attr]


def test_encrypted_members_are_told() -> None:
    data = bytearray(zipped({"a": b"1", "b": b"2"}))
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    skipped, left, error = found(bytes(data))
    assert skipped == Skipped("a!a", Reason.ENCRYPTED)
    assert isinstance(left, MemberArtifact)
    assert left.data == b"2"
    assert error == ScanError("a", "a member is encrypted and could not be scanned")
    data[data.index(b"PK\x01\x02", directory + 9) + 8] |= 1
    assert wrong(bytes(data)) == [("a", "2 members are encrypted and could not be scanned")]


def test_comments_are_read() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.comment = b"of a"
        archive.writestr(info, b"1")
        archive.comment = b"of all"
    assert read(out.getvalue()) == {"a!a": b"1", "a!a (comment)": b"of a", "a!(comment)": b"of all"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("gone", ["one", "two", "three"])
def test_what_the_directory_does_not_name_is_read(method: int, gone: str) -> None:
    files = {name: name.encode() * 40 for name in ("one", "two", "three")}
    data = zipped(files, method)
    start = data.index(b"PK\x01\x02")
    entries = [b"PK\x01\x02" + one for one in data[start : data.index(b"PK\x05\x06")].split(b"PK\x01\x02")[1:]]
    left = [one for one in entries if gone.encode() not in one]
    directory = b"".join(left)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(left), len(left), len(directory), start, 0)
    members = [one.data for one in found(data[:start] + directory + end) if isinstance(one, MemberArtifact)]
    assert sorted(members) == sorted(files.values())


def test_without_a_directory_the_members_are_found() -> None:
    whole = zipped(FILES)
    cut = whole[: whole.index(b"PK\x01\x02")]
    *members, _ = found(cut, "a.zip")
    assert {one.provenance.path: one.data for one in members} == {f"a.zip!{n}": d for n, d in FILES.items()}  # type: ignore[union-attr]
    assert wrong(cut) == [("a", "cannot be read to its end: its directory is missing or damaged")]
    stored = zipped({"a": b"one", "b": b"two" * 9}, zipfile.ZIP_STORED)
    assert [one.data for one in found(stored[:-30])[:2]] == [b"one", b"two" * 9]  # type: ignore[union-attr]


def test_a_damaged_member_does_not_hide_the_next() -> None:
    data = bytearray(zipped({"a": b"one" * 100, "b": b"two"}, zipfile.ZIP_STORED))
    data[60] ^= 1
    assert wrong(bytes(data)) == [("a!a", "cannot be read to its end: its data is damaged")]
    damaged, other = (one.data for one in found(bytes(data)) if isinstance(one, MemberArtifact))
    assert (len(damaged), other) == (300, b"two"), "what can be read of it is searched, too"


def packed(method: int, data: bytes, content: bytes) -> bytes:
    """Return a zip of a member that is compressed by a method that the standard library does not write."""
    made = bytearray(zipped({"a": data, "b": b"two"}, zipfile.ZIP_STORED))
    head, entry = made.index(b"PK\x03\x04"), made.index(b"PK\x01\x02")
    for at in (head + 14, entry + 16):
        made[at : at + 12] = struct.pack("<LLL", zlib.crc32(content), len(data), len(content))
    for at in (head + 8, entry + 10):
        made[at : at + 2] = struct.pack("<H", method)
    return bytes(made)


@pytest.mark.parametrize(("method", "pack"), [(93, zstd_compress), (95, lzma.compress)])
def test_methods_that_the_standard_library_does_not_know(method: int, pack: Callable[[bytes], bytes]) -> None:
    content = b"one" * 1000
    data = packed(method, pack(content), content)
    assert read(data) == {"a!a": content, "a!b": b"two"}
    assert [one.data for one in found(data[:-30]) if isinstance(one, MemberArtifact)] == [content, b"two"]


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (98, "PPMd"), (94, "method 94")])
def test_a_method_that_nothing_reads(method: int, name: str) -> None:
    data = packed(method, b"?" * 50, b"one" * 100)
    told = ("a!a", f"cannot be read to its end: it is compressed by {name}, which is not read")
    assert wrong(data) == [told]
    assert wrong(data[:-30])[0] == told, "also where the directory is lost"
    assert [one.data for one in found(data) if isinstance(one, MemberArtifact)] == [b"two"]


def test_zstd_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keytrace.archives.zip.zstd_library", lambda: None)
    told = "cannot be read to its end: it is compressed by zstd; pip install 'keytrace[zstd]' reads that"
    assert wrong(packed(93, zstd_compress(b"x"), b"x")) == [("a!a", told)]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_to_much_is_never_in_memory(method: int) -> None:
    data = zipped({"a": bytes(2**27)}, method)
    tracemalloc.start()
    assert wrong(data) == [("a!a", "unpacks to very much more than it takes; it was not scanned")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**25, "the standard library unpacks all that it has read at once"


def test_lzma_without_a_mark_at_its_end_is_as_long_as_the_directory_says() -> None:
    content = b"one" * 1000
    data = bytearray(zipped({"a": content}, zipfile.ZIP_LZMA))
    for at in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[at] &= ~2
    assert read(bytes(data)) == {"a!a": content}


def test_a_directory_that_is_too_large() -> None:
    data = bytearray(b"PK\x03\x04\x14\x00" + bytes(20_000_000) + zipped({"a": b"1"}))
    data[-10:-6] = struct.pack("<L", 15_000_000)
    assert wrong(bytes(data)) == [("a", "holds more than 100,000 members; none was scanned")]


@pytest.mark.parametrize("start", [b"#!/usr/bin/env python3\n", b"MZ\x90" + bytes(99), b"Cr24" + bytes(8), b"\x89PNG"])
def test_something_before_it(start: bytes) -> None:
    data = start + zipped({"a": b"x"})
    assert read(data, "a.pyz") == {"a.pyz!(before the archive)": start, "a.pyz!a": b"x"}
    assert format_of(data[:-2] + b"\5\0hello") == (format_of(data) if start[:2] in (b"#!", b"MZ", b"Cr") else None)
    assert format_of(data[:-1]) is None
    assert format_of(start + b"PK\x05\x06" + bytes(30)) is None


def test_what_it_begins_with() -> None:
    assert format_of(b"PK\x03\x04" + bytes(range(32))) is None
    assert format_of(b"PKZIP is a program") is None
