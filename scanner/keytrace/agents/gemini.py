"""Gemini CLI (https://geminicli.com/docs/hooks/reference): JSON alone on standard output, and exit code 0."""

from __future__ import annotations

from keytrace.agents.agent import Agent, Answer, answer, in_groups, name_of, system_message
from keytrace.agents.event import Event

_EVENTS = {"BeforeAgent": None, "BeforeTool": ".*", "AfterTool": ".*"}


def _refuse(_event: Event, reason: str) -> Answer:
    return answer({"decision": "deny", "reason": reason, "systemMessage": reason})


GEMINI = Agent(
    name="Gemini CLI",
    knows=lambda told: name_of(told) in _EVENTS,
    refuse=_refuse,
    warn=system_message,
    project_file=".gemini/settings.json",
    user_file=".gemini/settings.json",
    entries=lambda command: in_groups(_EVENTS, command, name="keytrace", timeout=30_000),
    head={},
)
