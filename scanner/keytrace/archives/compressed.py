"""Single compressed files: gzip, bzip2, xz, lzma, zstd. An archive in one, as in `.tar.gz`, is taken for what it is."""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any

from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_CHUNK = 2**16
_STEP = 2**9  # bytes
_XZ_MEMORY = 2**27  # bytes that a dictionary may take; 64 MiB is what `xz -9` makes
_ZSTD = b"\x28"
_ENDINGS = re.compile(r"\.(?:gz|bz2|xz|lzma|zst|zstd)$", re.IGNORECASE)
_TARS = re.compile(r"\.t(?:gz|bz2?|xz|lz|zst)$", re.IGNORECASE)


class Unpacked:
    """What a stream unpacks to, as much as is asked for; another one may follow each stream, unless there is `once`."""

    def __init__(self, make: Callable[[], Any], source: Content, *, once: bool = False) -> None:
        self._make = make
        self._source = source
        self._once = once
        self._stream = make()
        self._left = b""  # compressed
        self._step = _STEP

    def read(self, size: int) -> bytes:
        """Return some of what comes next; little at first, because what damage is met with is lost."""
        size = min(size, self._step)
        while True:
            if self._stream.eof:
                self._left = b"" if self._once else self._next_stream()
                if not self._left:
                    return b""
                self._stream = self._make()
            data, hungry = self._unpack(size)
            if data:
                self._step += len(data)
                return data
            if hungry and not self._stream.eof:
                self._left = self._source.read(_CHUNK)
                if not self._left:
                    raise DamagedError("it ends too early")

    def _unpack(self, size: int) -> tuple[bytes, bool]:
        """Return what the stream makes of what is left, and whether it needs more."""
        given, self._left = self._left, b""
        data = bytes(self._stream.decompress(given, size))
        if hasattr(self._stream, "unconsumed_tail"):  # zlib keeps nothing
            self._left = self._stream.unconsumed_tail
            return data, not self._left
        return data, self._stream.needs_input

    def _next_stream(self) -> bytes:
        """Return the beginning of the next stream; zeros between them are padding."""
        rest = bytes(self._stream.unused_data).lstrip(b"\0")
        while not rest and (more := self._source.read(_CHUNK)):
            rest = more.lstrip(b"\0")
        return rest


@cache
def zstd_library() -> Any:
    """Return the module that reads zstd: Python's from 3.14 on, else that of the extra; None when there is none."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return import_module(name)
    return None


# What makes an object that unpacks a stream, by its first byte.
MAKE: dict[bytes, Callable[[], Any]] = {
    b"\x1f": lambda: zlib.decompressobj(31),
    b"B": bz2.BZ2Decompressor,
    b"\xfd": lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY),
    b"\x5d": lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_XZ_MEMORY),
    _ZSTD: lambda: zstd_library().ZstdDecompressor(),
}


def _members(content: Content, name: str) -> Iterator[Member | Left]:
    unpacked = Unpacked(MAKE[content.peek(1)], content)
    yield Member(_inner(name), content.unpacked(unpacked.read), is_all=True)


def _inner(name: str) -> str:
    """Return what `gunzip` would call it."""
    last = name.rpartition("/")[2]
    return _TARS.sub(".tar", _ENDINGS.sub("", last))


FORMAT = Format(
    "compressed",
    _members,
    frozenset(("tar", "cpio")),
    lambda head: head[:1] != _ZSTD or zstd_library() is not None,
)
