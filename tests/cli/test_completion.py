"""`keytrace completion`: scripts that the shells take, and answers to what they ask."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from keytrace.cli import COMMANDS
from keytrace.reporters import REPORTERS

from .conftest import Keytrace


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script(keytrace: Keytrace, shell: str) -> None:
    run = keytrace("completion", shell)
    assert (run.code, run.err) == (0, "")
    assert "_KEYTRACE_COMPLETE" in run.out
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=run.stdout, check=True)


def test_an_unknown_shell(keytrace: Keytrace) -> None:
    run = keytrace("completion", "csh")
    assert (run.code, run.out) == (2, "")
    assert "'csh' is not one of" in run.err


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("keytrace ", {*COMMANDS}),
        ("keytrace base", {"baseline"}),
        ("keytrace baseline ", {"create", "import", "update", "show"}),
        ("keytrace scan --format ", {*REPORTERS}),
        ("keytrace scan --min-sev", {"--min-severity"}),
        ("keytrace scan --rule github-personal-acc", {"github-personal-access-token"}),
        ("keytrace scan --exclude-rule github-personal-acc", {"github-personal-access-token"}),
        ("keytrace rules show github-personal-acc", {"github-personal-access-token"}),
        ("keytrace help rota", {"rotate", "rotating-a-key"}),
    ],
)
def test_answers(keytrace: Keytrace, words: str, offered: set[str]) -> None:
    count = len(words.split()) - (not words.endswith(" "))
    asked = {"_KEYTRACE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    run = keytrace(env=asked)
    assert (run.code, run.err) == (0, "")
    assert {line.partition(",")[2] for line in run.out.splitlines()} == offered


# --- in the shells themselves -----------------------------------------------------------------------------------------

WORDS = [("keytrace rot", "keytrace rotate"), ("keytrace scan --stag", "keytrace scan --staged")]


@pytest.fixture
def shell_of(keytrace: Keytrace, tmp_path: Path) -> Callable[[str], tuple[Path, dict[str, str]]]:
    """Return what makes the script of a shell, and an environment in which the command is found."""
    (tmp_path / "bin").mkdir()
    shim = tmp_path / "bin" / "keytrace"
    shim.write_text(f'#!/bin/sh\nexec {shlex.join(keytrace.command())} "$@"\n')
    shim.chmod(0o755)

    def made(shell: str) -> tuple[Path, dict[str, str]]:
        if not shutil.which(shell):
            pytest.skip(f"{shell} is not installed")
        script = tmp_path / f"script.{shell}"
        script.write_bytes(keytrace("completion", shell).stdout)
        return script, keytrace.environment() | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "TERM": "dumb"}

    return made


Shells = Callable[[str], tuple[Path, dict[str, str]]]


@pytest.mark.parametrize(("typed", "completed"), WORDS)
def test_bash(shell_of: Shells, typed: str, completed: str) -> None:
    script, environment = shell_of("bash")
    words = typed.split()
    call = f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _keytrace_completion keytrace; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(["bash", "-c", f". '{script}'; {call}"], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().split() == [completed.rsplit(maxsplit=1)[-1]]


@pytest.mark.parametrize(("typed", "completed"), WORDS)
def test_fish(shell_of: Shells, typed: str, completed: str) -> None:
    script, environment = shell_of("fish")
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source '{script}'; complete -C '{typed}'"],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    assert [line.split("\t")[0] for line in done.stdout.decode().splitlines()] == [completed.rsplit(maxsplit=1)[-1]]


@pytest.mark.parametrize("installed", [True, False])
def test_zsh(shell_of: Shells, installed: bool) -> None:
    """As one types: a terminal, Tab, and the line that stands there; again and again in one shell, since only the first
    time is a script in `fpath` read."""
    script, environment = shell_of("zsh")
    script.rename(script.with_name("_keytrace"))
    begin = f"fpath=('{script.parent}' $fpath); autoload -U compinit && compinit -u -D; bindkey '^I' complete-word"
    if not installed:
        begin += f"; . '{script.with_name('_keytrace')}'"
    driver = f"zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z {shlex.quote(begin)}; "
    for typed, completed in [*WORDS, *WORDS]:
        driver += (
            f"zpty -w -n z $'\\x15'{shlex.quote(typed)}$'\\t'; text=; "
            "repeat 100; do zpty -r -t z line && text+=$line; "
            f"[[ $text == *{shlex.quote(completed)}* ]] && print done && break; line=; sleep 0.2; done; "
        )
    done = subprocess.run(["zsh", "-f", "-c", driver + "zpty -d z"], env=environment, capture_output=True, check=False)
    assert done.stdout.decode("utf-8", "replace").split() == ["done"] * 4
