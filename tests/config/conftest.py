"""Configuration files in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keytrace.config import load_config
from keytrace.errors import ScannerError

RULE = '[[rules]]\nid = "{id}"\nregex = "{id}_[a-z]{{8}}"\n'
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def error(root: Path, explicit: str | None = None) -> tuple[str, str]:
    with pytest.raises(ScannerError) as caught:
        load_config(str(root), explicit)
    return caught.value.message, caught.value.hint
