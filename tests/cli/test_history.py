"""`keytrace history`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.samples import marked

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace


def commit(keytrace: Keytrace, name: str, content: str) -> None:
    Path(keytrace.folder, name).write_text(content)
    keytrace.git("add", "--", name)
    keytrace.git("commit", "-m", "a commit")


def made(keytrace: Keytrace) -> None:
    """Make a repository in which a token was committed and taken out again."""
    keytrace.git("init")
    commit(keytrace, "a.env", "A=1\n")
    commit(keytrace, "a.env", f"TOKEN={marked(1)}\n")
    commit(keytrace, "a.env", "A=2\n")


def test_what_was_committed_is_reported(keytrace: Keytrace, project: Path) -> None:
    made(keytrace)
    assert keytrace("scan").code == 0
    run = keytrace("history")
    assert run.code == 1
    assert "taken out of HEAD by" in run.out
    assert "a.env:1:7" in run.out
    assert marked(1) not in run.out
    (record,) = keytrace("history", "-f", "json").json["findings"]
    assert record["provenance"] == "commit"
    assert record["commit"]["author"] == record["history"]["introduced"]["author"] == "Ada"
    assert record["history"]["removed"]["id"] != record["commit"]["id"]


def test_sarif_and_exit_zero(keytrace: Keytrace, project: Path) -> None:
    made(keytrace)
    run = keytrace("history", "-f", "sarif", "--exit-zero")
    assert run.code == 0
    (result,) = json.loads(run.out)["runs"][0]["results"]
    assert result["properties"]["history"]["versions"] == 1
    assert marked(1) not in run.out


def test_which_commits(keytrace: Keytrace, project: Path) -> None:
    made(keytrace)
    assert keytrace("history", "--base", "HEAD~1").code == 0
    assert keytrace("history", "--base", "HEAD~2").code == 1
    assert keytrace("history", "HEAD~2").code == 0
    assert keytrace("history", "--path", "a.env").code == 1
    Path(project, "sub").mkdir()
    assert keytrace("history", "--path", "../a.env", cwd=project / "sub").code == 1
    assert keytrace("history", "--only", "present").code == 0
    wrongs = (("nowhere",), ("--base", "nowhere"), ("--base", ""), ("--since", "someday"), ("--since", ""))
    for wrong in (*wrongs, ("--path", "nowhere"), ("--path", "../x"), ("--path", "")):
        run = keytrace("history", *wrong)
        assert run.code == 2, wrong
        assert "Traceback" not in run.err


def test_a_path_is_no_revision(keytrace: Keytrace, project: Path) -> None:
    made(keytrace)
    for name in ("sub", "docs"):
        Path(project, name).mkdir()
    keytrace.git("branch", "docs", "HEAD~2")
    for name in ("sub", str(project), "a.env"):
        run = keytrace("history", name)
        assert (run.code, f"{name} is a path, and history takes revisions" in run.err) == (2, True)
    assert keytrace("history", "docs").code == 0, "a branch and a folder of one name"


def test_a_baseline_holds(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init")
    commit(keytrace, "a.env", f"TOKEN={marked(1)}\n")
    assert keytrace("baseline", "create").code == 0
    assert keytrace("history").code == 0
    assert keytrace("history", "--no-baseline").code == 1


def test_bare_shallow_and_none(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("history").code == 2
    made(keytrace)
    keytrace.git("clone", "--bare", ".", "../bare.git")
    assert keytrace("history", cwd=project.parent / "bare.git").code == 1
    subprocess.run(["git", "clone", "-q", "--depth", "1", project.as_uri(), "../shallow"], cwd=project, check=True)
    run = keytrace("history", cwd=project.parent / "shallow")
    assert run.code == 3
    assert "shallow" in run.out


def test_clean_up(keytrace: Keytrace, project: Path) -> None:
    made(keytrace)
    run = keytrace("history", "--clean-up", "../replace.txt")
    assert run.code == 1
    assert "git filter-repo --replace-text" in run.err
    assert marked(1) in Path(project.parent, "replace.txt").read_text()
    assert marked(1) not in run.out + run.err


def test_a_push_is_held_back(keytrace: Keytrace, project: Path) -> None:
    """By a plain pre-push hook, though what is pushed is clean in the end."""
    keytrace.git("init")
    keytrace.git("init", "--bare", "../remote.git")
    keytrace.git("remote", "add", "origin", "../remote.git")
    commit(keytrace, "a.env", "A=1\n")
    keytrace.git("push", "origin", "main")
    commit(keytrace, "a.env", f"TOKEN={marked(1)}\n")
    commit(keytrace, "a.env", "A=2\n")
    line = f"refs/heads/main {head(project)} refs/heads/main {head(project, 'HEAD~2')}\n"
    assert keytrace("scan", "--quiet").code == 0
    assert keytrace("history", "--pushed", "--quiet", stdin=line.encode()).code == 1
    assert keytrace("history", "--pushed", "--base", "HEAD~1", stdin=line.encode()).code == 2
    assert keytrace("history", "--pushed").code == 2


def head(folder: Path, name: str = "HEAD") -> str:
    return (
        subprocess.run(["git", "rev-parse", name], cwd=folder, check=True, capture_output=True).stdout.decode().strip()
    )
