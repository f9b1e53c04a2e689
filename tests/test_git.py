"""Git is run without giving the repository a say in what runs, and its complaints say what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.git import top_level
from keytrace.model import ScanError
from keytrace.sources.folder import FolderSource
from keytrace.sources.staged import StagedSource

if TYPE_CHECKING:
    from tests.conftest import Repository


pytestmark = pytest.mark.usefixtures("own_git_configuration")

_PROGRAMS = (
    *("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "diff.trap.command", "diff.trap.textconv"),
    *("filter.trap.clean", "filter.trap.smudge", "filter.trap.process"),
)


class Trap:
    """A program for the configuration of a repository that leaves a trace when it is run."""

    def __init__(self, folder: Path) -> None:
        self._trace = folder / "trace"
        self.program = folder / "program"
        self.program.write_text(f"#!/bin/sh\ntouch '{self._trace}'\n")
        self.program.chmod(0o755)

    def was_run(self) -> bool:
        return self._trace.exists()


def test_no_program_of_the_repository_is_run(repository: Repository, tmp_path: Path) -> None:
    trap = Trap(tmp_path)
    repository.stage(".gitattributes", "* diff=trap filter=trap\n")
    repository.stage("a.py", "1\n")
    repository.commit()
    repository.stage("a.py", "2\n")
    for name in _PROGRAMS:
        repository.git("config", name, str(trap.program))
    hook = repository.write(".git/hooks/post-index-change", trap.program.read_text())
    hook.chmod(0o755)
    root = str(repository.folder)
    assert [item.path for item in FolderSource(root, [root]).artifacts()] == [".gitattributes", "a.py"]
    assert [item.path for item in StagedSource(root).artifacts()] == ["a.py"]
    assert not trap.was_run()
    subprocess.run(["git", "diff", "--cached"], cwd=root, check=False, capture_output=True)
    assert trap.was_run()


def test_nothing_is_fetched(repository: Repository, tmp_path: Path) -> None:
    """A partial clone would ask its remote for a blob that it does not have."""
    trap = Trap(tmp_path)
    repository.stage("a.py", "1\n")
    repository.commit()
    repository.stage("a.py", "2\n")
    blob = repository.git("rev-parse", ":a.py").decode().strip()
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for setting in (
        *("core.repositoryFormatVersion=1", "extensions.partialClone=origin", f"core.sshCommand={trap.program}"),
        *("remote.origin.url=ssh://example.invalid/x", "remote.origin.promisor=true"),
    ):
        repository.git("config", *setting.split("=", 1))
    errors = list(StagedSource(str(repository.folder)).artifacts())
    assert errors == [ScanError("a.py", "git cannot read its staged content")]
    assert not trap.was_run()
    subprocess.run(["git", "cat-file", "-p", ":a.py"], cwd=repository.folder, check=False, capture_output=True)
    assert trap.was_run()


def test_variables_that_a_hook_sets_speak_of_the_staged_files_only(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = type(repository)(tmp_path / "other")
    other.stage("other.py")
    repository.stage("own.py")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert git.tracked_files(str(repository.folder)) == ["own.py"]


def test_top_level(repository: Repository, tmp_path: Path) -> None:
    repository.write("a/b.py")
    (repository.folder / "a/.git").mkdir()  # empty, and so no repository
    assert top_level(str(repository.folder / "a/b.py")) == str(repository.folder)
    assert top_level(str(repository.folder)) == str(repository.folder)
    assert top_level(str(tmp_path)) is None


def test_tracked_files_are_relative_to_the_folder(repository: Repository) -> None:
    names = ["a.py", "s/\n", "s/É", "s/\udcff"]
    for name in names:
        repository.stage(name)
    assert git.tracked_files(str(repository.folder)) == names
    assert git.tracked_files(str(repository.folder / "s")) == [name[2:] for name in names[1:]]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a folder away")
def test_a_repository_of_somebody_else(repository: Repository) -> None:
    repository.stage("a.py")
    for place in (repository.folder, repository.folder / ".git"):
        os.chown(place, 12345, 12345)
    with pytest.raises(ScannerError, match="dubious ownership") as caught:
        git.tracked_files(str(repository.folder))
    assert caught.value.hint == (f"if you trust it: git config --global --add safe.directory '{repository.folder}'")


def test_git_is_not_installed(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.folder))
    with pytest.raises(ScannerError, match="not on PATH"):
        git.run(["version"], str(repository.folder))


def test_not_a_repository(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match=r"^git: not a git repository") as caught:
        git.tracked_files(str(tmp_path))
    assert caught.value.hint == "run it inside the work tree of a git repository"
    Path(tmp_path, ".git").mkdir()
    Path(tmp_path, ".git", "HEAD").write_text("damaged")
    with pytest.raises(ScannerError, match=r"^git: not a git repository") as caught:
        git.tracked_files(str(tmp_path))
    assert "damaged" in caught.value.hint


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "failed for no reason given"),
        ("hint: advice\nhint:\nfatal: bad revision 'x'\n", "bad revision 'x'"),
        (
            "hint: advice\nerror: Could not read ff9c309eb5\nfatal: revision walk setup failed\n",
            "objects are missing or damaged (Could not read ff9c309eb5)",
        ),
    ],
)
def test_why_git_failed(said: str, why: str) -> None:
    assert git.reason(said) == why


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_clone_ends_with_the_worker_that_makes_it(tmp_path: Path) -> None:
    """The other side may be slow: git would go on writing where the folder is being removed."""
    transport = tmp_path / "ssh"
    transport.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 600\n")
    transport.chmod(0o755)
    mirror = tmp_path / "mirror"
    program = f"from keytrace import git\ngit.clone('ssh://git.invalid/a', {str(mirror)!r})"
    environment = {**os.environ, "GIT_SSH_COMMAND": str(transport)}
    with subprocess.Popen([sys.executable, "-c", program], env=environment) as worker:
        while not (tmp_path / "started").exists():
            time.sleep(0.01)
        worker.terminate()
        assert worker.wait() == 128 + signal.SIGTERM
    assert not mirror.exists()
