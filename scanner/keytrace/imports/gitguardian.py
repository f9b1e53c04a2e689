"""`.gitguardian.yaml`: secrets and paths that ggshield ignores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from keytrace.imports.foreign import Content, Entry, Foreign, digest_of, globs

_DIGEST = re.compile(r"[0-9a-f]{64}")


def read(content: Content) -> Foreign | None:
    """Return what it ignores. A match is a secret in clear or the digest that ggshield prints."""
    if not isinstance(content.yaml, dict):
        return None
    top = _spelled(content.yaml)
    if "gitguardian" not in content.name and not top.keys() & _OURS:
        return None
    if top.get("version", 1) not in (1, 2):
        raise content.of_unknown_version(top["version"])
    settings = {**top, **_spelled(top.get("secret"))}
    matches = _list(settings, "ignored_matches", "matches_ignore")
    values = [str(one.get("match", "") if isinstance(one, dict) else one) for one in matches]
    entries = tuple(Entry(digest=_digest(value)) for value in values)
    clear = sum(not _DIGEST.fullmatch(value) for value in values)
    notes = [f"{clear} of its matches are secrets in clear: put their digests there"] if clear else []
    notes += [f"'{key:.80}' is not honoured" for key, value in settings.items() if value and key not in _HEEDED]
    return Foreign(entries, globs(map(str, _list(settings, "ignored_paths", "paths_ignore"))), tuple(notes))


_OURS = {"secret", "matches_ignore", "paths_ignore", "ignored_matches", "ignored_paths"}
_HEEDED = {*_OURS, "version"}


def _digest(value: str) -> str:
    return value if _DIGEST.fullmatch(value) else digest_of(value)


def _spelled(table: object) -> dict[str, Any]:
    """Return a table with its keys as version 2 spells them; nothing of what is no table."""
    return {str(key).replace("-", "_"): value for key, value in table.items()} if isinstance(table, dict) else {}


def _list(settings: Mapping[str, Any], *keys: str) -> list[Any]:
    return [one for key in keys if isinstance(settings.get(key), list) for one in settings[key]]
