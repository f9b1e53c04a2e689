"""A file is written wholly or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from keytrace.cache.atomic import write_text
from keytrace.errors import ScannerError


def test_the_old_content_stays_until_the_new_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    file.chmod(0o640)
    with write_text(str(file)) as stream:
        stream.write("new")
        assert file.read_text() == "old"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
    with suppress(LookupError), write_text(str(file)) as stream:
        stream.write("half")
        raise LookupError
    assert file.read_text() == "new"
    assert os.listdir(tmp_path) == ["report"]


def test_a_link_leads_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    with write_text(str(tmp_path / "link")) as stream:
        stream.write("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="it is a folder"), write_text(str(tmp_path)):
        pass
    with pytest.raises(ScannerError, match="No such file or directory"), write_text(str(tmp_path / "a/b")):
        pass
