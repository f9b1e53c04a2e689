"""The stable identity of a finding: safe to publish, and the same after lines are inserted above it."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256


class Fingerprints:
    """Fingerprints of the findings of one document, in order of position."""

    def __init__(self, path: str) -> None:
        self._path = path.encode("utf-8", "surrogateescape")
        self._seen: Counter[bytes] = Counter()

    def next(self, rule_id: str, masked_line: bytes) -> str:
        """Return a digest of rule, path, the line with its secrets masked (white space folded) and, where these are
        equal, of how many came before.
        """
        identity = b"\0".join([rule_id.encode(), self._path, b" ".join(masked_line.split())])
        number = self._seen[identity]
        self._seen[identity] += 1
        return sha256(identity + b"\0%d" % number).hexdigest()[:32]
