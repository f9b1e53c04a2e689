"""Codex (https://developers.openai.com/codex/hooks): as Claude Code; an unknown field spoils an answer."""

from __future__ import annotations

from keytrace.agents import claude_code
from keytrace.agents.agent import Agent, in_groups, system_message

_EVENTS = {"UserPromptSubmit": None, "PreToolUse": ".*", "PostToolUse": ".*"}

CODEX = Agent(
    name="Codex",
    knows=lambda told: claude_code.knows(told) and ("turn_id" in told or ".codex" in str(told.get("transcript_path"))),
    refuse=claude_code.refuse,
    warn=system_message,
    project_file=".codex/hooks.json",
    user_file=".codex/hooks.json",
    entries=lambda command: in_groups(_EVENTS, command, timeout=30),
    head={},
    advice="Codex asks to trust new hooks (/hooks); before 0.124 its config.toml needs [features] codex_hooks = true",
)
