"""`keytrace hook` in real repositories: commits, messages, pushes and what receives them."""

from __future__ import annotations

import os
import string
import subprocess
from pathlib import Path
from random import Random

import pytest

from .conftest import Keytrace

KEY = "sk_" + "live_" + "".join(Random(0).choices(string.ascii_letters + string.digits, k=24))
LEAKY = f"key = '{KEY}'\n"


class Git:
    """Git as a user runs it, hooks and all."""

    def __init__(self, keytrace: Keytrace) -> None:
        self.keytrace = keytrace
        self.folder = keytrace.folder
        self.environment = keytrace.environment()
        self("config", "--global", "user.name", "Ada")
        self("config", "--global", "user.email", "ada@example.org")
        self("config", "--global", "init.defaultBranch", "main")

    def run(self, *arguments: str, cwd: Path | None = None) -> tuple[int, str]:
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output = done.stdout.decode()
        assert KEY not in output
        return done.returncode, output

    def __call__(self, *arguments: str, cwd: Path | None = None) -> str:
        code, output = self.run(*arguments, cwd=cwd)
        assert code == 0, output
        return output.strip()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        self("add", "--all")

    def commit(self, *arguments: str) -> tuple[bool, str]:
        code, output = self.run("commit", "--allow-empty", "-m", "a commit", *arguments)
        return code == 0, output

    def hook(self, name: str, text: str, cwd: Path | None = None) -> Path:
        file = (cwd or self.folder / ".git") / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file


@pytest.fixture
def git(keytrace: Keytrace) -> Git:
    git = Git(keytrace)
    git("init", "-q")
    return git


def test_a_commit(keytrace: Keytrace, git: Git) -> None:
    run = keytrace("hook", "install")
    assert run.code == 0, run.err
    git.write("app.py", LEAKY)
    made, output = git.commit()
    assert not made
    assert "app.py:1:8" in output
    assert "git commit --no-verify commits all the same" in output
    git.write("app.py", "port = 8080\n")
    assert git.commit() == (True, "[main (root-commit) " + git("rev-parse", "--short", "HEAD") + "] a commit\n"
                            " 1 file changed, 1 insertion(+)\n create mode 100644 app.py\n")  # fmt: skip


def test_the_hook_that_was_there_decides_first(keytrace: Keytrace, git: Git) -> None:
    git.hook("pre-commit", "echo theirs; exit $(cat code)")
    assert keytrace("hook", "install", "pre-commit").code == 0
    for code, is_made in ((0, True), (7, False)):
        (git.folder / "code").write_text(str(code))
        made, output = git.commit()
        assert (made, "theirs" in output) == (is_made, True)


def test_a_message(keytrace: Keytrace, git: Git) -> None:
    assert keytrace("hook", "install", "commit-msg").code == 0
    made, output = git.commit("-m", f"the key is {KEY}")
    assert not made
    assert "message of the commit:3:12" in output
    assert git.commit("--no-verify")[0]
    git.write("app.py", LEAKY)
    assert git.commit("--no-verify")[0]
    git.write("app.py", "port = 8080\n")
    git.environment["GIT_EDITOR"] = "sed -i '1s/^/no key any more/'"
    assert git.run("commit", "--verbose")[0] == 0  # with the patch below the message, which takes the key out


def test_a_push(keytrace: Keytrace, git: Git, tmp_path: Path) -> None:
    git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    git("remote", "add", "origin", str(tmp_path / "remote.git"))
    git.hook("pre-push", "cat > told")
    assert keytrace("hook", "install").code == 0
    git.write("app.py", LEAKY)
    assert git.commit("--no-verify")[0]
    git.write("app.py", "port = 8080\n")
    assert git.commit()[0]
    code, output = git.run("push", "origin", "main")
    assert code != 0
    assert ":app.py:1:8" in output
    assert (
        git.folder / "told"
    ).read_text() == f"refs/heads/main {git('rev-parse', 'HEAD')} refs/heads/main {'0' * 40}\n"
    git("reset", "-q", "--soft", "HEAD~1")
    git("commit", "-q", "--amend", "-m", "clean")
    assert git.run("push", "origin", "main")[0] == 0
    code, output = git.run("push", "origin", "main")
    assert (code, output) == (0, "Everything up-to-date\n")
    assert git.run("push", "origin", ":main")[0] in (0, 1)  # git refuses that one, not the hook


def test_what_is_received(keytrace: Keytrace, git: Git, tmp_path: Path) -> None:
    """Objects are in quarantine until the hook has let them in; what is there already counts for nothing."""
    server = tmp_path / "server.git"
    git("init", "-q", "--bare", str(server))
    git("remote", "add", "origin", str(server))
    git.write("old.py", LEAKY.replace("live", "test"))
    assert git.commit()[0]
    git("push", "-q", "origin", "main")
    run = keytrace("hook", "install", cwd=server)
    assert (run.code, run.out.partition(":")[0]) == (0, "pre-receive")
    git.write("new.py", "port = 8080\n")
    assert git.commit()[0]
    assert git.run("push", "origin", "main", "main:new")[0] == 0
    git("checkout", "-q", "-b", "side")
    git.write("new.py", LEAKY)
    assert git.commit()[0]
    git.write("new.py", "port = 8080\n")
    assert git.commit()[0]
    for arguments in (("side",), ("--force", "side:main"), ("side:refs/tags/v1",)):
        code, output = git.run("push", "origin", *arguments)
        assert code != 0
        assert "remote: critical" in output
        assert ":new.py:1:8" in output
        assert "old.py" not in output
    assert git.run("push", "origin", ":new")[0] == 0
    assert git.run("push", "--force", "origin", "main~1:main")[0] == 0


def test_of_all_repositories(keytrace: Keytrace, git: Git, tmp_path: Path) -> None:
    git.hook("post-commit", "echo own post-commit")
    git.hook("pre-commit", "echo own pre-commit")
    before = (tmp_path / "home" / ".gitconfig").read_bytes()
    run = keytrace("hook", "install", "--global")
    assert run.code == 0, run.err
    made, output = git.commit()
    assert made
    assert [f"own {name}" in output for name in ("pre-commit", "post-commit")] == [True, True]
    git("worktree", "add", "-q", str(tmp_path / "other"))
    (tmp_path / "other" / "app.py").write_text(LEAKY)
    git("add", "--all", cwd=tmp_path / "other")
    code, output = git.run("commit", "-m", "a commit", cwd=tmp_path / "other")
    assert code != 0
    assert "app.py:1:8" in output
    assert keytrace("hook", "uninstall").code == 2  # they are not those of this repository
    assert keytrace("hook", "install").code == 2
    assert keytrace("hook", "uninstall", "--global").code == 0
    assert (tmp_path / "home" / ".gitconfig").read_bytes().replace(b"[core]\n", b"") == before


def test_where_another_program_looks_after_the_hooks(keytrace: Keytrace, git: Git) -> None:
    (git.folder / "lefthook.yml").write_text("")
    run = keytrace("hook", "install")
    assert (run.code, "run: keytrace scan --staged --quiet" in run.out) == (2, True)
    assert "lefthook looks after the hooks" in run.err
    assert "pre-commit   not installed" in keytrace("hook", "status").out
    assert keytrace("hook", "install", "--force").code == 0
    run = keytrace("hook", "status")
    assert "pre-commit   installed" in run.out
    assert "lefthook looks after the hooks here: lefthook.yml" in run.out
    assert [keytrace("hook", "uninstall").code, keytrace("hook", "uninstall").out] == [0, "no hook of ours is there\n"]


def test_where_husky_writes_all_anew(keytrace: Keytrace, git: Git) -> None:
    (git.folder / ".husky" / "_").mkdir(parents=True)
    git("config", "core.hooksPath", ".husky/_")
    run = keytrace("hook", "install", "--force")
    assert (run.code, "put into .husky/pre-commit" in run.err, "writes" in run.err) == (2, True, True)
    assert [*(git.folder / ".husky" / "_").iterdir()] == []


def test_a_folder_of_hooks_that_is_not_there(keytrace: Keytrace, git: Git, tmp_path: Path) -> None:
    git("config", "core.hooksPath", str(tmp_path / "elsewhere"))
    run = keytrace("hook", "install")
    assert (run.code, "which is not there" in run.err) == (2, True)
    assert keytrace("hook", "install", "--force").code == 0
    assert (tmp_path / "elsewhere" / "pre-commit").exists()
    assert keytrace("hook", "uninstall").code == 0
    assert not (tmp_path / "elsewhere").exists()


def test_the_interpreter_that_is_gone(keytrace: Keytrace, git: Git, tmp_path: Path) -> None:
    assert keytrace("hook", "install", "pre-commit").code == 0
    hook = git.folder / ".git" / "hooks" / "pre-commit"
    lines = hook.read_text().splitlines()
    hook.write_text(
        "\n".join("python=/nowhere/python" if line.startswith("python=") else line for line in lines) + "\n"
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").symlink_to(subprocess.check_output(["which", "git"], text=True).strip())
    git.environment["PATH"] = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    made, output = git.commit()
    assert not made
    assert "it is not installed any more" in output
    assert keytrace("hook", "uninstall").out.startswith("pre-commit: taken out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ours_to_write(keytrace: Keytrace, git: Git) -> None:
    (git.folder / ".git" / "hooks").chmod(0o555)
    run = keytrace("hook", "install")
    assert (run.code, "cannot write" in run.err) == (2, True)


def test_not_in_a_repository(keytrace: Keytrace) -> None:
    run = keytrace("hook", "install")
    assert (run.code, "not a git repository" in run.err) == (2, True)


def test_a_message_that_cannot_be_read(keytrace: Keytrace, git: Git) -> None:
    run = keytrace("scan", "--commit-message", "nowhere")
    assert (run.code, "cannot read nowhere" in run.err) == (2, True)
    assert keytrace("scan", "--commit-message", "x", "--staged").code == 2
