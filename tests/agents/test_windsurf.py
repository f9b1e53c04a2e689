"""The answer that Windsurf documents."""

from __future__ import annotations

from keytrace.agents.event import Event
from keytrace.agents.windsurf import WINDSURF

WHY = "there is a key"


def test_a_no(event: Event) -> None:
    answer = WINDSURF.refuse(event, WHY)
    assert (answer.output, answer.code, answer.error) == ("", 2, WHY)
