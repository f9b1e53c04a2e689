"""The examples of the documentation are run as they stand there."""

from __future__ import annotations

import doctest
import string
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

DOCS = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize("name", [file.name for file in sorted(DOCS.glob("*.md")) if ">>> " in file.read_text()])
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = ("".join(Random(seed).choices(string.ascii_letters + string.digits, k=20)) for seed in (1, 2))
    for file, text in {"src/app.py": f"password = '{one}'\n", "deploy/app.yml": f"db:\n  password: {two}\n"}.items():
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    result = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.attempted > 20
    assert result.failed == 0


def test_the_page_of_all_rules_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "keytrace", "rules", "list", "-f", "markdown"], capture_output=True, check=True
    )
    assert (DOCS / "rules.md").read_bytes() == done.stdout, "keytrace rules list -f markdown > docs/rules.md"
