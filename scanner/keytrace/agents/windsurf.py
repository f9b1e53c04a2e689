"""Windsurf (https://docs.windsurf.com/windsurf/cascade/hooks): exit code 2 is a no, standard error says why."""

from __future__ import annotations

from keytrace.agents.agent import Agent, Answer
from keytrace.agents.event import Event

_EVENTS = ("pre_user_prompt", "pre_read_code", "pre_write_code", "pre_run_command", "pre_mcp_tool_use")


def _refuse(_event: Event, reason: str) -> Answer:
    return Answer(code=2, error=reason)


WINDSURF = Agent(
    name="Windsurf",
    knows=lambda told: "agent_action_name" in told,
    refuse=_refuse,
    project_file=".windsurf/hooks.json",
    user_file=".codeium/windsurf/hooks.json",
    entries=lambda command: {event: {"command": command, "show_output": True} for event in _EVENTS},
    head={},
)
