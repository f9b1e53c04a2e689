"""The user's cache folder: parsed rules and compiled databases. Losing it costs time, never a finding."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def folder() -> Path | None:
    """Return the cache folder (`KEYTRACE_CACHE_DIR` or the platform's), or None where there is none to be had."""
    if chosen := os.environ.get("KEYTRACE_CACHE_DIR"):
        return Path(chosen)
    import platformdirs

    try:
        return Path(platformdirs.user_cache_dir("keytrace", appauthor=False))
    except (OSError, RuntimeError, KeyError):
        return None


def load(kind: str, key: str, *, check: bool = True) -> bytes | None:
    """Return what was stored under `key`, or None when it is missing, unreadable or damaged.

    Without `check`, damage is for the caller to see.
    """
    place = folder()
    if place is None:
        return None
    entry = place / f"{kind}-{key[:32]}"
    try:
        content = entry.read_bytes()
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(entry)  # what is in use is not dropped
    data = content[32:]
    return data if not check or sha256(data).digest() == content[:32] else None


def store(kind: str, key: str, data: bytes) -> None:
    """Store `data` under `key`: written aside, then renamed, so that two processes may do it at once."""
    place = folder()
    if place is None:
        return
    temporary = ""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(prefix=f"{kind}-", suffix=".tmp", dir=place)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(sha256(data).digest() + data)
        os.replace(temporary, place / f"{kind}-{key[:32]}")
        temporary = ""
        _drop_old(place, kind)
    except (OSError, ValueError):
        pass  # a read-only or full disk: work without a cache
    finally:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)


def _drop_old(place: Path, kind: str, keep: int = 8) -> None:
    entries = sorted(place.glob(f"{kind}-*"), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in entries[keep:]:
        with suppress(OSError):
            entry.unlink()
