"""`python -m keytrace`, which is the command."""

from __future__ import annotations

import sys

from keytrace_command import main

if __name__ == "__main__":
    sys.exit(main())
