"""What is read of the events of agents: texts that leave, never those that are taken out."""

from __future__ import annotations

from typing import Any

import pytest

from keytrace.agents.edits import Edit
from keytrace.agents.event import Event, Phase, Piece, event_of

from .conftest import TEXT, TOLD

NEW = (Edit("old", "new"),)


@pytest.mark.parametrize(("phase", "told"), [(phase, told) for _, phase, told in TOLD])
def test_every_agent(phase: Phase, told: dict[str, Any]) -> None:
    event = event_of(told)
    assert event
    assert event.phase is phase
    (piece,) = event.pieces
    assert TEXT in piece.text
    assert piece.label == {"prompt": "the prompt", "before": "the command", "after": "the output"}[phase.value]


def before(tool: str, **given: Any) -> Event:
    event = event_of({"hook_event_name": "PreToolUse", "cwd": "/project", "tool_name": tool, "tool_input": given})
    assert event
    return event


@pytest.mark.parametrize(
    ("given", "pieces"),
    [
        ({"file_path": "a.py", "content": "x = 1"}, (Piece("x = 1", "a.py"),)),
        ({"file_path": "a.py", "old_string": "old", "new_string": "new"}, (Piece("new", "a.py", "", NEW),)),
        ({"path": "a.py", "old_str": "old", "new_str": "new"}, (Piece("new", "a.py", "", NEW),)),
        ({"file_path": "a.py", "old_string": "old", "new_string": ""}, ()),
        (
            {
                "file_path": "a.py",
                "edits": [{"old_string": "1", "new_string": "2"}, {"old_string": "3", "new_string": "4"}],
            },
            (Piece("2\n\n4", "a.py", "", (Edit("1", "2"), Edit("3", "4"))),),
        ),
        ({"notebook_path": "a.ipynb", "new_source": "x"}, (Piece("x", "a.ipynb"),)),
        ({"command": "ls", "description": "look"}, (Piece("ls", "command.sh", "the command"),)),
        ({"command": "ls", "timeout": 5, "cwd": "/x"}, (Piece("ls", "command.sh", "the command"),)),
        (
            {"script": "ls", "env": {"A": "x"}},
            (
                Piece("ls", "command.sh", "the command"),
                Piece('{\n "env": {\n  "A": "x"\n }\n}', "input.json", "what the tool is handed"),
            ),
        ),
        (
            {"content": "x", "title": "y"},
            (Piece('{\n "content": "x",\n "title": "y"\n}', "input.json", "what the tool is handed"),),
        ),
        ({"command": ["git", "log"]}, (Piece('[\n "git",\n "log"\n]', "command.sh", "the command"),)),
        ({"path": "a.py", "text": "x"}, (Piece('{\n "text": "x"\n}', "input.json", "what the tool is handed"),)),
        (
            {"path": "a.py", "edits": [{"old": "1", "put": "x"}]},
            (Piece('{\n "edits": [\n  {\n   "put": "x"\n  }\n ]\n}', "input.json", "what the tool is handed"),),
        ),
        ({"a": 'x\n"y"'}, (Piece('{\n "a": "x\n"y""\n}', "input.json", "what the tool is handed"),)),
        ({"title": "é", "old": "x"}, (Piece('{\n "title": "é"\n}', "input.json", "what the tool is handed"),)),
        (
            {
                "command": "*** Begin Patch\n*** Update File: a.py\n@@\n-old\n+new\n  context\n"
                "*** Add File: b.py\n+b\n*** End Patch"
            },
            (
                Piece("new", "a.py", "", (Edit("old\n context", "new\n context"),)),
                Piece("b", "b.py", "", (Edit("", "b"),)),
            ),
        ),
    ],
)
def test_what_a_tool_is_handed(given: dict[str, Any], pieces: tuple[Piece, ...]) -> None:
    event = before("Tool", **given)
    assert (event.phase, event.pieces, event.reads, event.folder, event.odd) == (
        Phase.BEFORE,
        pieces,
        (),
        "/project",
        "",
    )


def test_what_is_read() -> None:
    assert before("Read", file_path="/project/.env") == Event(Phase.BEFORE, (), ("/project/.env",), "/project")
    assert before("LS", path="/project").reads == ()
    told = {"agent_action_name": "pre_read_code", "tool_info": {"file_path": "a.py"}}
    assert event_of(told) == Event(Phase.BEFORE, (), ("a.py",), "")
    told = {"hook_event_name": "beforeReadFile", "file_path": "a.py", "content": "x = 1"}
    assert event_of(told) == Event(Phase.BEFORE, (Piece("x = 1", "a.py", is_read=True),), (), "")


def test_a_tool_that_is_handed_nothing() -> None:
    assert before("Tool").pieces == ()


def test_files_that_a_prompt_mentions() -> None:
    event = event_of({"hook_event_name": "UserPromptSubmit", "prompt": "see @src/a.py, @.env: ada@example.org (@b.py)"})
    assert event
    assert event.reads == ("src/a.py", ".env", "b.py")
    for prompt, reads in [
        ('look at @"sec.env"', ("sec.env",)),
        ("or '@'my own.env', and", ("my own.env",)),
        ("This is @conf/sec.env.", ("conf/sec.env.", "conf/sec.env")),
        ("@... and @..", ("...", "..")),
        ('@"" and @"x', ()),
    ]:
        event = event_of({"hook_event_name": "UserPromptSubmit", "prompt": prompt})
        assert event
        assert event.reads == reads


@pytest.mark.parametrize("name", ["Stop", "SessionStart", "Notification", "stop", "agentStop"])
def test_what_carries_no_text(name: str) -> None:
    assert event_of({"hook_event_name": name, "cwd": "/project"}) is None


@pytest.mark.parametrize(
    "odd",
    [
        *(
            {"tool_input": one}
            for one in (None, 5, ["x"], {"edits": [None, 1, "x"]}, {"file_path": 3, "content": {"a": 1}})
        ),
        *({"cwd": 7}, {"workspace_roots": "x"}, {"prompt": [1]}, {"tool_name": None}),
    ],
)
def test_what_is_of_another_form_breaks_nothing(odd: dict[str, Any]) -> None:
    for name in ("UserPromptSubmit", "PreToolUse", "PostToolUse"):
        assert isinstance(event_of({"hook_event_name": name, **odd}), Event)


@pytest.mark.parametrize(
    ("told", "phase"),
    [
        ({}, Phase.BEFORE),
        ({"x": [{"y": TEXT}]}, Phase.BEFORE),
        ({"hook_event_name": "New", "prompt": TEXT}, Phase.BEFORE),
        ({"hook_event_name": ["UserPromptSubmit"], "prompt": TEXT}, Phase.BEFORE),
        ({"hook_event_name": "UserPromptSubmit", "text": TEXT}, Phase.PROMPT),
        ({"hook_event_name": "UserPromptSubmit", "prompt": [TEXT]}, Phase.PROMPT),
        ({"hook_event_name": "PreToolUse", "input": {"command": TEXT}}, Phase.BEFORE),
        ({"hook_event_name": "PreToolUse", "tool_input": [TEXT]}, Phase.BEFORE),
        ({"hook_event_name": "PostToolUse", "result": TEXT}, Phase.AFTER),
    ],
)
def test_what_is_not_understood_is_looked_at_whole(told: dict[str, Any], phase: Phase) -> None:
    event = event_of(told)
    assert event
    assert event.odd
    assert event.phase is phase
    assert (TEXT in event.pieces[0].text) == bool(told)


def test_what_is_touched() -> None:
    assert before("Edit", file_path="a.py", old_string="x", new_string="").touched == ("a.py",)
    assert before("Read", file_path="a.py", offset=3).touched == ()
    assert before("Read", file_path="a.py", offset=3).reads == ("a.py",)
    patch = "*** Begin Patch\n*** Delete File: a.py\n*** End Patch"
    assert before("apply_patch", command=patch).touched == ("a.py",)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ({"stdout": "a\nb", "stderr": "", "interrupted": False}, "a\nb"),
        ({"stderr": "c", "stdout": "a\nb\n"}, "a\nb\n\nc"),
        ({"output": "a", "token": "x"}, 'a\n{\n "token": "x"\n}'),
        ({"stdout": ["a"]}, '{\n "stdout": [\n  "a"\n ]\n}'),
    ],
)
def test_lines_of_an_output_are_its_own(result: dict[str, Any], text: str) -> None:
    event = event_of({"hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_response": result})
    assert event
    assert [piece.text for piece in event.pieces] == [text]
