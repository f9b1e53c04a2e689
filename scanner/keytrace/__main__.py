"""`python -m keytrace` is the command `keytrace`."""

from __future__ import annotations

import sys

from keytrace.cli import main

sys.exit(main())
