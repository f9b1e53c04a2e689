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
    try:
        _refuse(path, before)
        with aside(path) as (descriptor, temporary):
            with open(descriptor, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, 0o600 if private else usual_mode(path))
            _refuse(path, before)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ScannerError(f"cannot write {path}: {why}", "the file is as it was") from error


def _refuse(path: str, before: bytes | None) -> None:
    """Raise ScannerError where a file is not what was read, or is not to be written."""
    if before is None:
        if os.path.lexists(path):
            raise ScannerError(f"{path} is there now", "it changed since the scan: run it again")
        return
    with open(path, "rb") as stream:
        if stream.read() != before:
            raise ScannerError(f"{path} changed since the scan", "it was not touched: run it again")
    if not os.stat(path).st_mode & stat.S_IWUSR or not os.access(path, os.W_OK):
        raise ScannerError(f"{path} is read-only", "it was not touched")
