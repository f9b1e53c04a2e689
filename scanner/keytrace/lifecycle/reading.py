"""The text of a file that a scan has looked at before: what cannot be read then has been told."""

from __future__ import annotations

from keytrace.errors import ScannerError
from keytrace.model import Artifact
from keytrace.text.encoding import decode


def text_of(artifact: Artifact, limit: int) -> bytes:
    """Return the text of a file as UTF-8, nothing where it has none or cannot be read."""
    try:
        return decode(artifact.read(limit)) or b""
    except (OSError, ScannerError):
        return b""
