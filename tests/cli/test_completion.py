"""`keytrace completion`: scripts that the shells take, and answers to what they ask."""

from __future__ import annotations

import shutil
import subprocess

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
    ],
)
def test_answers(keytrace: Keytrace, words: str, offered: set[str]) -> None:
    count = len(words.split()) - (not words.endswith(" "))
    asked = {"_KEYTRACE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    run = keytrace(env=asked)
    assert (run.code, run.err) == (0, "")
    assert {line.partition(",")[2] for line in run.out.splitlines()} == offered
