"""The settings of agents: our hooks go in and out, and all else stays as it is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import Any

from keytrace.agents.agent import Agent
from keytrace.cache.atomic import write_text
from keytrace.errors import ScannerError
from keytrace.sources.content import read_file

_LIMIT = 2**24  # bytes of settings
_OURS = re.compile(r"\bkeytrace\b.* agent-hook --agent ")


def install(agent: Agent, path: str, command: str) -> bool:
    """Put our hooks into settings, in the place of older ones of ours; tell whether that changed anything."""
    text, settings = _load(path)
    before = json.dumps(settings)
    if text is None:
        settings = {**agent.head}
    _take_out(settings)
    hooks = settings.setdefault("hooks", {})
    for event, entry in agent.entries(command).items():
        listed = hooks.setdefault(event, [])
        if not isinstance(listed, list):
            raise _odd(path, f"hooks.{event} is no list")
        listed.append(entry)
    return _save(path, text, settings, before)


def uninstall(agent: Agent, path: str) -> bool:
    """Take our hooks out of settings, and tell whether there were any; settings of which nothing is left go."""
    text, settings = _load(path)
    before = json.dumps(settings)
    _take_out(settings)
    if text is not None and settings in ({}, dict(agent.head)) and json.dumps(settings) != before:
        os.unlink(path)
        return True
    return _save(path, text, settings, before)


def _load(path: str) -> tuple[str | None, dict[str, Any]]:
    """Return settings as text and value; raise ScannerError where rewriting them would lose something."""
    try:
        text = read_file(path, _LIMIT, follow=True).decode("utf-8-sig")
    except FileNotFoundError:
        return None, {}
    except OSError as error:
        raise ScannerError(f"cannot read {path}: {error.strerror}", "nothing was changed") from error
    except UnicodeDecodeError as error:
        raise _odd(path, "it is no UTF-8") from error
    try:
        settings = json.loads(text, object_pairs_hook=_unique) if text.strip() else {}
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
    if json.dumps(settings) == before:
        return False
    found = re.search(r"^([ \t]+)\S", text or "", re.MULTILINE)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise ScannerError(f"cannot make {os.path.dirname(path)}: {error.strerror}", "nothing was changed") from error
    with write_text(path) as stream:
        json.dump(settings, stream, ensure_ascii=False, indent=found[1] if found else 2)
        stream.write("\n" if text is None or text.endswith("\n") else "")
    return True
