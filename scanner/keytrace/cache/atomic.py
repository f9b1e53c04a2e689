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
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            if os.path.isdir(path):
                raise ScannerError(f"cannot write {path}: it is a folder", "name a file in it")
            with open(path, "w", encoding="utf-8", errors=errors, newline="\n") as stream:
                yield stream
            return
        path = os.path.realpath(path)
        with (
            aside(path) as (descriptor, temporary),
            open(descriptor, "w", encoding="utf-8", errors=errors, newline="\n") as stream,
        ):
            if not private:  # what is written aside is so
                os.chmod(temporary, usual_mode(path))
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        hint = "nothing was left behind; choose another place with -o"
        raise ScannerError(f"cannot write {path}: {error.strerror or error}", hint) from error


@contextmanager
def aside(path: str) -> Iterator[tuple[int, str]]:
    """Yield the descriptor and the name of a file, its owner's alone, that takes the place of `path` when the block
    ends well, and is gone when it does not.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=".keytrace-", dir=os.path.dirname(path))
    try:
        yield descriptor, temporary
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def usual_mode(path: str) -> int:
    """Return the mode that a file has, or that a new one gets."""
    return os.stat(path).st_mode & 0o7777 if os.path.exists(path) else new_mode(0o666)


def new_mode(most: int) -> int:
    """Return the mode that a new file gets which is to have `most`: what the user's mask leaves of it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return most & ~mask
