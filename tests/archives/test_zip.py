"""zip: by its directory and, where that is lost, by what looks like a member."""

from __future__ import annotations

import struct
import warnings
import zipfile
from io import BytesIO

import pytest

from keytrace.archives import format_of
from keytrace.archives.walk import MemberArtifact
from keytrace.model import Reason, Skipped
from tests.archives.making import FILES, found, read, wrong, zipped


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
    assert found(bytes(data))[0] == Skipped("a!a", Reason.ENCRYPTED)
    assert [one.data for one in found(bytes(data)) if not isinstance(one, Skipped)] == [b"2"]  # type: ignore[union-attr]


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
    assert [one.data for one in found(bytes(data))[1:]] == [b"two"]  # type: ignore[union-attr]


def test_a_method_that_is_not_known() -> None:
    data = bytearray(zipped({"a": b"one" * 100}))
    for at in (data.index(b"PK\x03\x04") + 8, data.index(b"PK\x01\x02") + 10):
        data[at : at + 2] = struct.pack("<H", 9)  # Deflate64
    assert wrong(bytes(data)) == [("a!a", "cannot be read to its end: it is compressed in a way that is not supported")]


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
