"""Writing a changed file: only over what was read, whole or not at all, with the mode that it had."""

from __future__ import annotations

import os
import stat

from keytrace.cache.atomic import aside, usual_mode
from keytrace.errors import ScannerError


def write(path: str, before: bytes | None, after: bytes, *, private: bool = False) -> None:
    """Put `after` in the place of `before` (None: there is no such file); raise ScannerError where that cannot be.

    A `private` file is its owner's alone.
    """
    path = os.path.realpath(path)
    check(path, before)
    try:
        with aside(path) as (descriptor, temporary):
            with open(descriptor, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, 0o600 if private else usual_mode(path))
            check(path, before)
    except OSError as error:
        raise _failed(path, error) from error


def check(path: str, before: bytes | None) -> None:
    """Raise ScannerError where a file is not what was read, or is not to be written."""
    if before is None:
        if os.path.lexists(path):
            raise ScannerError(f"{path} is there now", "it changed since the scan: run it again")
        return
    try:
        with open(path, "rb") as stream:
            content = stream.read()
        is_locked = not os.stat(path).st_mode & stat.S_IWUSR or not os.access(path, os.W_OK)
    except OSError as error:
        raise _failed(path, error) from error
    if content != before:
        raise ScannerError(f"{path} changed since the scan", "it was not touched: run it again")
    if is_locked:
        raise ScannerError(f"{path} is read-only", "it was not touched")


def _failed(path: str, error: OSError) -> ScannerError:
    return ScannerError(f"cannot write {path}: {error.strerror or type(error).__name__}", "the file is as it was")
