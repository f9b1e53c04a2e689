"""What an agent tells before a prompt is sent, before it uses a tool and after: the texts in it, whoever tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from keytrace.agents.edits import WRITTEN, Edit, edits_of, edits_of_patch


class Phase(Enum):
    PROMPT = "prompt"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text, and the path of the file that it is to be written to, else a name that says its kind, and what it is;
    `edits` where the text comes in place of another; `is_read`: the file is read, and its content comes along.
    """

    text: str
    path: str
    label: str = ""
    edits: tuple[Edit, ...] = ()
    is_read: bool = False

    @property
    def called(self) -> str:
        """What an answer calls it, with {} for its path."""
        return self.label or ("{}" if self.is_read else "what is to be written to {}")


@dataclass(frozen=True, slots=True)
class Event:
    """What an agent is about to do or did; `reads` are files that the model is to see, `touched` those to be changed.

    `odd` says what is not as it should be: then the pieces are all that was told.
    """

    phase: Phase
    pieces: tuple[Piece, ...]
    reads: tuple[str, ...]
    folder: str  # where the agent works; empty where it does not say
    touched: tuple[str, ...] = ()
    odd: str = ""


_PROMPTS = ("userpromptsubmit", "beforesubmitprompt", "beforeagent", "preuserprompt")
_SILENT = frozenset((
    "stop", "subagentstop", "subagentstart", "agentstop", "sessionstart", "sessionend", "notification",
    "precompact", "postcompact", "precompress", "erroroccurred",
))  # fmt: skip
_NAMED = ("hook_event_name", "hookEventName", "agent_action_name")
_GIVEN = ("tool_info", "tool_input", "toolInput", "toolArgs")
_ASKED = ("prompt", "user_prompt", "userPrompt")
_READERS = re.compile(r"read|view|cat_file|open_file")
_RESULTS = ("tool_response", "toolResponse", "tool_result", "toolResult", "tool_output", "toolOutput", "output",
            "result_json", "mcp_result")  # fmt: skip
_STREAMS = ("stdout", "output", "llmContent", "stderr")  # of a result that is an object: they count lines from 1
_PATHS = ("file_path", "filePath", "path", "absolute_path", "notebook_path", "target_file")
_COMMANDS = ("command", "command_line", "cmd", "script")
_BESIDE = ("description", "cwd", "workdir")  # what is told of a command
_MENTION = re.compile(r"""(?<![\w@/])@(?:(["'])((?!\1).+?)\1|([^\s@,;:!?"'`()<>]+))""")
_PATCH = "*** Begin Patch"
_PATCHED = re.compile(r"^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")  # of JSON: what is searched is what it stands for
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ODD = {
    Phase.PROMPT: "no prompt stands where one should",
    Phase.BEFORE: "what the tool is handed does not stand where it should",
    Phase.AFTER: "what the tool gave back does not stand where it should",
    None: "it is of no kind that keytrace knows",
}


def event_of(told: Mapping[str, Any]) -> Event | None:
    """Return what is told, None where it is known to carry no text out: the end of a session, a notice.

    What is not understood is an event all the same: of all that is told.
    """
    name = str(_first(told, _NAMED) or _name_by_fields(told))
    plain = name.replace("_", "").lower()
    if plain in _SILENT:
        return None
    phase, event = _phase(plain), None
    folder, given = _folder(told), _given(told)
    if phase is Phase.PROMPT:
        event = _prompt(told, given or {}, folder)
    elif phase is Phase.BEFORE and (handed := given or _plain(told) or given) is not None:
        event = _before(str(_first(told, ("tool_name", "toolName")) or name), handed, folder)
    elif phase is Phase.AFTER:
        event = _after(told, given or {}, folder)
    whole = Piece(_text(told), "event.json", "the event")
    return event or Event(phase or Phase.BEFORE, (whole,), (), folder, odd=_ODD[phase])


def _folder(told: Mapping[str, Any]) -> str:
    folder = _first(told, ("cwd", "workspace_roots"))
    folder = folder[0] if isinstance(folder, list) else folder
    return folder if isinstance(folder, str) else ""


def _phase(plain: str) -> Phase | None:
    if plain.startswith(_PROMPTS):
        return Phase.PROMPT
    if plain.startswith(("pre", "before")):
        return Phase.BEFORE
    return Phase.AFTER if plain.startswith(("post", "after")) else None


def _name_by_fields(told: Mapping[str, Any]) -> str:
    """Return the event of an agent that does not name it, as Copilot CLI with names in camelCase."""
    if "toolName" in told:
        return "postToolUse" if "toolResult" in told else "preToolUse"
    return "userPromptSubmitted" if "prompt" in told else ""


def _given(told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a tool is handed, None where that is not told or is no object."""
    value = next((told[name] for name in _GIVEN if name in told), None)
    return _mapping(value) if isinstance(value, str | Mapping) else None


def _prompt(told: Mapping[str, Any], given: Mapping[str, Any], folder: str) -> Event | None:
    asked = [place[name] for place in (told, given) for name in _ASKED if isinstance(place.get(name), str)]
    if not asked:
        return None
    prompt = "\n".join(asked)
    return Event(Phase.PROMPT, _piece(prompt, "prompt", "the prompt"), tuple(_mentioned(prompt)), folder)


def _mentioned(prompt: str) -> dict[str, None]:
    """Return the names of files that a prompt mentions; a sentence may end behind one."""
    names = [quoted or plain for _, quoted, plain in _MENTION.findall(prompt)]
    return dict.fromkeys(name for one in names for name in (one, one.rstrip(".")) if name)


def _after(told: Mapping[str, Any], given: Mapping[str, Any], folder: str) -> Event | None:
    results = [_shown(place[name]) for place in (told, given) for name in _RESULTS if name in place]
    return Event(Phase.AFTER, _piece("\n".join(results), "output", "the output"), (), folder) if results else None


def _shown(result: Any) -> str:
    """Return what a tool gave back: its output as it is, so that lines are those of the output, then all else."""
    if not isinstance(result, Mapping):
        return _text(result)
    streams = [result[name] for name in _STREAMS if isinstance(result.get(name), str) and result[name].strip()]
    rest = {key: value for key, value in result.items() if key not in _STREAMS or not isinstance(value, str)}
    says_more = any(isinstance(value, str | list | Mapping) for value in rest.values())
    return "\n".join((*streams, _text(rest))) if says_more else "\n".join(streams)


def _before(tool: str, given: Mapping[str, Any], folder: str) -> Event:
    path = _first(given, _PATHS)
    path = path if isinstance(path, str) else ""
    written, command = [*_written(given)], _text(_first(given, _COMMANDS))
    patch = "\n".join((command, *written, _text(given.get("input"))))
    if _PATCH in patch:
        return Event(Phase.BEFORE, tuple(_patched(patch)), (), folder, tuple(map(str.strip, _PATCHED.findall(patch))))
    is_reader = _READERS.search(tool.lower()) is not None
    read = (path,) if path and is_reader and not written else ()
    touched = (path,) if path and not is_reader else ()
    pieces = tuple(replace(piece, is_read=is_reader) for piece in _pieces(given, path, written, command))
    return Event(Phase.BEFORE, pieces, read, folder, touched)


def _pieces(given: Mapping[str, Any], path: str, written: list[str], command: str) -> tuple[Piece, ...]:
    """Return what a tool is handed: what it is to write, to run, else all of it; never what an edit takes out."""
    if written and path:
        return _piece("\n\n".join(written), path, edits=edits_of(_places(given)))
    said = next((name for name in _COMMANDS if given.get(name)), "") if command else ""
    left_out = {said, *(_BESIDE if command else ()), *(_PATHS if path else ())}
    rest = {key: value for key, value in _without_old(given).items() if key not in left_out}
    if command and not any(isinstance(value, str | list | Mapping) for value in rest.values()):
        rest = {}  # how long it may take, and the like
    handed = _piece(_text(rest or None), "input.json", "what the tool is handed")
    return (*_piece(command, "command.sh", "the command"), *handed)


def _without_old(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_old(one) for key, one in value.items() if not key.startswith("old")}
    return [*map(_without_old, value)] if isinstance(value, list) else value


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event tells of a tool that has an event of its own, beside all else that it tells."""
    return {name: told[name] for name in (*WRITTEN, *_COMMANDS, *_PATHS) if name in told}


def _written(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a write or an edit, or each of several, puts in."""
    for one in _places(given):
        yield from (one[name] for name in WRITTEN if isinstance(one.get(name), str))


def _places(given: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    edits = given["edits"] if isinstance(given.get("edits"), list) else []
    return (given, *map(_mapping, edits))


def _patched(text: str) -> Iterator[Piece]:
    """Yield the lines that a patch adds, file by file."""
    for part in re.split(r"^\*\*\* (?:Add|Update|Delete) File: ", text, flags=re.MULTILINE)[1:]:
        path, _, body = part.partition("\n")
        added = [line[1:] for line in body.split("\n") if line.startswith("+")]
        yield from _piece("\n".join(added), path.strip() or "text", edits=tuple(edits_of_patch(body)))


def _piece(text: str, path: str, label: str = "", edits: tuple[Edit, ...] = ()) -> tuple[Piece, ...]:
    return (Piece(text, path, label, edits),) if text.strip() else ()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    shown = json.dumps(value, ensure_ascii=False, indent=1)
    return _ESCAPE.sub(lambda found: _PLAIN.get(found[1], found[0]), shown)


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, which some agents hand over as JSON in a text."""
    if isinstance(text := value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"input": text}
        return value if isinstance(value, Mapping) else {"input": text}
    return value if isinstance(value, Mapping) else {}


def _first(place: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return what stands under the first of these names that has something."""
    return next((place[name] for name in names if place.get(name)), None)
