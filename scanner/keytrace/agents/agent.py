"""What an agent is to us: where its settings are, what is put there, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keytrace.agents.event import Event


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed, and the exit code; `error` goes to standard error."""

    output: str = ""
    code: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """One coding agent. `entries` are what a command is in its settings, for each event that has one."""

    name: str
    knows: Callable[[Mapping[str, Any]], bool]
    refuse: Callable[[Event, str], Answer]  # with the reason
    project_file: str
    user_file: str
    entries: Callable[[str], dict[str, dict[str, Any]]]
    head: Mapping[str, Any]  # of settings that are new
    warn: Callable[[str], Answer]  # the user, of what is done all the same
    failed: int = 1  # the exit code that tells of a failure and blocks nothing
    advice: str = ""


def answer(content: Mapping[str, Any]) -> Answer:
    return Answer(json.dumps(content, ensure_ascii=False))


def by_exit_code(_event: Event, reason: str) -> Answer:
    """Refuse as nearly every agent understands it, also one that we do not know."""
    return Answer(code=2, error=reason)


def on_standard_error(text: str) -> Answer:
    return Answer(error=text)


def system_message(text: str) -> Answer:
    return answer({"systemMessage": text})


def name_of(told: Mapping[str, Any]) -> str:
    """Return the name of an event, empty where there is none."""
    name = told.get("hook_event_name")
    return name if isinstance(name, str) else ""


def in_groups(events: Mapping[str, str | None], command: str, **more: Any) -> dict[str, dict[str, Any]]:
    """Return entries in the form of Claude Code, which others took over: groups of hooks, of tools that match."""
    hooks = [{"type": "command", "command": command, **more}]
    return {
        event: {"hooks": hooks} if matcher is None else {"matcher": matcher, "hooks": hooks}
        for event, matcher in events.items()
    }
