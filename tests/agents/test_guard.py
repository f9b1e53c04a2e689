"""What an agent changes of its own guard is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.agents.event import Event, Phase, Piece
from keytrace.agents.guard import warning

SETTINGS = (".claude/settings.json",)


def said(folder: Path, *touched: str, command: str = "", text: str = "") -> str:
    pieces = [Piece(command, "command.sh", "the command")] * bool(command) + [Piece(text, "x")] * bool(text)
    return warning(Event(Phase.BEFORE, tuple(pieces), (), str(folder), touched), str(folder), SETTINGS)


@pytest.mark.parametrize("name", ["keytrace.toml", "a/.keytraceignore", ".keytrace-baseline.jsonl"])
def test_what_says_what_counts(name: str, tmp_path: Path) -> None:
    assert name.rpartition("/")[2] in said(tmp_path, name)
    assert said(tmp_path, "src/app.py", "my-keytrace.toml") == ""


def test_what_others_use_too(tmp_path: Path) -> None:
    assert said(tmp_path, "pyproject.toml", text="[project]") == ""
    assert "pyproject.toml" in said(tmp_path, "pyproject.toml", text="[tool.keytrace]")
    (tmp_path / "pyproject.toml").write_text("[tool.keytrace]")
    assert "pyproject.toml" in said(tmp_path, "pyproject.toml", text="[project]")


def test_settings_with_our_hooks(tmp_path: Path) -> None:
    file = tmp_path / ".claude" / "settings.json"
    file.parent.mkdir()
    file.write_text("{}")
    assert said(tmp_path, str(file)) == ""
    file.write_text('{"hooks": "keytrace agent-hook"}')
    assert ".claude/settings.json" in said(tmp_path, str(file))


@pytest.mark.parametrize("command", ["rm .claude/settings.json", "agent-hook uninstall x", ">keytrace.toml"])
def test_a_command(command: str, tmp_path: Path) -> None:
    assert said(tmp_path, command=command)
    assert said(tmp_path, command="ls && keytrace scan") == ""
