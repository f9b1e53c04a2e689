"""Windsurf (https://docs.windsurf.com/windsurf/cascade/hooks): exit code 2 is a no, standard error says why."""

from __future__ import annotations

from keytrace.agents.agent import Agent, by_exit_code, on_standard_error

_EVENTS = ("pre_user_prompt", "pre_read_code", "pre_write_code", "pre_run_command", "pre_mcp_tool_use")


WINDSURF = Agent(
    name="Windsurf",
    knows=lambda told: "agent_action_name" in told,
    refuse=by_exit_code,
    warn=on_standard_error,
    project_file=".windsurf/hooks.json",
    user_file=".codeium/windsurf/hooks.json",
    entries=lambda command: {event: {"command": command, "show_output": True} for event in _EVENTS},
    head={},
)
