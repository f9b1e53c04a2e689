"""The settings of agents: our hooks go in and out, and all else stays as it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from keytrace.agents.agent import Agent
from keytrace.cache.atomic import write_text
from keytrace.errors import ScannerError
from keytrace.sources.content import read_file

_LIMIT = 2**24  # bytes of settings
_OURS = re.compile(r"\bkeytrace\b.* agent-hook --agent ")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of JSON as it is written: 1.10 and 1e400 are not what Python would make of them."""

    text: str


def install(agent: Agent, path: str, command: str) -> bool:
    """Put our hooks into settings, in the place of older ones of ours; tell whether that changed anything."""
    text, settings = _load(path)
    before = _dump(settings)
    if text is None:
        settings = {**agent.head}
    for event in agent.entries(command):
        if not _is_of_our_form(settings.get("hooks", {}).get(event, [])):
            raise _odd(path, f"hooks.{event} is no list of objects as {agent.name} documents it")
    _take_out(settings)
    hooks = settings.setdefault("hooks", {})
    for event, entry in agent.entries(command).items():
        hooks.setdefault(event, []).append(entry)
    return _save(path, text, settings, before)


def uninstall(agent: Agent, path: str) -> bool:
    """Take our hooks out of settings, and tell whether there were any; settings of which nothing is left go, with the
    folders that held nothing else, unless they are on one line: such were there before us, and empty.
    """
    text, settings = _load(path)
    before = _dump(settings)
    _take_out(settings)
    is_ours = text is not None and _indent(text) is not None
    if is_ours and _dump(settings) in ("{}", _dump(dict(agent.head))) and _dump(settings) != before:
        os.unlink(path)
        _leave(agent, path)
        return True
    return _save(path, text, settings, before)


def _load(path: str) -> tuple[str | None, dict[str, Any]]:
    """Return settings as text and value; raise ScannerError where rewriting them would lose something."""
    if os.path.isdir(path):
        raise ScannerError(f"{path} is a folder", "the settings of an agent are a file: move the folder away")
    try:
        text = read_file(path, _LIMIT, follow=True).decode("utf-8-sig")
    except FileNotFoundError:
        return None, {}
    except OSError as error:
        hint = "nothing was changed; the settings of an agent are a file in a folder"
        raise ScannerError(f"cannot read {path}: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise _odd(path, "it is no UTF-8") from error
    try:
        settings = (
            json.loads(
                text, object_pairs_hook=_unique, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant
            )
            if text.strip()
            else {}
        )
        _dump(settings).encode()  # half a character, as an escape, cannot be written
    except (ValueError, RecursionError) as error:
        raise _odd(path, f"it is no plain JSON ({error})") from error
    hooks = settings.get("hooks", {}) if isinstance(settings, dict) else None
    if not isinstance(hooks, dict):
        raise _odd(path, "its hooks are of another form")
    return text, settings


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a name twice in one object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _dump(settings: Any, indent: str | int | None = None) -> str:
    """Return settings as JSON, their numbers as they are written."""
    mark = "a number of JSON: "
    plain = json.dumps(settings, ensure_ascii=False, default=lambda one: one.text)
    while mark in plain:
        mark += ":"  # somebody has it in a text of theirs
    shown = json.dumps(
        settings, ensure_ascii=False, allow_nan=False, indent=indent, default=lambda one: mark + one.text
    )
    return re.sub(f'"{mark}([^"]*)"', r"\1", shown)


def _indent(text: str | None) -> str | int | None:
    """Return how settings are indented, None for one line; those that are new are by two."""
    found = re.search(r"^([ \t]+)\S", text or "", re.MULTILINE)
    return 2 if text is None else found[1] if found else None


def _is_of_our_form(listed: Any) -> bool:
    """Tell whether what an event has is a list of hooks, or of groups of hooks."""
    return isinstance(listed, list) and all(
        isinstance(one, dict) and isinstance(one.get("hooks", []), list) for one in listed
    )


def _leave(agent: Agent, path: str) -> None:
    """Remove the folders of settings that are gone, where nothing else is in them."""
    files = [one for one in (agent.project_file, agent.user_file) if path.replace(os.sep, "/").endswith(f"/{one}")]
    for _ in range(max((one.count("/") for one in files), default=0)):
        path = os.path.dirname(path)
        with suppress(OSError):
            os.rmdir(path)


def _odd(path: str, why: str) -> ScannerError:
    return ScannerError(
        f"{path} is not touched: {why}", "`keytrace agent-hook install --print AGENT` shows what belongs in"
    )


def _take_out(settings: dict[str, Any]) -> None:
    """Take our entries out, and what held nothing else."""
    hooks = settings.get("hooks", {})
    for event, listed in [*hooks.items()]:
        if isinstance(listed, list) and (kept := [one for one in listed if not _is_ours(one)]) != listed:
            hooks[event] = kept
            if not kept:
                del hooks[event]
    if "hooks" in settings and not hooks:
        del settings["hooks"]


def _is_ours(entry: Any) -> bool:
    """Tell whether an entry, or each hook of a group, is ours."""
    if not isinstance(entry, dict):
        return False
    inner: Iterable[Any] = entry["hooks"] if isinstance(entry.get("hooks"), list) else [entry]
    commands = [one.get("command") for one in inner if isinstance(one, dict)]
    return bool(commands) and all(isinstance(one, str) and _OURS.search(one) for one in commands)


def _save(path: str, text: str | None, settings: dict[str, Any], before: str) -> bool:
    """Write settings that have changed, indented as they were."""
    if _dump(settings) == before:
        return False
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise ScannerError(f"cannot make {os.path.dirname(path)}: {error.strerror}", "nothing was changed") from error
    with write_text(path) as stream:
        stream.write(_dump(settings, _indent(text)))
        stream.write("\n" if text is None or text.endswith("\n") else "")
    return True
