"""Real commits, past the hooks of .pre-commit-hooks.yaml and past a plain git hook."""

from __future__ import annotations

import json
import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from keytrace.analyzers.layout import make_all

ROOT = Path(__file__).parents[1]
PACKAGE = (  # what pip builds
    "scanner", "rules", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml",
)  # fmt: skip
SCHEMA = json.loads((Path(__file__).parent / "reporters" / "sarif-2.1.0.json").read_bytes())
KEY = "sk_" + "live_" + "".join(Random(0).choices(string.ascii_letters + string.digits, k=24))
CLEAN = "port = 8080\n"
LEAKY = f"port = 8080\nkey = '{KEY}'\n"


class Repository:
    """A work tree whose commits run hooks. Commands return their exit code and all they print."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return done.returncode, done.stdout.decode()

    def git(self, *arguments: str) -> str:
        code, output = self.run("git", *arguments)
        assert code == 0, output
        return output.strip()

    def pre_commit(self, *arguments: str) -> tuple[int, str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")

    def stage(self, name: str, content: str) -> None:
        self.write(name, content)
        self.git("add", "--", name)

    def commit(self, *arguments: str) -> tuple[bool, str]:
        """Try to commit; return whether there is a new commit, and what was printed."""
        before = self.run("git", "rev-parse", "HEAD")
        code, output = self.run("git", "commit", "-m", "a commit", *arguments)
        made = self.run("git", "rev-parse", "HEAD") != before
        assert made == (code == 0)
        assert KEY not in output
        return made, output


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, cache_folder: Path) -> dict[str, str]:
    """Return an environment apart from the git and pre-commit configuration of whoever runs the tests."""
    folder = tmp_path_factory.mktemp("configuration")
    settings = folder / "gitconfig"
    settings.write_text("[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "PRE_COMMIT_", "KEYTRACE_")) and name != "SKIP"
    }
    return inherited | {
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_CONFIG_NOSYSTEM": "1",
        "KEYTRACE_CACHE_DIR": str(cache_folder),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PYTHONUTF8": "1",
    }


@pytest.fixture
def empty(tmp_path: Path, environment: dict[str, str]) -> Repository:
    folder = tmp_path / "repository"
    folder.mkdir()
    repository = Repository(folder, environment)
    repository.git("init", "-q")
    return repository


# --- pre-commit -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> str:
    """Return a .pre-commit-config.yaml with the hooks of this checkout, installed once for all tests."""
    probe = "install --dry-run --no-deps --ignore-installed --quiet --retries 0 --timeout 10 hatchling"
    pip = Repository(ROOT, environment).run(sys.executable, "-m", "pip", *probe.split())
    if pip[0] != 0:
        pytest.skip(f"pre-commit installs hooks from a package index, and pip reaches none: {pip[1].strip()[-200:]}")
    hooks = Repository(tmp_path_factory.mktemp("hooks"), environment)
    for name in PACKAGE:
        source, target = ROOT / name, hooks.folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    hooks.git("init", "-q")
    hooks.git("add", "--all")
    hooks.git("commit", "-q", "-m", "hooks")
    config = {
        "repos": [
            {
                "repo": str(hooks.folder),
                "rev": hooks.git("rev-parse", "HEAD"),
                "hooks": [
                    {"id": "keytrace"},
                    {"id": "keytrace-sarif"},
                    {"id": "keytrace-staged"},
                    {"id": "keytrace-pushed"},
                    {"id": "keytrace-message"},
                ],
            }
        ]
    }
    hooks.write(".pre-commit-config.yaml", json.dumps(config))
    code, output = hooks.pre_commit("install-hooks")
    assert code == 0, output
    return json.dumps(config)


@pytest.fixture
def repository(empty: Repository, settings: str) -> Repository:
    empty.stage(".pre-commit-config.yaml", settings)
    empty.git("commit", "-q", "-m", "the hooks")
    assert empty.pre_commit("install")[0] == 0
    return empty


def test_what_is_installed_has_what_was_made_of_its_rules(repository: Repository) -> None:
    made = Path(repository.environment["PRE_COMMIT_HOME"]).glob("**/site-packages/keytrace/rules/made/*")
    assert {file.name: file.read_bytes() for file in made} == make_all()


def test_clean_commit_passes(repository: Repository) -> None:
    repository.stage("app.py", CLEAN)
    made, output = repository.commit()
    assert made
    assert "keytrace....." in output
    assert "Passed" in output


def test_staged_secret_blocks(repository: Repository) -> None:
    repository.stage("app.py", LEAKY)
    repository.write("app.py", CLEAN)  # mended on disk, but not in the index
    made, output = repository.commit()
    assert not made
    assert "app.py:2:8" in output
    assert "stripe-live-secret-key" in output


def test_unstaged_secret_does_not_block(repository: Repository) -> None:
    repository.stage("app.py", CLEAN)
    repository.write("app.py", LEAKY)
    repository.write("notes.txt", LEAKY)
    made, output = repository.commit()
    assert made, output
    assert (repository.folder / "app.py").read_text() == LEAKY


def test_all_files(repository: Repository) -> None:
    repository.stage("app.py", LEAKY)
    assert repository.commit("--no-verify")[0]
    code, output = repository.pre_commit("run", "--all-files", "keytrace")
    assert code == 1
    assert "exit code: 1" in output
    assert "app.py:2:8" in output
    assert KEY not in output


@pytest.mark.parametrize("name", ["two words.py", "pâté de 東京.py", 'it\'s "quoted" $HOME;.py', "--exit-zero"])
def test_odd_file_names(repository: Repository, name: str) -> None:
    repository.stage(name, LEAKY)
    made, output = repository.commit()
    assert not made
    assert f"{name}:2:8" in output


def test_utf_16_is_no_binary_file(repository: Repository) -> None:
    (repository.folder / "settings").write_bytes(LEAKY.encode("utf-16"))
    repository.git("add", "--all")
    made, output = repository.commit()
    assert not made
    assert "settings:2:8" in output


def test_the_hook_for_added_lines(repository: Repository) -> None:
    repository.stage("app.py", LEAKY)
    assert repository.commit("--no-verify")[0]
    repository.stage("app.py", LEAKY + "debug = True\n")
    made, output = repository.commit()
    assert not made, "the other hook looks at whole files"
    assert re.search(r"keytrace \(added lines\)\.+Passed", output)
    environment = repository.environment | {"SKIP": "keytrace"}
    repository = Repository(repository.folder, environment)
    assert repository.commit()[0], "what was there before does not block"
    repository.stage("app.py", LEAKY + "debug = True\n" + LEAKY)
    made, output = repository.commit()
    assert not made
    assert "app.py:5:8" in output
    assert "app.py:2:8" not in output


def test_a_merge_runs_the_hooks(repository: Repository) -> None:
    assert repository.pre_commit("install", "-t", "pre-merge-commit")[0] == 0
    repository.git("checkout", "-q", "-b", "other")
    repository.stage("leak.py", LEAKY)
    assert repository.commit("--no-verify")[0]
    repository.git("checkout", "-q", "-")
    repository.stage("app.py", CLEAN)
    assert repository.commit()[0]
    code, output = repository.run("git", "merge", "--no-edit", "other")
    assert code != 0
    assert "leak.py:2:8" in output
    assert "keytrace (added lines)" in output


def test_a_message(repository: Repository) -> None:
    assert repository.pre_commit("install", "-t", "commit-msg")[0] == 0
    repository.stage("app.py", CLEAN)
    made, output = repository.commit("-m", f"the key is {KEY}")
    assert not made
    assert "message of the commit:3:12" in output
    assert repository.commit()[0]


def test_a_push_runs_the_hook_for_its_commits(repository: Repository, tmp_path: Path) -> None:
    assert repository.pre_commit("install", "-t", "pre-push")[0] == 0
    repository.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    repository.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    repository.git("push", "-q", "origin", "HEAD")
    repository.stage("app.py", LEAKY)
    assert repository.commit("--no-verify")[0]
    repository.stage("app.py", CLEAN)
    assert repository.commit("--no-verify")[0]
    code, output = repository.run("git", "push", "origin", "HEAD")
    assert code != 0
    assert re.search(r"keytrace \(pushed commits\)\.+Failed", output)
    assert ":app.py:2:8" in output
    repository.git("reset", "-q", "--hard", "HEAD~2")
    repository.stage("app.py", CLEAN + CLEAN)
    assert repository.commit()[0]
    code, output = repository.run("git", "push", "origin", "HEAD")
    assert code == 0, output


def test_sarif_hook(repository: Repository) -> None:
    run = ("run", "keytrace-sarif", "--hook-stage", "manual")
    report = repository.folder / "keytrace.sarif"
    repository.stage("app.py", CLEAN)
    assert repository.commit()[0]
    assert not report.exists()  # a commit does not run it

    code, output = repository.pre_commit(*run)
    assert code == 0, output
    assert _results(report) == []

    repository.stage("app.py", LEAKY)
    assert repository.commit("--no-verify")[0]
    code, output = repository.pre_commit(*run)
    assert code == 1
    assert "app.py:2:8" in output
    assert _results(report) == [("app.py", 2)]
    assert KEY not in output + report.read_text("utf-8")


def _results(report: Path) -> list[tuple[str, int]]:
    content = json.loads(report.read_text("utf-8"))
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(content)] == []
    places = [result["locations"][0]["physicalLocation"] for result in content["runs"][0]["results"]]
    return [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]


# --- a plain git hook -------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(empty: Repository) -> Repository:
    """Return an empty repository whose hook is the one line `exec keytrace scan --staged`."""
    hook = empty.folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P -m keytrace scan --staged\n")
    hook.chmod(0o755)
    return Repository(empty.folder, empty.environment | {"PYTHONPATH": str(ROOT / "scanner")})


def test_plain_hook_at_the_first_commit(plain: Repository) -> None:
    plain.stage("app.py", LEAKY)
    made, output = plain.commit()
    assert not made
    assert "app.py:2:8" in output
    plain.stage("app.py", CLEAN)
    assert plain.commit()[0]


def test_plain_hook_sees_the_index_alone(plain: Repository) -> None:
    plain.stage("app.py", CLEAN)
    plain.write("app.py", LEAKY)
    assert plain.commit()[0]
    plain.git("add", "app.py")
    plain.write("app.py", CLEAN)
    made, output = plain.commit()
    assert not made
    assert "app.py:2:8" in output


def test_plain_hook_with_commit_all(plain: Repository) -> None:
    plain.stage("app.py", CLEAN)
    assert plain.commit()[0]
    plain.write("app.py", LEAKY)
    plain.write("untracked.py", LEAKY)
    made, output = plain.commit("--all")
    assert not made
    assert "app.py:2:8" in output
    assert "untracked.py" not in output
    plain.write("app.py", CLEAN * 2)
    assert plain.commit("--all")[0]


def test_plain_hook_with_commit_of_one_file(plain: Repository) -> None:
    """Git commits the named file as it is on disk, whatever else is staged."""
    for name in ("app.py", "other.py"):
        plain.stage(name, CLEAN)
    assert plain.commit()[0]
    plain.stage("app.py", LEAKY)
    plain.write("other.py", CLEAN * 2)
    made, output = plain.commit("other.py")
    assert made, output
    plain.write("other.py", LEAKY)
    made, output = plain.commit("other.py")
    assert not made
    assert "other.py:2:8" in output
    assert "app.py" not in output


def test_plain_hook_in_a_linked_work_tree(plain: Repository, tmp_path: Path) -> None:
    plain.stage("app.py", CLEAN)
    assert plain.commit()[0]
    plain.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked", plain.environment)
    plain.stage("app.py", LEAKY)  # in the index of the main work tree, which is another
    linked.stage("other.py", CLEAN)
    assert linked.commit()[0]
    linked.stage("other.py", LEAKY)
    made, output = linked.commit()
    assert not made
    assert "other.py:2:8" in output


def test_plain_hook_in_a_subfolder(plain: Repository) -> None:
    folder = plain.folder / "src"
    folder.mkdir()
    plain.stage("app.py", LEAKY)
    made, output = Repository(folder, plain.environment).commit()
    assert not made
    assert "app.py:2:8" in output
