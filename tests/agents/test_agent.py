"""Each agent knows its own events and takes no other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keytrace.agents import AGENTS, agent_of
from keytrace.agents.agent import answer, in_groups

from .conftest import TOLD


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, _, told in TOLD])
def test_whose_event_it_is(name: str, told: dict[str, Any]) -> None:
    assert agent_of(told) is AGENTS[name]


def test_nobodys_event() -> None:
    assert agent_of({}) is None
    assert agent_of({"hook_event_name": "Stop"}) is None


def test_the_form_of_claude_code() -> None:
    assert in_groups({"A": None, "B": "x"}, "run", timeout=3) == {
        "A": {"hooks": [{"type": "command", "command": "run", "timeout": 3}]},
        "B": {"matcher": "x", "hooks": [{"type": "command", "command": "run", "timeout": 3}]},
    }


def test_an_answer_is_one_line_of_json() -> None:
    made = answer({"reason": "é\n"})
    assert (made.output, json.loads(made.output), made.code) == ('{"reason": "é\\n"}', {"reason": "é\n"}, 0)
