"""`keytrace agent-hook`, as agents call it: events on standard input, documented answers, no key in any of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples import marked as github_token

from .conftest import Keytrace

KEY = github_token(1)


def event(folder: Path, **more: Any) -> bytes:
    told = {"session_id": "1", "cwd": str(folder), "hook_event_name": "PreToolUse", "tool_name": "Bash", **more}
    return json.dumps(told).encode()


def test_a_command(keytrace: Keytrace, project: Path) -> None:
    run = keytrace(
        "agent-hook", stdin=event(project, tool_input={"command": f"curl -H 'Authorization: token {KEY}' x"})
    )
    assert (run.code, run.err) == (0, "")
    assert run.json["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert KEY not in run.out
    run = keytrace("agent-hook", stdin=event(project, tool_input={"command": "ls"}))
    assert (run.code, run.out, run.err) == (0, "", "")


def test_by_exit_code(keytrace: Keytrace, project: Path) -> None:
    told = {"agent_action_name": "pre_user_prompt", "tool_info": {"user_prompt": f"take {KEY}"}}
    run = keytrace("agent-hook", "--agent", "windsurf", stdin=json.dumps(told).encode())
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("keytrace: the prompt holds what looks like a live key in line 1")
    assert KEY not in run.err


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\x00", b"[" * 10**5])
def test_what_is_no_event(keytrace: Keytrace, data: bytes) -> None:
    """It is let through and said, unless the user wants it refused; some agents take any other code than 0 for a no."""
    open_, closed, copilot = (
        keytrace("agent-hook", *options, stdin=data) for options in ((), ("--fail-closed",), ("--agent", "copilot"))
    )
    assert [run.code for run in (open_, closed, copilot)] == [1, 2, 0]
    assert all(
        "not looked at: the event is no JSON" in run.err and "Traceback" not in run.err for run in (open_, closed)
    )


def test_a_configuration_that_is_wrong(keytrace: Keytrace, project: Path) -> None:
    """It is said, and does not turn the guard off."""
    (project / "keytrace.toml").write_text("nonsense = 1\n")
    data = event(project, tool_input={"command": "ls"})
    open_, closed = (keytrace("agent-hook", *options, stdin=data) for options in ((), ("--fail-closed",)))
    assert (open_.code, open_.out, "unknown key" in open_.err) == (1, "", True)
    assert closed.json["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert "deny" in keytrace("agent-hook", stdin=event(project, tool_input={"command": f"echo {KEY}"})).out


@pytest.mark.parametrize("told", [{}, {"hook_event_name": "New"}, {"hook_event_name": "UserPromptSubmit", "text": "x"}])
def test_what_is_not_understood(keytrace: Keytrace, project: Path, told: dict[str, Any]) -> None:
    data = json.dumps(told).encode()
    open_, closed = (keytrace("agent-hook", *options, stdin=data) for options in ((), ("--fail-closed",)))
    assert (open_.code, open_.out, "not understood" in open_.err) == (1, "", True)
    assert closed.code == 2 or json.loads(closed.out)["decision"] == "block"
    run = keytrace("agent-hook", stdin=json.dumps(told | {"z": [{"y": f"a\n{KEY}"}]}).encode())
    assert run.code == 2 or json.loads(run.out)["decision"] == "block"
    assert KEY not in run.out + run.err


def test_a_change_of_the_guard(keytrace: Keytrace, project: Path) -> None:
    run = keytrace(
        "agent-hook", stdin=event(project, tool_name="Write", tool_input={"file_path": "keytrace.toml", "content": ""})
    )
    assert (run.code, "keytrace.toml" in run.json["systemMessage"]) == (0, True)


def test_an_event_that_is_too_large(keytrace: Keytrace, project: Path) -> None:
    run = keytrace("agent-hook", stdin=event(project, tool_input={"command": "x" * 2**25}))
    assert (run.code, "larger than 32 MB" in run.err) == (1, True)


def test_the_thresholds(keytrace: Keytrace, project: Path) -> None:
    data = event(
        project, tool_name="Write", tool_input={"file_path": "a.yml", "content": "pass" + "word: hunter2Xk9\n"}
    )
    assert [
        bool(keytrace("agent-hook", *options, stdin=data).out)
        for options in (("--min-confidence", "low", "--min-severity", "low"), ("--min-severity", "critical"))
    ] == [True, False]


def test_the_help_names_the_thresholds_that_hold(keytrace: Keytrace) -> None:
    told = " ".join(keytrace("agent-hook", "--help").out.split())
    assert "less severe. [default: medium]" in told
    assert "less sure. [default: high]" in told


def test_install(keytrace: Keytrace, project: Path, tmp_path: Path) -> None:
    run = keytrace("agent-hook", "install", "claude-code")
    assert run.code == 0, run.err
    content = json.loads((project / ".claude" / "settings.json").read_text())
    assert content["hooks"]["PreToolUse"][0]["hooks"][0]["command"].endswith("agent-hook --agent claude-code")
    assert "the hooks are there" in keytrace("agent-hook", "install", "claude-code").out
    assert "hooks taken out" in keytrace("agent-hook", "uninstall", "claude-code").out
    assert "no hook of ours is there" in keytrace("agent-hook", "uninstall", "claude-code").out
    assert not (project / ".claude" / "settings.json").exists()
    assert keytrace("agent-hook", "install", "cursor", "--user").code == 0
    assert (tmp_path / "home" / ".cursor" / "hooks.json").exists()
    shown = keytrace("agent-hook", "install", "gemini", "--print")
    assert "BeforeAgent" in shown.out
    assert not (project / ".gemini").exists()


def test_settings_that_are_no_json(keytrace: Keytrace, project: Path) -> None:
    (project / ".cursor").mkdir()
    (project / ".cursor" / "hooks.json").write_text("// mine\n{}")
    run = keytrace("agent-hook", "install", "cursor")
    assert (run.code, "is not touched: it is no plain JSON" in run.err) == (2, True)
    assert (project / ".cursor" / "hooks.json").read_text() == "// mine\n{}"
