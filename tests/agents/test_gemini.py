"""The answers that Gemini CLI documents."""

from __future__ import annotations

import json

from keytrace.agents.event import Event
from keytrace.agents.gemini import GEMINI

WHY = "there is a key"


def test_a_no(event: Event) -> None:
    answer = GEMINI.refuse(event, WHY)
    assert json.loads(answer.output) == {"decision": "deny", "reason": WHY, "systemMessage": WHY}
    assert (answer.code, answer.error) == (0, "")
