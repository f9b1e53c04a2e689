"""Coding agents: what their hooks are told, and what they take for a no. One file an agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keytrace.agents.agent import Agent
from keytrace.agents.claude_code import CLAUDE_CODE
from keytrace.agents.codex import CODEX
from keytrace.agents.copilot import COPILOT
from keytrace.agents.cursor import CURSOR
from keytrace.agents.gemini import GEMINI
from keytrace.agents.windsurf import WINDSURF

AGENTS = {  # the more particular first: the first that knows an event for its own answers it
    "cursor": CURSOR,
    "windsurf": WINDSURF,
    "gemini": GEMINI,
    "copilot": COPILOT,
    "codex": CODEX,
    "claude-code": CLAUDE_CODE,
}


def agent_of(told: Mapping[str, Any]) -> Agent | None:
    """Return the agent whose event this is, if any."""
    return next((agent for agent in AGENTS.values() if agent.knows(told)), None)
