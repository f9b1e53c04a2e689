"""What need not be scanned twice: digests of content, with its path, of which there was nothing to tell.

No secret is kept and no text: what has a finding, an error or a note is scanned again. Beside a digest stands what an
analyzer must know of that content to look at others, packed by it: names of a program, nothing that they hold.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b

from keytrace.cache import shipped, store
from keytrace.version import __version__

_KIND = "results"
_MOST = 32_000_000  # bytes of one file: some 300,000 programs, or a million other files
_ENTRY = struct.Struct("<16sI")  # the digest, and how long is what stands beside it
_KEPT = 4  # files, each of one configuration


class Results:
    """What is known of content under one configuration; `learned` is what a scan adds to it. Without a key it is
    forgotten with the process.
    """

    def __init__(self, key: str) -> None:
        self._key = key
        self._known = _unpacked(store.load(_KIND, key) or b"") if key else {}

    def take(self, known: Mapping[bytes, bytes]) -> None:
        """Take in what somebody else knows."""
        self._known.update(known)

    def find(self, digest: bytes) -> bytes | None:
        """Return what stands beside a digest; None where the content is not known."""
        return self._known.get(digest)

    def keep(self, learned: Mapping[bytes, bytes], used: Iterable[bytes]) -> None:
        """Add what was learned, and drop what was not `used` for longest where that is too much. What another process
        has stored meanwhile stays.
        """
        self._known.update(learned)
        if not learned or not self._key:
            return
        latest = _unpacked(store.load(_KIND, self._key) or b"")
        fresh = {digest: beside for digest in used if (beside := self._known.get(digest)) is not None} | dict(learned)
        ordered = {**{digest: beside for digest, beside in latest.items() if digest not in fresh}, **fresh}
        size = sum(_ENTRY.size + len(beside) for beside in ordered.values())
        for digest in list(ordered):
            if size <= _MOST:
                break
            size -= _ENTRY.size + len(ordered.pop(digest))
        packed = b"".join(_ENTRY.pack(digest, len(beside)) + beside for digest, beside in ordered.items())
        store.store(_KIND, self._key, packed, keep=_KEPT)


def mark(path: str, raw: bytes, asked: bytes = b"") -> bytes:
    """Return the digest of what is at a path, and of what is asked of it."""
    state = blake2b(path.encode("utf-8", "surrogatepass"), digest_size=16, key=asked)
    state.update(b"\0")
    state.update(raw)
    return state.digest()


_opened: dict[object, Results] = {}


def opened(setup: object) -> Results | None:
    """Return what is known under a setup, if this process has opened that, or the one that it was forked from."""
    return _opened.get(setup)


def open_(setup: object) -> Results:
    """Return what is known under a setup, read anew."""
    _opened.clear()
    _opened[setup] = Results(key(setup))
    return _opened[setup]


def hand(setup: object, known: Mapping[bytes, bytes], kept: object) -> Results:
    """Return what is known under a setup, with what is handed to it; it lasts as long as the process asks for the same.
    `kept` is the setup under which it is kept on disk, None if it is not.
    """
    if setup not in _opened:
        _opened.clear()
        _opened[setup] = Results(key(kept) if kept is not None else "")
    _opened[setup].take(known)
    return _opened[setup]


def key(setup: object) -> str:
    """Return what is kept for a setup under, by this version, with its rules, on this Python."""
    return digest(__version__, shipped.stamp(), sys.version, setup).hex()


def digest(*parts: object) -> bytes:
    """Return 16 bytes that are the same for equal parts: bytes, texts, numbers, collections, dataclasses of such."""
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(_flat(part))
    return state.digest()


def _flat(part: object) -> bytes:
    """Return a value as bytes, each with its length before it, so that no two values are alike."""
    if isinstance(part, bytes):
        content = part
    elif is_dataclass(part) and not isinstance(part, type):
        content = b"".join(_flat(getattr(part, field.name)) for field in fields(part))
    elif isinstance(part, Mapping):
        content = b"".join(sorted(_flat(key) + _flat(value) for key, value in part.items()))
    elif isinstance(part, set | frozenset):
        content = b"".join(sorted(map(_flat, part)))
    elif isinstance(part, tuple | list):
        content = b"".join(map(_flat, part))
    else:
        content = repr(part).encode("utf-8", "surrogatepass")
    return b"%s %d:%s" % (type(part).__name__.encode(), len(content), content)


def _unpacked(content: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    at = 0
    while at + _ENTRY.size <= len(content):
        known, size = _ENTRY.unpack_from(content, at)
        at += _ENTRY.size
        found[known] = content[at : at + size]
        at += size
    return found
