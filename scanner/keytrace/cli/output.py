"""Where `-o` may write: over what it wrote before, never over a file that is scanned, read or in git."""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from keytrace import git
from keytrace.errors import ScannerError

_OURS = re.compile(
    rb"""diff --git "?a/|\{\s*"\$schema":[^,]*sarif|\{\s*"source": \{"name": "keytrace"|# Rotate `"""
    rb"""|\{\s*"format": "keytrace-rotation/|\{"version": \d+, "repository": """
    rb"""|[^\n]+: (?:clean|not scanned|no findings, not all was scanned|\d+ findings?(?:, not all was scanned)?)\n"""
)


def keep_sources(path: str, root: str, scanned: Collection[str]) -> None:
    """Raise ScannerError where a file of the user's would be overwritten; `scanned` are paths from `root`."""
    real = os.path.realpath(path)
    if not os.path.isfile(real) or os.path.getsize(real) == 0 or _is_ours(real):
        return
    top = git.top_level(os.path.dirname(real))
    if os.path.relpath(real, os.path.realpath(root)) in scanned or (top and _is_tracked(real, top)):
        raise ScannerError(f"{path} is a source, and no output of an earlier run", "name another file with -o")


def keep_scanned(outputs: Collection[str], paths: Collection[str]) -> None:
    """Raise ScannerError where a report would take the place of a file that is named to be scanned."""
    files = {os.path.realpath(path) for path in paths if os.path.isfile(path)}
    for output in outputs:
        if os.path.realpath(output) in files:
            raise ScannerError(f"{output} is what is scanned", "name another file with -o")


def writable(path: str) -> None:
    """Raise ScannerError where a file cannot be written: before there is something to write."""
    if os.path.isdir(path):
        raise ScannerError(f"cannot write {path}: it is a folder", "name a file in it")
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    if not os.path.isdir(folder):
        raise ScannerError(f"cannot write {path}: there is no folder {folder}", "make it, or name another file with -o")
    if not os.access(real if os.path.exists(real) and not os.path.isfile(real) else folder, os.W_OK):
        raise ScannerError(f"cannot write {path}: permission denied", "name another file with -o")


def _is_ours(path: str) -> bool:
    try:
        with open(path, "rb") as stream:
            return _OURS.match(stream.read(400)) is not None
    except OSError:
        return False


def _is_tracked(path: str, top: str) -> bool:
    return bool(git.run(["--literal-pathspecs", "ls-files", "--", path], top))
