"""Where hooks are: as git itself says, in worktrees and with core.hooksPath, too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.hooks.places import Place, is_nowhere, is_of_husky, keeper_of, own_folder, place_for_all, place_of
from tests.conftest import Repository


def of_git(repository: Repository, folder: Path) -> str:
    said = repository.git("-C", str(folder), "rev-parse", "--git-path", "hooks").decode().strip()
    return os.path.normpath(folder / said)


def test_as_git_says(repository: Repository, tmp_path: Path) -> None:
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "other"))
    folders = [repository.folder, tmp_path / "other"]
    expected = str(repository.folder / ".git" / "hooks")
    assert (
        [place_of(str(one)).folder for one in folders] == [of_git(repository, one) for one in folders] == [expected] * 2
    )
    repository.git("config", "core.hooksPath", "my hooks")
    assert [place_of(str(one)).folder for one in folders] == [of_git(repository, one) for one in folders]
    assert not place_of(str(repository.folder)).shared


def test_of_all_repositories(repository: Repository, tmp_path: Path) -> None:
    assert place_for_all() == Place(own_folder(), everywhere=True)
    repository.git("config", "--global", "core.hooksPath", str(tmp_path / "theirs"))
    shared = Place(str(tmp_path / "theirs"), shared=True)
    assert place_for_all() == place_of(str(repository.folder)) == shared
    repository.git("config", "--global", "core.hooksPath", own_folder())
    assert place_for_all() == Place(own_folder(), everywhere=True)
    assert place_of(str(repository.folder)).everywhere
    repository.git("config", "--global", "core.hooksPath", "hooks")
    with pytest.raises(ScannerError, match="another folder in each repository"):
        place_for_all()


@pytest.mark.parametrize(
    ("name", "keeper"),
    [
        (".husky/pre-commit", "husky"),
        ("lefthook.yml", "lefthook"),
        (".lefthook.toml", "lefthook"),
        (".pre-commit-config.yaml", "pre-commit"),
        ("README.md", None),
    ],
)
def test_what_looks_after_the_hooks(repository: Repository, name: str, keeper: str | None) -> None:
    repository.write(name)
    root = str(repository.folder)
    found = keeper_of(root, place_of(root))
    assert (found and found.name) == keeper


def test_hooks_in_the_work_tree_are_everybodys(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", ".githooks")
    root = str(repository.folder)
    found = keeper_of(root, place_of(root))
    assert found
    assert found.name == "core.hooksPath"
    assert "keytrace scan --staged" in found.text


def test_a_folder_that_is_not_there(repository: Repository, tmp_path: Path) -> None:
    root = str(repository.folder)
    assert not is_nowhere(root, place_of(root))
    repository.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    assert is_nowhere(root, place_of(root))
    (tmp_path / "hooks").mkdir()
    assert not is_nowhere(root, place_of(root))


def test_the_folder_that_husky_writes(repository: Repository) -> None:
    root = str(repository.folder)
    assert not is_of_husky(root, place_of(root))
    repository.git("config", "core.hooksPath", ".husky/_")
    assert is_of_husky(root, place_of(root))
