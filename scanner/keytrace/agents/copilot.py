"""GitHub Copilot (https://docs.github.com/en/copilot/reference/hooks-reference): its CLI, its cloud agent and VS Code.

Events by their names in PascalCase are told alike by all three; each takes its own fields of an answer. No hook stops
a prompt of the CLI: it shows what is said and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keytrace.agents.agent import Agent, Answer, answer, name_of, system_message
from keytrace.agents.event import Event, Phase

_EVENTS = ("UserPromptSubmit", "PreToolUse", "PostToolUse")


def _knows(told: Mapping[str, Any]) -> bool:
    by_cli = "hook_event_name" not in told and ("toolName" in told or {"timestamp", "prompt"} <= told.keys())
    alike = name_of(told) in _EVENTS and "timestamp" in told
    by_vs_code = "hookEventName" in told  # its Local harness names fields in camelCase
    return by_cli or alike or by_vs_code


def _refuse(event: Event, reason: str) -> Answer:
    if event.phase is Phase.PROMPT:
        return Answer(code=2, error=reason)
    if event.phase is Phase.BEFORE:
        decision = {"permissionDecision": "deny", "permissionDecisionReason": reason}
        return answer({**decision, "hookSpecificOutput": {"hookEventName": "PreToolUse", **decision}})
    withheld = {"resultType": "success", "textResultForLlm": reason}
    return answer({"modifiedResult": withheld, "decision": "block", "reason": reason})


COPILOT = Agent(
    name="GitHub Copilot",
    knows=_knows,
    refuse=_refuse,
    warn=system_message,
    project_file=".github/hooks/keytrace.json",
    user_file=".copilot/hooks/keytrace.json",
    entries=lambda command: {event: {"type": "command", "command": command, "timeoutSec": 30} for event in _EVENTS},
    head={"version": 1},
    failed=0,  # any other code denies the use of a tool
    advice="Copilot CLI shows what is said of a prompt and goes on; the uses of tools are stopped",
)
