"""The answers that Codex documents: a field besides these would make it none."""

from __future__ import annotations

import json

from keytrace.agents.codex import CODEX
from keytrace.agents.event import Event, Phase

WHY = "there is a key"


def test_a_no(event: Event) -> None:
    answer = CODEX.refuse(event, WHY)
    block = {"decision": "block", "reason": WHY}
    deny = {
        "hookSpecificOutput": {
            "hookEventName": "PreToolUse",
            "permissionDecision": "deny",
            "permissionDecisionReason": WHY,
        }
    }
    assert json.loads(answer.output) == (deny if event.phase is Phase.BEFORE else block)
    assert (answer.code, answer.error) == (0, "")  # with another code the JSON is not read
