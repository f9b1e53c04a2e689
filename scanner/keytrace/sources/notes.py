"""What a user should be told of what a source left out."""

from __future__ import annotations

from collections.abc import Iterable

from keytrace.model import Reason, Skipped

_SHOWN = 3  # paths in one note


def notes_on(skipped: Iterable[Skipped]) -> list[str]:
    """Return notes on files that the user named and an ignore file hid, and on the .env files that git ignores: these
    hold the keys of a project, and are what people forget.
    """
    notes = []
    named: dict[Reason, list[str]] = {}
    forgotten = []
    for one in skipped:
        if one.named:
            named.setdefault(one.reason, []).append(one.path)
        elif one.reason is Reason.GITIGNORE and _holds_keys(one.path):
            forgotten.append(one.path)
    for reason, paths in named.items():
        notes.append(f"{_listed(paths)}: named, but left out by {reason}")
    if forgotten:
        them = "it" if len(forgotten) == 1 else "them"
        notes.append(f"{_listed(forgotten)}: left out by .gitignore; name {them} to scan {them}")
    return notes


def _holds_keys(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(".env") or name.endswith(".env")


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
