"""ar: Debian packages and static libraries."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from keytrace.archives import format_of
from tests.archives.making import FILES, ar, deb, read, wrong


def test_its_members() -> None:
    assert read(ar(FILES)) == {f"a!{name}": data for name, data in FILES.items()}
    assert read(ar({})) == {}


def test_a_debian_package() -> None:
    assert read(deb({"./etc/app.env": b"x"}), "a.deb") == {
        "a.deb!debian-binary": b"2.0\n",
        "a.deb!control.tar.gz!control": b"Package: a\n",
        "a.deb!data.tar.xz!etc/app.env": b"x",
    }


def test_long_names() -> None:
    gnu = b"!<arch>\n" + _header(b"//", 20) + b"a-very-long-name.o/\n" + _header(b"/0", 1) + b"x\n"
    assert read(gnu) == {"a!a-very-long-name.o": b"x"}
    bsd = b"!<arch>\n" + _header(b"#1/20", 21) + b"another-long-name.o\0x\n"
    assert read(bsd) == {"a!another-long-name.o": b"x"}


def _header(name: bytes, size: int) -> bytes:
    return b"%-16s%-32s%-10d`\n" % (name, b"", size)


def test_what_is_damaged() -> None:
    data = ar({"a": b"1", "b": b"2"})
    assert wrong(data[:-30]) == [("a", "cannot be read to its end: it ends too early")]
    assert wrong(data[:71] + b"x" * 60) == [("a", "cannot be read to its end: the header of a member is damaged")]
    assert wrong(data[:-2])[-1] == ("a", "cannot be read to its end: it ends too early")


def test_what_it_begins_with() -> None:
    assert format_of(b"!<arch>\nis how they begin") is None


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="needs dpkg-deb")
def test_a_package_of_the_tool(tmp_path: Path) -> None:
    (tmp_path / "p/DEBIAN").mkdir(parents=True)
    (tmp_path / "p/DEBIAN/control").write_text(
        "Package: a\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: a\n"
    )
    (tmp_path / "p/app.env").write_text("one")
    subprocess.run(["dpkg-deb", "-Zxz", "-b", "p", "a.deb"], cwd=tmp_path, check=True, capture_output=True)
    members = read((tmp_path / "a.deb").read_bytes())
    assert members["a!data.tar.xz!app.env"] == b"one"
