"""What an agent tells before a prompt is sent, before it uses a tool and after: the texts in it, whoever tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Phase(Enum):
    PROMPT = "prompt"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, and the path of the file that it is to be written to, else a name that says its kind, and what it is."""

    text: str
    path: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What an agent is about to do or did; `reads` are files that the model is to see."""

    phase: Phase
    pieces: tuple[Piece, ...]
    reads: tuple[str, ...]
    folder: str  # where the agent works; empty where it does not say


_PROMPTS = ("userpromptsubmit", "beforesubmitprompt", "beforeagent", "preuserprompt")
_ASKED = ("prompt", "user_prompt")
_READERS = re.compile(r"read|view|cat_file|open_file")
_RESULTS = ("tool_response", "tool_result", "toolResult", "tool_output", "output", "result_json", "mcp_result")
_PATHS = ("file_path", "filePath", "path", "absolute_path", "notebook_path", "target_file")
_WRITTEN = ("content", "new_string", "new_str", "newString", "new_source", "contents", "file_text")
_COMMANDS = ("command", "command_line", "cmd", "script")
_MENTION = re.compile(r"(?<![\w@/])@([^\s@,;:!?\"'`()<>]+)")
_PATCH = "*** Begin Patch"


def event_of(told: Mapping[str, Any]) -> Event | None:
    """Return what is told, None where it is nothing that carries text out: the end of a session, a notice."""
    name = str(told.get("hook_event_name") or told.get("agent_action_name") or _name_by_fields(told))
    plain = name.replace("_", "").lower()
    given = _mapping(_first(told, ("tool_info", "tool_input", "toolArgs")) or {})
    folder = _first(told, ("cwd", "workspace_roots"))
    folder = folder[0] if isinstance(folder, list) else folder
    folder = folder if isinstance(folder, str) else ""
    if plain.startswith(_PROMPTS):
        prompt = _text(_first(told, _ASKED) or _first(given, _ASKED))
        return Event(Phase.PROMPT, _piece(prompt, "prompt", "the prompt"), tuple(_MENTION.findall(prompt)), folder)
    if plain.startswith(("pre", "before")):
        return _before(str(_first(told, ("tool_name", "toolName")) or name), given or _plain(told), folder)
    if plain.startswith(("post", "after")):
        results = [_text(place[name]) for place in (told, given) for name in _RESULTS if place.get(name)]
        return Event(Phase.AFTER, _piece("\n".join(results), "output", "the output"), (), folder)
    return None


def _name_by_fields(told: Mapping[str, Any]) -> str:
    """Return the event of an agent that does not name it, as Copilot CLI with names in camelCase."""
    if "toolName" in told:
        return "postToolUse" if "toolResult" in told else "preToolUse"
    return "userPromptSubmitted" if "prompt" in told else ""


def _before(tool: str, given: Mapping[str, Any], folder: str) -> Event:
    path = _first(given, _PATHS)
    path = path if isinstance(path, str) else ""
    pieces = tuple(_pieces(given, path))
    is_read = bool(path) and not pieces and _READERS.search(tool.lower()) is not None
    return Event(Phase.BEFORE, pieces, (path,) if is_read else (), folder)


def _pieces(given: Mapping[str, Any], path: str) -> Iterator[Piece]:
    """Yield what a tool is handed: what it is to write, to run, else all of it; never what an edit takes out."""
    written, command = [*_written(given)], _text(_first(given, _COMMANDS))
    if _PATCH in (patch := "\n".join((command, *written, _text(given.get("input"))))):
        yield from _patched(patch)
    elif written:
        yield from _piece("\n\n".join(written), path or "text", "" if path else "what is to be written")
    elif command:
        yield from _piece(command, "command.sh", "the command")
    elif not path:
        rest = {key: value for key, value in given.items() if not key.startswith("old")}
        yield from _piece(_text(rest or None), "input.json", "what the tool is handed")


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event tells of a tool that has an event of its own, beside all else that it tells."""
    return {name: told[name] for name in (*_WRITTEN, *_COMMANDS, *_PATHS) if name in told}


def _written(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a write or an edit, or each of several, puts in."""
    edits = given["edits"] if isinstance(given.get("edits"), list) else []
    for one in (given, *map(_mapping, edits)):
        yield from (one[name] for name in _WRITTEN if isinstance(one.get(name), str))


def _patched(text: str) -> Iterator[Piece]:
    """Yield the lines that a patch adds, file by file."""
    for part in re.split(r"^\*\*\* (?:Add|Update|Delete) File: ", text, flags=re.MULTILINE)[1:]:
        path, _, body = part.partition("\n")
        added = [line[1:] for line in body.split("\n") if line.startswith("+")]
        yield from _piece("\n".join(added), path.strip() or "text")


def _piece(text: str, path: str, label: str = "") -> tuple[Piece, ...]:
    return (Piece(text, path, label),) if text.strip() else ()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, which some agents hand over as JSON in a text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {"input": value}
    return value if isinstance(value, Mapping) else {}


def _first(place: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return what stands under the first of these names that has something."""
    return next((place[name] for name in names if place.get(name)), None)
