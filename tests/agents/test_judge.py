"""Verdicts on what agents do: by the project's own configuration, and without the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.agents.edits import Edit
from keytrace.agents.event import Event, Phase, Piece
from keytrace.agents.judge import Verdict, judge
from keytrace.config import Config
from tests.samples import marked as github_token

KEY = github_token(1)
LIVE = Config(jobs=1, cached=False)


def written(path: str, text: str, folder: Path, config: Config = LIVE) -> Verdict:
    return judge(Event(Phase.BEFORE, (Piece(text, path),), (), str(folder)), str(folder), config, LIVE)


def test_a_key(tmp_path: Path) -> None:
    verdict = written("src/app.py", f"import os\nkey = '{KEY}'\n", tmp_path)
    assert verdict.reason.startswith(
        "keytrace: what is to be written to src/app.py holds what looks like a live key in line 2: GitHub"
    )
    assert KEY not in verdict.reason
    assert KEY[10:20] not in verdict.reason
    assert verdict.notes == ()
    assert written("src/app.py", "key = os.environ['KEY']\n", tmp_path) == Verdict()


def test_a_file_that_is_read_is_not_to_be_written(tmp_path: Path) -> None:
    event = Event(Phase.BEFORE, (Piece(KEY, ".env", is_read=True),), (), str(tmp_path))
    assert judge(event, str(tmp_path), LIVE, LIVE).reason.startswith("keytrace: .env holds what looks like a live key")


@pytest.mark.parametrize("phase", Phase)
def test_what_to_do(phase: Phase, tmp_path: Path) -> None:
    reason = judge(Event(phase, (Piece(KEY, "x", "the text"),), (), ""), str(tmp_path), LIVE, LIVE).reason
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
    assert judge(event, str(tmp_path), LIVE, LIVE).reason.startswith("keytrace: .env holds")


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 100)
    event = Event(Phase.BEFORE, (Piece("y" * 100, "b.txt"),), ("a.txt",), str(tmp_path))
    verdict = judge(event, str(tmp_path), Config(jobs=1, max_file_size=50), LIVE)
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


def test_a_write_does_not_excuse_itself(tmp_path: Path) -> None:
    marker = "keytrace" + ":ignore"
    for text in (f"key = '{KEY}'  # {marker}\n", f"# {marker}-file\nkey = '{KEY}'\n", f"key = '{KEY}'  # nosec\n"):
        assert written("a.py", text, tmp_path).reason
    (tmp_path / "a.py").write_text(f"key = '{KEY}'  # {marker}\n")
    assert written("a.py", f"import os\nkey = '{KEY}'  # {marker}\n", tmp_path) == Verdict()
    assert written("a.py", f"key = '{github_token(2)}'  # {marker}\n", tmp_path).reason
    assert written("b.py", f"key = '{KEY}'  # {marker}\n", tmp_path).reason


def test_what_is_said_is_judged_without_the_project(tmp_path: Path) -> None:
    """Its configuration may be of the agent's making; what it adds, a rule, holds all the same."""
    marker = "keytrace" + ":ignore"
    (tmp_path / ".keytraceignore").write_text("*\n")
    rule = """[[rules]]
id = "acme"
description = "Acme"
regex = '(acme_[0-9]{20})'
"""
    config = Config(jobs=1, cached=False, exclude=("*",), exclude_rules=("github-personal-access-token",))
    for text in (KEY, f"{KEY} # {marker}"):
        event = Event(Phase.PROMPT, (Piece(text, "prompt", "the prompt"),), (), str(tmp_path))
        assert judge(event, str(tmp_path), config, LIVE).reason
    config = Config(jobs=1, cached=False, rule_files=(("acme.toml", rule),))
    event = Event(
        Phase.PROMPT, (Piece("acme_" + "7301958264" + "0317489256", "prompt", "the prompt"),), (), str(tmp_path)
    )
    assert judge(event, str(tmp_path), config, LIVE).reason
    assert not judge(event, str(tmp_path), LIVE, LIVE).reason


def edited(folder: Path, *edits: Edit) -> str:
    piece = Piece("\n".join(edit.new for edit in edits), "s.env", edits=edits)
    return judge(Event(Phase.BEFORE, (piece,), (), str(folder)), str(folder), LIVE, LIVE).reason


def test_an_edit_is_judged_as_the_file_that_it_makes(tmp_path: Path) -> None:
    value = "wJ8rK2mQ" + "xT5vN9bZ" + "cL4pH7sD" + "gF3yA6uE" + "Rk1oViWq"
    (tmp_path / "s.env").write_text(f"AWS_ACCESS_KEY_ID={KEY}\nSERVICE_SECRET_ACCESS_KEY=changeme\nNAME=x\n")
    assert "line 2" in edited(tmp_path, Edit("changeme", value))
    assert "line 2" in edited(tmp_path, Edit("NAME=x", "NAME=y"), Edit("changeme", value))
    assert edited(tmp_path, Edit("NAME=x", "NAME=y")) == "", "the key that was there is not of this edit"
    assert edited(tmp_path, Edit("KEY_ID", "KEY")) == ""
    assert "line 3" in edited(tmp_path, Edit("NAME=x", f"NAME={KEY}")), "once more is news"
    assert edited(tmp_path, Edit("elsewhere", KEY)), "of another text: the new one is judged"
    (tmp_path / "s.env").unlink()
    assert edited(tmp_path, Edit("", KEY))
