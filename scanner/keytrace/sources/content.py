"""Reading files that may be anything, and no more of them than was asked for."""

from __future__ import annotations

import os
import stat

from keytrace.errors import ScannerError
from keytrace.text.encoding import decode

SAMPLE = 8192  # bytes that tell binary from text
# Opening a FIFO must not wait for a writer, opening a terminal must not make it ours; Windows knows neither.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def read_file(path: str, limit: int, *, follow: bool = False) -> bytes:
    """Return a regular file's content; raise OSError when unreadable, ScannerError for anything else than a file.

    A file of more than `limit` bytes is dealt with by `beyond`. A symbolic link is an OSError unless `follow`.
    """
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | _NO_LINK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ScannerError("not a regular file")
        size = status.st_size
        if size > limit:
            return beyond(os.read(descriptor, SAMPLE), limit)
        data = os.read(descriptor, size + 1)  # one byte more than expected: a short answer proves the end
        if len(data) != size:  # it changes while it is read, or the system tells no size, as for /proc
            while len(data) <= limit and (more := os.read(descriptor, limit + 1 - len(data))):
                data += more
    finally:
        os.close(descriptor)
    return data if len(data) <= limit else beyond(data, limit)


def beyond(start: bytes, limit: int) -> bytes:
    """Return a sample of too large a content when it is binary, and so of no interest; raise ScannerError for text."""
    sample = start[:SAMPLE]
    if decode(sample) is None:
        return sample
    size = f"{limit / 2**20:.4g} MiB" if limit >= 2**20 else f"{limit} bytes"
    raise ScannerError(f"larger than {size}", "raise max-file-size to scan it")
