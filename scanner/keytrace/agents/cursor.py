"""Cursor (https://cursor.com/docs/hooks): JSON and exit code 0; what has happened cannot be taken back."""

from __future__ import annotations

from keytrace.agents.agent import Agent, Answer, answer, name_of, on_standard_error
from keytrace.agents.event import Event, Phase

_EVENTS = ("beforeSubmitPrompt", "preToolUse", "beforeReadFile")
_OWN = frozenset((*_EVENTS, "postToolUse", "beforeShellExecution", "beforeMCPExecution", "afterShellExecution",
                  "afterMCPExecution", "afterFileEdit"))  # fmt: skip


def _refuse(event: Event, reason: str) -> Answer:
    if event.phase is Phase.PROMPT:
        return answer({"continue": False, "user_message": reason})
    if event.phase is Phase.BEFORE:
        return answer({"permission": "deny", "user_message": reason, "agent_message": reason})
    return Answer("{}", error=reason)


CURSOR = Agent(
    name="Cursor",
    knows=lambda told: (
        "cursor_version" in told or {"hook_event_name", "conversation_id"} <= told.keys() or name_of(told) in _OWN
    ),
    refuse=_refuse,
    warn=on_standard_error,
    project_file=".cursor/hooks.json",
    user_file=".cursor/hooks.json",
    entries=lambda command: {event: {"command": command} for event in _EVENTS},
    head={"version": 1},
)
