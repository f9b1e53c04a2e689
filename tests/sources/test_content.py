"""Files that may be anything are read up to a limit."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.sources.content import beyond, read_file


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * 10)
    assert read_file(str(file), 10) == b"x" * 10
    with pytest.raises(ScannerError, match="larger than 9 bytes"):
        read_file(str(file), 9)


def test_a_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to("a")
    assert read_file(str(tmp_path / "b"), 9, follow=True) == b"x"
    with pytest.raises(OSError, match="symbolic"):
        read_file(str(tmp_path / "b"), 9)


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ScannerError, match="not a regular file"):
        read_file(str(tmp_path / "pipe"), 9)
    with pytest.raises(OSError, match="No such file"):
        read_file(str(tmp_path / "gone"), 9)


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads /proc")
def test_a_file_that_tells_no_size() -> None:
    assert b"Name:" in read_file("/proc/self/status", 100_000)


def test_beyond_the_limit_text_and_binary_are_told_apart() -> None:
    error = beyond(bytes(range(32)) * 1000, 5)
    assert (error.message, error.is_binary) == ("larger than 5 bytes", True)
    error = pickle.loads(pickle.dumps(beyond(b"text " * 9999, 3 * 2**19)))
    assert (error.message, error.is_binary) == ("larger than 1.5 MiB", False)
