from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.fixers.writing import write


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o751)
    write(str(file), b"old", b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o7777 == 0o751


def test_a_private_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    write(str(file), None, b"A=1\n", private=True)
    assert file.stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize(
    ("mode", "content", "message"),
    [(0o644, b"changed", "changed since the scan"), (0o444, b"old", "is read-only")],
)
def test_what_is_not_written(tmp_path: Path, mode: int, content: bytes, message: str) -> None:
    file = tmp_path / "a"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(ScannerError, match=message):
        write(str(file), b"old", b"new")
    assert file.read_bytes() == content
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_that_came_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(ScannerError, match="is there now"):
        write(str(tmp_path / "a"), None, b"new")


def test_no_space_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ScannerError, match="No space left on device"):
        write(str(file), b"old", b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").symlink_to("a")
    write(str(tmp_path / "b"), b"old", b"new")
    assert (tmp_path / "b").is_symlink()
    assert (tmp_path / "a").read_bytes() == b"new"
