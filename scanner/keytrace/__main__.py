"""The command `keytrace`, also as `python -m keytrace`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run a command. What is scanned is no part of the program, though PYTHONPATH or `python -m` may make it one."""
    sys.path[:] = [folder for folder in sys.path if not _is_scanned(folder)]
    from keytrace.cli import main as run

    return run()


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
