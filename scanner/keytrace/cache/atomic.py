"""Write a file wholly or not at all: aside first, then rename."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from keytrace.errors import ScannerError


@contextmanager
def write_text(path: str, *, private: bool = False) -> Iterator[TextIO]:
    """Yield a stream whose content becomes the file `path` when the block ends well; raise ScannerError when it cannot.

    A device or pipe, such as /dev/stdout, is written to directly. An existing file keeps its mode; a `private` one is
    its owner's alone, and its text may hold undecodable bytes as surrogates.
    """
    errors = "surrogateescape" if private else "strict"
    temporary = ""
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            if os.path.isdir(path):
                raise ScannerError(f"cannot write {path}: it is a folder", "name a file in it")
            with open(path, "w", encoding="utf-8", errors=errors, newline="\n") as stream:
                yield stream
            return
        path = os.path.realpath(path)
        descriptor, temporary = tempfile.mkstemp(prefix=".keytrace-", dir=os.path.dirname(path))
        with open(descriptor, "w", encoding="utf-8", errors=errors, newline="\n") as stream:
            if not private:  # mkstemp's are so
                os.chmod(temporary, usual_mode(path))
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        temporary = ""
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        hint = "nothing was left behind; choose another place with -o"
        raise ScannerError(f"cannot write {path}: {error.strerror or error}", hint) from error
    finally:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)


def usual_mode(path: str) -> int:
    """Return the mode that a file has, or that a new one gets."""
    if os.path.exists(path):
        return os.stat(path).st_mode & 0o7777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
