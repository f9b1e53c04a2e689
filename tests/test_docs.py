"""The examples of the documentation are run as they stand there."""

from __future__ import annotations

import doctest
import subprocess
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("name", [file.name for file in sorted(DOCS.glob("*.md"))])
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file, text in {
        "src/app.py": "password = 'x7Qp2mZ" + "9vLk4TnRw'\n",
        "deploy/app.yml": "db:\n  password: b4Hn8Rt" + "3sWq6YzKd\n",
    }.items():
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.attempted > 20
    assert result.failed == 0
