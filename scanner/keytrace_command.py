"""The command `keytrace`, before its package is imported: what is scanned may hold a folder of the same name, and
PYTHONPATH or `python -m` may make that a part of the program.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

_OURS = os.path.dirname(os.path.abspath(__file__))


def main() -> int:
    """Run a command."""
    _read_names_as_utf_8()
    found = [folder for folder in sys.path if not _is_scanned(folder)]
    sys.path[:] = [_OURS, *found]
    import_module("keytrace")  # of the same installation as this file, whatever else is called so

    sys.path[:] = found
    from keytrace.cli import main as run

    return run()


def _read_names_as_utf_8() -> None:
    """Start anew where the locale has names of files read as anything else: fingerprints and baselines are made of
    them, and the same everywhere. What a terminal is shown stays in the encoding of the locale.
    """
    if sys.getfilesystemencoding() == "utf-8" or "utf8" in sys._xoptions or not sys.executable:
        return
    if sys.stdout is not None:
        os.environ.setdefault("PYTHONIOENCODING", sys.stdout.encoding)
    with suppress(OSError):
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])  # noqa: S606 - as it was started


def _is_scanned(folder: str) -> bool:
    """Tell whether modules would come from the current folder, or from below where PYTHONPATH names that."""
    try:
        here = os.path.join(os.getcwd(), "")
    except OSError:  # it is gone
        return False
    folder = os.path.join(os.path.abspath(folder), "")
    named = [os.path.join(os.path.abspath(name), "") for name in os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    is_ours = folder == os.path.join(_OURS, "")
    return not is_ours and (folder == here or (folder in named and folder.startswith(here)))
