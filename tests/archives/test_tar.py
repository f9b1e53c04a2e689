"""tar in its dialects; nothing ends it but its end."""

from __future__ import annotations

import io
import tarfile

import pytest

from keytrace.archives import format_of
from tests.archives.making import FILES, found, read, tarred, wrong

FORMS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


@pytest.mark.parametrize("form", FORMS)
def test_its_members(form: int) -> None:
    assert read(tarred(FILES, form), "a.tar") == {f"a.tar!{name}": data for name, data in FILES.items()}


@pytest.mark.parametrize("form", FORMS)
def test_long_names(form: int) -> None:
    name = "/".join(["folder" * 10] * 3) + "/file"
    assert read(tarred({name: b"x"}, form)) == {f"a!{name}": b"x"}


def test_names_of_all_kinds() -> None:
    files = {"ä/ö": b"1", "\udcff": b"2", "../../up": b"3", "/etc/passwd": b"4", "./a//b": b"5", "x\n\x1b": b"6"}
    assert list(read(tarred(files))) == ["a!ä/ö", "a!\udcff", "a!../../up", "a!etc/passwd", "a!a/b", "a!x\n\x1b"]


def test_links_are_not_followed_but_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind, target in (("l", tarfile.SYMTYPE, "/etc/passwd"), ("m", tarfile.SYMTYPE, "x" * 200)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for name, kind in (("d", tarfile.DIRTYPE), ("f", tarfile.FIFOTYPE), ("c", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type = kind
            archive.addfile(info)
    assert read(out.getvalue()) == {"a!l": b"/etc/passwd", "a!m": b"x" * 200}


def test_comments_are_read() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "of all"}) as archive:
        info = tarfile.TarInfo("a")
        info.pax_headers = {"comment": "of a"}
        archive.addfile(info)
        archive.addfile(tarfile.TarInfo("b"))
    assert read(out.getvalue()) == {"a!(comment)": b"of all", "a!a (comment)": b"of a", "a!a": b"", "a!b": b""}


def test_what_follows_the_end_is_read() -> None:
    assert read(tarred({"a": b"1"}) + tarred({"b": b"2"})) == {"a!a": b"1", "a!b": b"2"}
    assert wrong(tarred({"a": b"1"}) + b"x" * 512) == [
        ("a", "cannot be read to its end: the header of a member is damaged")
    ]


@pytest.mark.parametrize("size", [512 + 100, 512 + 512 + 200])
def test_what_is_cut_off(size: int) -> None:
    data = tarred({"a": b"x" * 512, "b": b"y" * 512}, tarfile.USTAR_FORMAT)[:size]
    assert wrong(data)[-1] == ("a", "cannot be read to its end: it ends too early")


def test_a_damaged_header_is_an_error() -> None:
    data = bytearray(tarred({"a": b"1", "b": b"2"}, tarfile.USTAR_FORMAT))
    data[1024 + 3] ^= 1
    assert len(found(bytes(data))) == 2
    assert wrong(bytes(data)) == [("a", "cannot be read to its end: the header of a member is damaged")]


def test_sizes_are_not_believed() -> None:
    for size in (2**40, 2**33 - 1):
        info = tarfile.TarInfo("a")
        info.size = size
        data = info.tobuf(tarfile.GNU_FORMAT) + b"x" * 512
        assert {message for _, message in wrong(data)} == {"cannot be read to its end: it ends too early"}


def test_a_header_of_records_that_is_too_large() -> None:
    info = tarfile.TarInfo("a")
    info.size, info.type = 2**30, tarfile.XHDTYPE
    assert wrong(info.tobuf()) == [("a", "cannot be read to its end: the name of a member is too long")]


def test_holes_take_no_place() -> None:
    """A GNU sparse file of 1 GiB, of which 512 bytes are stored, with one more block of its map."""
    info = tarfile.TarInfo("a")
    info.size = 512
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[156:157], header[482:483] = b"S", b"\1"
    header[148:156] = b" " * 8
    header[148:155] = b"%06o\0" % sum(header)
    assert read(bytes(header) + bytes(512) + b"x" * 512 + bytes(1024)) == {"a!a": b"x" * 512}


def test_what_it_begins_with() -> None:
    assert format_of(bytes(257) + b"ustar" + bytes(500)) is None
    assert format_of(b"x" * 257 + b"ustar" + b"y" * 500) is None
