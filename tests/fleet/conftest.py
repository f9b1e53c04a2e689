"""Repositories that share files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Repository
from tests.samples import marked

PROGRAM = "import os\n\n\ndef key():\n    return os.environ['API_KEY']\n"

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes a repository of so many files that all have, with a token of its own."""
    for name, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    def made(name: str, token: int = 0, shared: int = 3, **files: str) -> Path:
        repository = Repository(tmp_path / name)
        for number in range(shared):
            Path(repository.folder, f"shared{number}.py").write_text(f"NUMBER = {number}\n{PROGRAM}")
        if token:
            Path(repository.folder, "own.env").write_text(f"TOKEN={marked(token)}\n")
        for file, content in files.items():
            Path(repository.folder, file).write_text(content)
        repository.git("add", ".")
        repository.git("commit", "-q", "--allow-empty", "-m", "a commit")
        return repository.folder

    return made
