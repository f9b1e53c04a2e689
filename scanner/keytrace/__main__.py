"""The command `keytrace`, also as `python -m keytrace`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def main() -> int:
    """Run a command. What is scanned is no part of the program, though PYTHONPATH or `python -m` may make it one."""
    _read_names_as_utf_8()
    sys.path[:] = [folder for folder in sys.path if not _is_scanned(folder)]
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
    is_ours = __file__.startswith(os.path.join(folder, "keytrace", ""))
    return not is_ours and (folder == here or (folder in named and folder.startswith(here)))


if __name__ == "__main__":
    sys.exit(main())
