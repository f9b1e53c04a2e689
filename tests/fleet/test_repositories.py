"""Which repositories are meant."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from keytrace.cache.scratch import temporary_folder
from keytrace.errors import ScannerError
from keytrace.fleet.repositories import Repository, mirrored, missing, named
from keytrace.git import head

from .conftest import Make


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("https://ada:" + "hush@example.org/a/b.git?x=1#y", "https://example.org/a/b.git"),
        ("https://ada:" + "hu@sh@example.org/a", "https://example.org/a"),
        ("https://ada:" + "hu/s#h@example.org/a", "https://example.org/a"),
        ("git@example.org:a/b.git", "example.org:a/b.git"),
        ("ssh://git@example.org/a", "ssh://example.org/a"),
        ("file:///a/b", "file:///a/b"),
    ],
)
def test_a_url_is_shown_without_who_asks(given: str, name: str) -> None:
    assert named([given], None) == [Repository(name, given, is_remote=True)]


def test_lists(tmp_path: Path) -> None:
    Path(tmp_path, "list").write_bytes(b"\xef\xbb\xbf# all of ours\r\n\r\na/\r\n  b  \r\na\r\n")
    found = named([str(tmp_path / "list"), "-", "."], BytesIO(b"d\nc\n"))
    assert [one.name for one in found] == ["a", "b", "d", "c", "."]
    assert [one.is_remote for one in found] == [False] * 5
    with pytest.raises(ScannerError, match="no repository is named"):
        named(["-"], BytesIO(b"# none\n"))


@pytest.mark.parametrize(
    "content",
    ["/a/b\r\n~/É\r\n".encode("utf-16"), "/a/b\n~/É\n".encode("utf-16-le"), "/a/b\0~/É\0".encode()],
    ids=["PowerShell", "no mark", "find -print0"],
)
def test_lists_of_other_programs(content: bytes) -> None:
    assert [one.name for one in named(["-"], BytesIO(content))] == ["/a/b", "~/É"]
    assert named(["-"], BytesIO(content))[1].place == os.path.expanduser("~/É")


def test_what_is_no_list(tmp_path: Path) -> None:
    for content in (b"\x7fELF\0\1\2\0\0\0" * 99, b"a\x1b[0m\n", bytes(range(256))):
        Path(tmp_path, "list").write_bytes(content)
        with pytest.raises(ScannerError, match="is no list of repositories") as raised:
            named([str(tmp_path / "list")], None)
        assert "one a line" in raised.value.hint
    with pytest.raises(ScannerError, match="no such file or folder") as raised:
        named([str(tmp_path / "lits")], None)
    assert raised.value.hint == "did you mean 'list'?"


@pytest.mark.parametrize(("line", "hint"), [('"a"', "quotes"), ("a # ours", "comment"), ("a", "")])
def test_why_a_line_names_nothing(line: str, hint: str) -> None:
    (repository,) = named(["-"], BytesIO(line.encode()))
    error = missing(repository)
    assert error.message.endswith(f"/{line}")
    assert hint in error.hint


def test_a_mirror_is_there_for_a_while(make: Make, tmp_path: Path) -> None:
    there = make("a")
    with temporary_folder("keytrace-", str(tmp_path)) as folder:
        mirror = mirrored(Repository("a", f"file://{there}", True), str(Path(folder, "mirror")))
        assert head(mirror) == head(str(there))
        assert Path(folder).parent == tmp_path
    assert not Path(mirror).exists()


def test_what_cannot_be_cloned_is_said_without_the_password(tmp_path: Path) -> None:
    url = f"http://ada:{0xBEEF:x}@127.0.0.1:9/a"
    (repository,) = named([url], None)
    with pytest.raises(ScannerError, match="git cannot clone it") as raised:
        mirrored(repository, str(tmp_path / "mirror"))
    assert "beef" not in raised.value.one_line
    with pytest.raises(ScannerError, match="git cannot clone it"):  # a command is no transport
        mirrored(Repository("x", f"ext::touch {tmp_path}/made", True), str(tmp_path / "mirror"))
    assert not Path(tmp_path, "made").exists()
