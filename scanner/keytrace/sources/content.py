"""Reading files that may be anything, and no more of them than was asked for."""

from __future__ import annotations

import os
import stat
from typing import BinaryIO

from keytrace.errors import ScannerError
from keytrace.text.encoding import decode

SAMPLE = 8192  # bytes that tell binary from text
# Opening a FIFO must not wait for a writer, opening a terminal must not make it ours; Windows knows neither.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class TooLargeError(ScannerError):
    """Content of more bytes than are to be read."""

    def __init__(self, message: str, hint: str = "", is_binary: bool = False) -> None:
        super().__init__(message, hint)
        self.is_binary = is_binary

    def __reduce__(self) -> tuple[type[TooLargeError], tuple[str, str, bool]]:  # type: ignore[override]
        return type(self), (self.message, self.hint, self.is_binary)


def read_file(path: str, limit: int, *, follow: bool = False) -> bytes:
    """Return a regular file's content; raise OSError when unreadable, ScannerError for anything else than a file,
    TooLargeError for more than `limit` bytes.

    A symbolic link is an OSError unless `follow`.
    """
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | _NO_LINK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ScannerError("not a regular file")
        size = status.st_size
        if size > limit:
            raise beyond(os.read(descriptor, SAMPLE), limit)
        data = os.read(descriptor, size + 1)  # one byte more than expected: a short answer proves the end
        if len(data) != size:  # it changes while it is read, or the system tells no size, as for /proc
            while len(data) <= limit and (more := os.read(descriptor, limit + 1 - len(data))):
                data += more
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise beyond(data, limit)
    return data


def open_file(path: str, *, follow: bool = False) -> BinaryIO:
    """Open a regular file, to be read in parts; the errors are those of `read_file`."""
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | _NO_LINK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ScannerError("not a regular file")
    return os.fdopen(descriptor, "rb")


def beyond(start: bytes, limit: int) -> TooLargeError:
    """Return the error for too large a content that starts like this."""
    size = f"{limit / 2**20:.4g} MiB" if limit >= 2**20 else f"{limit} bytes"
    return TooLargeError(f"larger than {size}", "raise max-file-size to scan it", decode(start[:SAMPLE]) is None)
