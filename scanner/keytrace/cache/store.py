"""The user's cache folder: parsed rules and compiled databases. Losing it costs time, never a finding.

Whoever can write to it could switch rules off. So what others may write to is not used, what is not as it was stored
is made anew, and both are told: `complaints`.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from keytrace.errors import ScannerError

_NAME = re.compile(r"(?P<kind>[a-z]+)-(?:[0-9a-f]{32}|\w+\.tmp)")  # of a file; those that end so are being written
_DIGEST = 32  # bytes before the content
_LINE = 2**16  # bytes in which its first line ends
_WAIT = 60.0  # seconds, for a process that makes the same; one that was stopped is not waited for
_complaints: dict[str, None] = {}


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


def load(kind: str, key: str) -> bytes | None:
    """Return what was stored under `key`, or None when it is missing, unreadable, damaged or open to others."""
    found = load_parts(kind, key)
    return None if found is None else b"".join(found)


def load_parts(kind: str, key: str) -> tuple[bytes, bytes] | None:
    """As `load`, the first line (if there is one) apart: what is long is read once, and never copied."""
    place = folder()
    if place is None or not _is_ours(place, place):
        return None
    entry = place / f"{kind}-{key[:32]}"
    try:
        with entry.open("rb", buffering=0) as stream:
            if not _is_ours(entry, stream.fileno()):
                return None
            known = stream.read(_DIGEST)
            line = stream.read(_LINE)
            line = line[: line.find(b"\n") + 1]
            stream.seek(_DIGEST + len(line))
            rest = stream.readall()
    except (OSError, ValueError):
        return None
    with suppress(OSError):
        os.utime(entry)  # what is in use is not dropped
    if digest(kind, key, line, rest) != known:
        drop_damaged(kind, key)
        return None
    return line, rest


def store(kind: str, key: str, data: bytes, keep: int = 16) -> bool:
    """Store `data` under `key`, and tell whether that could be done: written aside, then renamed, so that two processes
    may do it at once. Of a kind so many are kept.
    """
    import tempfile  # 3 ms to import

    temporary = ""
    try:
        place = _made()
        if place is None:
            return False
        descriptor, temporary = tempfile.mkstemp(prefix=f"{kind}-", suffix=".tmp", dir=place)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(digest(kind, key, data) + data)
        os.replace(temporary, place / f"{kind}-{key[:32]}")
        temporary = ""
        _drop_old(place, kind, keep)
    except (OSError, ValueError):
        return False  # a read-only or full disk: work without a cache
    finally:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
    return True


@contextmanager
def alone() -> Iterator[None]:
    """Hold the folder's lock, so that of processes that want what takes seconds to make one makes it. Without a lock
    (no folder, no locks on its disk, a holder that does not end) each makes it.
    """
    descriptor = _lock()
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _made() -> Path | None:
    """Return the folder, made where it was not there; None where there is none, or others may write to it."""
    place = folder()
    if place is None:
        return None
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place if _is_ours(place, place) else None


def _lock() -> int | None:
    try:
        import fcntl

        place = _made()
        if place is None:
            return None
        descriptor = os.open(place / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except (ImportError, OSError, ValueError):
        return None
    ends = time.monotonic() + _WAIT
    while time.monotonic() < ends:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        except OSError:
            break
        else:
            return descriptor
    os.close(descriptor)
    return None


class Entry(NamedTuple):
    """What is kept under one key."""

    path: Path
    kind: str
    size: int  # bytes


def entries() -> list[Entry]:
    """Return what is kept, by kind; none where the folder is not to be used."""
    place = folder()
    if place is None or not _is_ours(place, place):
        return []
    try:
        named = [(file, _NAME.fullmatch(file.name)) for file in sorted(place.iterdir())]
        return [Entry(file, name["kind"], file.stat().st_size) for file, name in named if name]
    except OSError:
        return []


def clear() -> int:
    """Drop what is kept, and return how many entries that were; raise ScannerError for what cannot be dropped."""
    dropped = entries()
    try:
        for entry in dropped:
            entry.path.unlink(missing_ok=True)
    except OSError as error:
        raise ScannerError(f"cannot delete {entry.path}: {error.strerror}") from error
    return len(dropped)


def digest(kind: str, key: str, *data: bytes) -> bytes:
    """Return the digest of `data` stored under `key`: the entry of another key does not have it."""
    state = sha256(f"{kind} {key}\0".encode())
    for part in data:
        state.update(part)
    return state.digest()


def drop_damaged(kind: str, key: str) -> None:
    """Remove an entry that is not what had been stored, and remember to tell of it: once, whenever it is made anew."""
    place = folder()
    if place is not None:
        with suppress(OSError):
            os.unlink(place / f"{kind}-{key[:32]}")
    _complaints[f"the cached {kind} in {place} were damaged or tampered with, and are not used"] = None


def complain_of_work() -> None:
    """Remember to tell that what took seconds to make could not be kept."""
    place = folder() or "your cache folder"
    _complaints[f"the compiled rules cannot be kept in {place}; KEYTRACE_CACHE_DIR names another folder"] = None


def complaints() -> list[str]:
    """Return, once, what the user should know about the cache."""
    told = list(_complaints)
    _complaints.clear()
    return told


def _is_ours(path: Path, opened: Path | int) -> bool:
    """Tell whether nobody but this user and root can have written a file or folder; one that is not there is ours."""
    if not hasattr(os, "geteuid"):  # Windows: the profile's permissions hold
        return True
    try:
        status = os.stat(opened)
    except (OSError, ValueError):
        return True
    if status.st_uid not in (os.geteuid(), 0):
        reason = "it belongs to another user"
    elif status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        reason = f"other users may write to it; `chmod go-w {path}` ends that"
    else:
        return True
    _complaints[f"the cache {path} is not used: {reason}"] = None
    return False


def _drop_old(place: Path, kind: str, keep: int) -> None:
    entries = sorted(place.glob(f"{kind}-*"), key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in entries[keep:]:
        with suppress(OSError):
            entry.unlink()
