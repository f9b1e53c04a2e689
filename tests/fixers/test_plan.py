from __future__ import annotations

import os
import zipfile
from pathlib import Path

from tests.fixers.fixing import SAMPLES, outcome

LINE = f'API_KEY = "{SAMPLES["{KEY}"]}"\n'


def reasons(root: Path) -> list[str]:
    done = outcome(root)
    assert done.changes == []
    return [item.why for item in done.left]


def test_a_member_of_an_archive_is_left_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("app.py", LINE)
    assert reasons(tmp_path) == ["it is in an archive"]


def test_a_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / SAMPLES["{GITHUB}"]).touch()
    assert [why for why in reasons(tmp_path) if why] != []


def test_a_kind_without_a_fixer_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "app.c").write_text(f'char *api_key = "{SAMPLES["{KEY}"]}";\n')
    assert reasons(tmp_path) == ["there is no fix for this kind of file"]


def test_a_notebook_is_left_alone(tmp_path: Path) -> None:
    cell = '{"cells": [{"cell_type": "code", "source": ["%s"]}], "nbformat": 4}'
    (tmp_path / "a.ipynb").write_text(cell % LINE.strip().replace('"', '\\"'))
    assert reasons(tmp_path) == ["there is no fix for notebooks"]


def test_a_link_is_followed_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(LINE)
    os.symlink("app.py", tmp_path / "link.py")
    assert [change.path for change in outcome(tmp_path).changes] == ["app.py"]
