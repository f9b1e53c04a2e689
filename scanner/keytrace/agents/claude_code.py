"""Claude Code (https://code.claude.com/docs/en/hooks): JSON and exit code 0; it reads no JSON at another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keytrace.agents.agent import Agent, Answer, answer, in_groups, name_of, system_message
from keytrace.agents.event import Event, Phase

EVENTS = {"UserPromptSubmit": None, "PreToolUse": "*", "PostToolUse": "Bash|WebFetch|mcp__.*"}


def knows(told: Mapping[str, Any]) -> bool:
    return name_of(told) in EVENTS


def refuse(event: Event, reason: str) -> Answer:
    if event.phase is Phase.BEFORE:
        decision = {"permissionDecision": "deny", "permissionDecisionReason": reason}
        return answer({"hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}})
    return answer({"decision": "block", "reason": reason})


CLAUDE_CODE = Agent(
    name="Claude Code",
    knows=knows,
    refuse=refuse,
    warn=system_message,
    project_file=".claude/settings.json",
    user_file=".claude/settings.json",
    entries=lambda command: in_groups(EVENTS, command, timeout=30),
    head={},
)
