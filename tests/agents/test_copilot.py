"""The answers that GitHub documents for Copilot, with those of VS Code."""

from __future__ import annotations

import json

from keytrace.agents.copilot import COPILOT
from keytrace.agents.event import Event, Phase

WHY = "there is a key"


def test_a_no(event: Event) -> None:
    answer = COPILOT.refuse(event, WHY)
    if event.phase is Phase.PROMPT:
        assert (answer.output, answer.code, answer.error) == ("", 2, WHY)
        return
    assert (answer.code, answer.error) == (0, "")
    content = json.loads(answer.output)
    if event.phase is Phase.BEFORE:
        assert (content["permissionDecision"], content["permissionDecisionReason"]) == ("deny", WHY)
        assert content["hookSpecificOutput"]["permissionDecision"] == "deny"
    else:
        assert content["modifiedResult"] == {"resultType": "success", "textResultForLlm": WHY}
        assert content["decision"] == "block"


def test_a_failure_denies_nothing() -> None:
    assert COPILOT.failed == 0
