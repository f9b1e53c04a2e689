"""The answers that Cursor documents."""

from __future__ import annotations

import json

from keytrace.agents.cursor import CURSOR
from keytrace.agents.event import Event, Phase

WHY = "there is a key"


def test_a_no(event: Event) -> None:
    answer = CURSOR.refuse(event, WHY)
    expected = {
        Phase.PROMPT: {"continue": False, "user_message": WHY},
        Phase.BEFORE: {"permission": "deny", "user_message": WHY, "agent_message": WHY},
        Phase.AFTER: {},
    }
    assert json.loads(answer.output) == expected[event.phase]
    assert (answer.code, answer.error) == (0, WHY if event.phase is Phase.AFTER else "")
