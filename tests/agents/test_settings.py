"""Settings of agents: what is in them stays, whatever it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keytrace.agents import AGENTS
from keytrace.agents.settings import install, uninstall
from keytrace.errors import ScannerError

COMMAND = "keytrace agent-hook --agent {}"
THEIRS: dict[str, Any] = {
    "z": 1.5,
    "hooks": {
        "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "./mine.sh"}]}],
        "preToolUse": [{"command": "./mine.sh"}],
        "Stop": [{"hooks": [{"type": "prompt", "prompt": "keytrace agent-hook --agent x"}]}],
    },
    "permissions": {"deny": ["Read(.env)"], "é": [None, True]},
}


@pytest.mark.parametrize("name", AGENTS)
def test_new_settings_come_and_go(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "settings.json"
    agent, command = AGENTS[name], COMMAND.format(name)
    assert install(agent, str(file), command)
    content = json.loads(file.read_text())
    assert content == {**agent.head, "hooks": {event: [entry] for event, entry in agent.entries(command).items()}}
    assert json.dumps(content).count(command) == len(agent.entries(command))
    assert not install(agent, str(file), command)
    assert uninstall(agent, str(file))
    assert not file.exists()
    assert not uninstall(agent, str(file))


@pytest.mark.parametrize("indent", [2, 4, "\t"])
@pytest.mark.parametrize("name", AGENTS)
def test_what_is_there_stays(name: str, indent: int | str, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    before = json.dumps(THEIRS, indent=indent, ensure_ascii=False)
    file.write_text(before)
    file.chmod(0o600)
    assert install(AGENTS[name], str(file), COMMAND.format(name))
    content = json.loads(file.read_text())
    assert {event: content["hooks"][event][0] for event in THEIRS["hooks"]} == {
        event: entries[0] for event, entries in THEIRS["hooks"].items()
    }
    assert install(
        AGENTS[name], str(file), "/opt/python -P -m " + COMMAND.format(name)
    )  # moved: in the place of the old
    assert file.read_text().count("keytrace agent-hook --agent " + name) == len(AGENTS[name].entries(""))
    assert file.stat().st_mode & 0o777 == 0o600
    assert uninstall(AGENTS[name], str(file))
    assert file.read_text() == before


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"hooks": []}',
        '{"hooks": {"PreToolUse": {}}}',
        '// a comment\n{"a": 1}',
        '{"a": 1, "a": 2}',
        '{"hooks": {"PreToolUse": [5]}}',
        '{"hooks": {"PreToolUse": [{"hooks": 5}]}}',
        '{"a": NaN}',
        '{"a": "\\ud800"}',
        "\xff",
        "[" * 10**5,
    ],
)
def test_what_would_lose_something_is_not_touched(text: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(ScannerError, match="is not touched"):
        install(AGENTS["claude-code"], str(file), COMMAND)
    assert file.read_bytes() == text.encode("latin-1")


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("{}")
    (tmp_path / "settings.json").symlink_to("real.json")
    assert install(AGENTS["cursor"], str(tmp_path / "settings.json"), COMMAND.format("cursor"))
    assert (tmp_path / "settings.json").is_symlink()
    assert "agent-hook" in (tmp_path / "real.json").read_text()


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    """Also beside a text that looks like what stands for a number while it is read."""
    file = tmp_path / "settings.json"
    before = '{"n": 1e400, "m": [1.10, -0, 12345678901234567890123], "t": "a number of JSON: 5"}\n'
    file.write_text(before)
    assert install(AGENTS["claude-code"], str(file), COMMAND)
    assert before[:-2] in file.read_text()
    assert uninstall(AGENTS["claude-code"], str(file))
    assert file.read_text() == before


@pytest.mark.parametrize(("before", "after"), [("{}", "{}"), ("{}\n", "{}\n"), ("", "{}"), ('{"hooks": {}}', "{}")])
def test_settings_that_were_empty_are_left(before: str, after: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(before)
    assert install(AGENTS["gemini"], str(file), COMMAND.format("gemini"))
    assert uninstall(AGENTS["gemini"], str(file))
    assert file.read_text() == after


@pytest.mark.parametrize("name", AGENTS)
def test_folders_that_install_made_go(name: str, tmp_path: Path) -> None:
    file = tmp_path / AGENTS[name].project_file
    assert install(AGENTS[name], str(file), COMMAND.format(name))
    assert uninstall(AGENTS[name], str(file))
    assert [*tmp_path.iterdir()] == []


def test_a_folder_with_something_else_stays(tmp_path: Path) -> None:
    file = tmp_path / ".claude" / "settings.json"
    assert install(AGENTS["claude-code"], str(file), COMMAND.format("claude-code"))
    (tmp_path / ".claude" / "agents").mkdir()
    assert uninstall(AGENTS["claude-code"], str(file))
    assert [one.name for one in (tmp_path / ".claude").iterdir()] == ["agents"]


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(ScannerError, match=r"settings\.json is a folder"):
        install(AGENTS["codex"], str(tmp_path / "settings.json"), COMMAND)
