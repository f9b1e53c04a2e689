"""Verdicts on what agents do: by the project's own configuration, and without the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.agents.event import Event, Phase, Piece
from keytrace.agents.judge import Verdict, judge
from keytrace.config import Config
from tests.samples import marked as github_token

KEY = github_token(1)
LIVE = Config(jobs=1, cached=False)


def written(path: str, text: str, folder: Path, config: Config = LIVE) -> Verdict:
    return judge(Event(Phase.BEFORE, (Piece(text, path),), (), str(folder)), str(folder), config)


def test_a_key(tmp_path: Path) -> None:
    verdict = written("src/app.py", f"import os\nkey = '{KEY}'\n", tmp_path)
    assert verdict.reason.startswith(
        "keytrace: what is to be written to src/app.py holds what looks like a live key in line 2: GitHub"
    )
    assert KEY not in verdict.reason
    assert KEY[10:20] not in verdict.reason
    assert verdict.notes == ()
    assert written("src/app.py", "key = os.environ['KEY']\n", tmp_path) == Verdict()


@pytest.mark.parametrize("phase", Phase)
def test_what_to_do(phase: Phase, tmp_path: Path) -> None:
    reason = judge(Event(phase, (Piece(KEY, "x", "the text"),), (), ""), str(tmp_path), LIVE).reason
    assert reason.startswith("keytrace: the text holds what looks like a live key in line 1: ")
    assert {"prompt": "not sent", "before": "not done", "after": "Do not repeat it"}[phase.value] in reason


def test_many_keys_are_a_short_answer(tmp_path: Path) -> None:
    text = "\n".join(github_token(seed) for seed in range(30))
    reason = written("a.txt", text, tmp_path).reason
    assert "and 25 more" in reason
    assert len(reason) < 1000


def test_files_that_the_model_would_see(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"TOKEN={KEY}\n")
    (tmp_path / ".gitignore").write_text(".env\n")
    event = Event(Phase.BEFORE, (), (".env", "nowhere", "."), str(tmp_path))
    assert judge(event, str(tmp_path), LIVE).reason.startswith("keytrace: .env holds")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 100)
    event = Event(Phase.BEFORE, (Piece("y" * 100, "b.txt"),), ("a.txt",), str(tmp_path))
    verdict = judge(event, str(tmp_path), Config(jobs=1, max_file_size=50))
    assert verdict.reason == ""
    assert [note.partition(":")[0] for note in verdict.notes] == ["a.txt", "b.txt"]


def test_what_the_project_leaves_out(tmp_path: Path) -> None:
    config = Config(jobs=1, exclude=("fixtures/",))
    assert written("fixtures/a.txt", KEY, tmp_path, config) == Verdict()
    assert written(str(tmp_path / "fixtures" / "a.txt"), KEY, tmp_path, config) == Verdict()
    assert written("other/a.txt", KEY, tmp_path, config).reason


def test_a_key_in_a_name(tmp_path: Path) -> None:
    for path in (f"{KEY}.txt", f"{{0}}/{KEY}/a.txt", f"/elsewhere/{KEY}/a.txt"):
        reason = written(path, f"token {github_token(2)}", tmp_path).reason
        assert reason
        assert KEY not in reason
