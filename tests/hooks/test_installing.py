"""Putting hooks in and out: what was there is kept, run first, and back as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.hooks.installing import install, state, uninstall
from keytrace.hooks.places import Place
from keytrace.hooks.scripts import BEFORE, KINDS

THEIRS = b"#!/bin/sh\r\necho \xff\n"


def look(folder: Path) -> dict[str, tuple[int, bytes | str]]:
    return {
        one.name: (one.lstat().st_mode, os.readlink(one) if one.is_symlink() else one.read_bytes())
        for one in folder.iterdir()
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a hook, one that is turned off, and one that is a link."""
    folder = tmp_path / "hooks"
    folder.mkdir()
    for name, mode in {"pre-commit": 0o755, "commit-msg": 0o644}.items():
        (folder / name).write_bytes(THEIRS)
        (folder / name).chmod(mode)
    (folder / "pre-push").symlink_to("../nowhere")
    return folder


def test_all_is_back_as_it_was(folder: Path) -> None:
    before = look(folder)
    place = Place(str(folder))
    for _ in range(2):  # a second time is the same
        assert len([*install(place, KINDS)]) == len(KINDS)
        assert {name for name in look(folder) if name.endswith(BEFORE)} == {name + BEFORE for name in before}
    assert [os.access(folder / kind, os.X_OK) for kind in KINDS] == [True] * len(KINDS)
    assert state(place, "pre-commit") == "installed, after the hook that was there"
    assert len([*uninstall(place, KINDS)]) == len(KINDS)
    assert look(folder) == before
    assert [*uninstall(place, KINDS)] == []


def test_what_somebody_changed_is_left(folder: Path) -> None:
    place = Place(str(folder))
    [*install(place, ["pre-commit"])]
    with (folder / "pre-commit").open("a") as stream:
        stream.write("echo mine\n")
    before = look(folder)
    assert state(place, "pre-commit").endswith("changed by hand since")
    said = uninstall(place, KINDS)
    assert "left, as it was changed" in next(said)
    with pytest.raises(ScannerError, match=r"ours go on running: .*pre-commit"):
        next(said)
    assert look(folder) == before


def test_nothing_is_overwritten(folder: Path) -> None:
    place = Place(str(folder))
    [*install(place, ["pre-commit"])]
    (folder / "pre-commit").write_bytes(b"another program wrote this\n")
    before = look(folder)
    with pytest.raises(ScannerError, match="neither ours"):
        [*install(place, ["pre-receive", "pre-commit"])]
    assert look(folder) == before
    (folder / "pre-receive").mkdir()
    with pytest.raises(ScannerError, match="is a folder"):
        [*install(place, ["pre-receive"])]


@pytest.mark.usefixtures("own_git_configuration")
def test_of_all_repositories(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "all"), everywhere=True)
    [*install(place, ["pre-commit"])]
    assert state(place, "pre-commit") == "installed"
    assert state(place, "pre-push") == "not installed"  # it is there, and hands on to the repository's
    assert (tmp_path / "all" / "post-checkout").exists()
    assert "hooksPath" in (Path(os.environ["HOME"]) / ".gitconfig").read_text()
    [*install(place, ["pre-push"])]
    assert [state(place, kind) for kind in ("pre-commit", "pre-push")] == ["installed"] * 2
    said = [*uninstall(place, KINDS)]
    assert [line.partition(":")[0] for line in said[:-1]] == ["pre-commit", "pre-push"]
    assert not (tmp_path / "all").exists()
    assert "hooksPath" not in (Path(os.environ["HOME"]) / ".gitconfig").read_text()


def test_what_is_left_over_is_said(folder: Path) -> None:
    place = Place(str(folder))
    [*install(place, ["pre-commit"])]
    (folder / "pre-commit").unlink()
    assert state(place, "pre-commit").startswith("not installed; what was there before ours is left over")
    (line,) = uninstall(place, KINDS)
    assert line.endswith(f"pre-commit{BEFORE}")
    (folder / "pre-commit").write_bytes(THEIRS)
    assert state(place, "pre-commit").startswith("another hook is there; what was there before ours is left over")


def test_the_folder_that_was_made_goes(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "hooks"))
    [*install(place, KINDS)]
    assert len([*uninstall(place, KINDS)]) == len(KINDS)
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(FileNotFoundError):
        [*install(Place(str(tmp_path / "a" / "hooks")), KINDS)]
    assert [*tmp_path.iterdir()] == []
