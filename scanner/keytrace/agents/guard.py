"""What an agent changes of what guards it: the configuration that says what counts, and the settings with our hooks."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator

from keytrace.agents.event import Event
from keytrace.config import BASELINE_NAME
from keytrace.config.gitleaks import GITLEAKS_NAME
from keytrace.errors import ScannerError
from keytrace.imports import HEEDED
from keytrace.sources.content import read_file

_LIMIT = 2**24  # bytes of a file that is looked at
_OURS = ("keytrace.toml", ".keytraceignore", BASELINE_NAME, GITLEAKS_NAME, *HEEDED)
_SHARED = "pyproject.toml"
_HOOK = "agent-hook"


def warning(event: Event, root: str, settings: Collection[str]) -> str:
    """Return what to say of an event that changes what guards it, empty where it does not; `settings` are those of
    agents, relative to their project or their user's folder.
    """
    names = dict.fromkeys(_named(event, root, settings))
    if not names:
        return ""
    return f"keytrace: the agent changes {', '.join(names)}, which decides what keytrace stops: look at that change"


def _named(event: Event, root: str, settings: Collection[str]) -> Iterator[str]:
    for path in event.touched:
        plain = os.path.normpath(path).replace(os.sep, "/")
        file = os.path.join(event.folder or root, os.path.expanduser(path))
        name = os.path.basename(plain)
        if name in _OURS or (name == _SHARED and _is_about(event, file)):
            yield name
        yield from (one for one in settings if f"/{plain}".endswith(f"/{one}") and _holds(file, _HOOK))
    commands = "\n".join(piece.text for piece in event.pieces if piece.path == "command.sh")
    for name in (*_OURS, *settings, f"{_HOOK} uninstall"):
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", commands):
            yield name


def _is_about(event: Event, file: str) -> bool:
    """Tell whether a file that others use, too, has a word for us, or is to have one."""
    return _holds(file, "tool.keytrace") or any("keytrace" in piece.text for piece in event.pieces)


def _holds(file: str, word: str) -> bool:
    try:
        return word.encode() in read_file(file, _LIMIT, follow=True)
    except (OSError, ValueError, ScannerError):
        return False
