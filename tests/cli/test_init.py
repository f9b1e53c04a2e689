"""`keytrace init`: says what it would do, does it with --apply, loses nothing, and has nothing to do a second time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.samples import marked as github_token

from .conftest import Keytrace

BASELINE, HOOKS, WORKFLOW = ".keytrace-baseline.jsonl", ".pre-commit-config.yaml", ".github/workflows/keytrace.yml"


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_init(keytrace: Keytrace, project: Path) -> None:
    (project / ".github" / "workflows").mkdir(parents=True)
    (project / "app.py").write_text(f"token = '{github_token(1)}'\n")
    before = files(project)
    run = keytrace("init")
    assert run.code == 0, run.err
    assert [name in run.out for name in (BASELINE, HOOKS, WORKFLOW, "nothing was written")] == [True] * 4
    assert files(project) == before
    run = keytrace("init", "--apply")
    assert run.code == 0, run.err
    after = files(project)
    assert after.keys() - before.keys() == {BASELINE, HOOKS, WORKFLOW}
    assert f"wrote {BASELINE}: 1 finding of today" in run.out
    assert keytrace("scan").code == 0
    again = keytrace("init", "--apply")
    assert (again.code, again.out, files(project)) == (0, "nothing is missing\n", after)


def test_what_is_there_is_left(keytrace: Keytrace, project: Path) -> None:
    (project / HOOKS).write_text("repos:\n- repo: https://github.com/gitleaks/gitleaks\n")
    (project / ".gitlab-ci.yml").write_text("stages: []\n")
    (project / ".gitleaksignore").write_text("")
    before = files(project)
    run = keytrace("init", "--apply")
    assert run.code == 0, run.err
    assert files(project) == before
    assert f"found {HOOKS}: runs gitleaks" in run.out
    assert "found .gitleaksignore: heeded in every scan" in run.out
    assert "      - id: keytrace" in run.out
    assert "secret_detection: gl-secret-detection-report.json" in run.out


@pytest.mark.parametrize(
    ("name", "expected"),
    [(".husky/pre-commit", "keytrace scan --staged --quiet"), ("lefthook.yml", "run: keytrace scan --staged --quiet")],
)
def test_where_another_program_looks_after_the_hooks(
    keytrace: Keytrace, project: Path, name: str, expected: str
) -> None:
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("")
    run = keytrace("init", "--apply")
    assert run.code == 0, run.err
    assert expected in run.out
    assert "nothing is missing" not in run.out
    assert not (project / HOOKS).exists()
    (project / name).write_text(expected)
    assert keytrace("init", "--apply").out == "nothing is missing\n"


def test_an_empty_folder_of_husky(keytrace: Keytrace, project: Path) -> None:
    (project / ".husky").mkdir()
    run = keytrace("init")
    assert "put into .husky/pre-commit" in run.out
    assert "is there" not in run.out


def git_hook(project: Path, text: str) -> Path:
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    hook = project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(text)
    return hook


def test_a_hook_of_git_is_not_asked_to_make_room(keytrace: Keytrace, project: Path) -> None:
    hook = git_hook(project, "#!/bin/sh\nmake lint\n")
    run = keytrace("init", "--apply")
    assert run.code == 0, run.err
    assert "put into .git/hooks/pre-commit" in run.out
    assert "keytrace scan --staged --quiet\n" in run.out
    assert not (project / HOOKS).exists()
    assert hook.read_text() == "#!/bin/sh\nmake lint\n"
    assert keytrace("hook", "install", "pre-commit").code == 0
    assert keytrace("init", "--apply").out == "nothing is missing\n"


def test_samples_of_git_are_no_hooks(keytrace: Keytrace, project: Path) -> None:
    git_hook(project, "").rename(project / ".git" / "hooks" / "pre-commit.sample")
    assert f"would write {HOOKS}" in keytrace("init").out


def test_hooks_that_a_repository_tracks(keytrace: Keytrace, project: Path) -> None:
    git_hook(project, "").unlink()
    (project / ".githooks").mkdir()
    subprocess.run(["git", "config", "core.hooksPath", ".githooks"], cwd=project, check=True)
    run = keytrace("init", "--apply")
    assert "for the hooks of core.hooksPath" in run.out
    assert not (project / HOOKS).exists()
    (project / ".githooks" / "pre-push").write_text("keytrace history --pushed")
    assert keytrace("init", "--apply").out == "nothing is missing\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("azure-pipelines.yml", "task: PublishTestResults@2"),
        ("azure-pipelines.yaml", "task: PublishTestResults@2"),
        ("Jenkinsfile", "stage('keytrace')"),
    ],
)
def test_what_belongs_into_the_ci_that_is_there(keytrace: Keytrace, project: Path, name: str, expected: str) -> None:
    (project / name).write_text("nothing yet\n")
    run = keytrace("init", "--apply")
    assert run.code == 0, run.err
    assert f"put into {name}" in run.out
    assert expected in run.out
    assert (project / name).read_text() == "nothing yet\n"
    (project / name).write_text("keytrace scan .\n")
    assert f"put into {name}" not in keytrace("init").out
