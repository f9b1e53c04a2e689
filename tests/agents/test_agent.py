"""Each agent knows its own events and takes no other's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keytrace.agents import AGENTS, agent_of
from keytrace.agents.agent import answer, by_exit_code, in_groups, on_standard_error, system_message
from keytrace.agents.event import Event, Phase

from .conftest import TOLD


@pytest.mark.parametrize(("name", "told"), [(name, told) for name, _, told in TOLD])
def test_whose_event_it_is(name: str, told: dict[str, Any]) -> None:
    assert agent_of(told) is AGENTS[name]


def test_nobodys_event() -> None:
    assert agent_of({}) is None
    assert agent_of({"hook_event_name": "Stop"}) is None


@pytest.mark.parametrize("odd", [{}, [], 5, None, "x"])
def test_a_name_of_another_form(odd: Any) -> None:
    assert agent_of({"hook_event_name": odd}) is None


def test_cursor_without_its_version() -> None:
    assert agent_of({"hook_event_name": "beforeShellExecution", "command": "ls"}) is AGENTS["cursor"]


def test_the_form_of_claude_code() -> None:
    assert in_groups({"A": None, "B": "x"}, "run", timeout=3) == {
        "A": {"hooks": [{"type": "command", "command": "run", "timeout": 3}]},
        "B": {"matcher": "x", "hooks": [{"type": "command", "command": "run", "timeout": 3}]},
    }


def test_an_answer_is_one_line_of_json() -> None:
    made = answer({"reason": "é\n"})
    assert (made.output, json.loads(made.output), made.code) == ('{"reason": "é\\n"}', {"reason": "é\n"}, 0)


def test_answers_that_several_agents_take() -> None:
    refused = by_exit_code(Event(Phase.PROMPT, (), (), ""), "no")
    assert (refused.output, refused.code, refused.error) == ("", 2, "no")
    assert on_standard_error("look").error == "look"
    assert json.loads(system_message("look").output) == {"systemMessage": "look"}


@pytest.mark.parametrize("name", AGENTS)
def test_a_warning_stops_nothing(name: str) -> None:
    told = AGENTS[name].warn("look")
    assert told.code == 0
    assert "look" in told.output + told.error
