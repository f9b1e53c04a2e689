"""Where artifacts come from. A source finds them one after the other; reading them is up to whoever scans them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from keytrace.model import Artifact, ScanError, Skipped


class Source(Protocol):
    """Something with artifacts."""

    def artifacts(self) -> Iterator[Artifact | ScanError | Skipped]:
        """Yield artifacts in an order that does not change between runs, an error for each that cannot be had, and what
        is left out.

        Raise ScannerError before the first of them where the user must act.
        """
