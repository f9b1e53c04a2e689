"""Slow digests of secrets, by scrypt: each costs milliseconds; those of many, where none has changed, as much as one.

Digests of many are kept in the user's cache under one of all these secrets together: who has the cache learns no more
than from the baseline, and can test no guess at one of them without all the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import scrypt

from keytrace.cache import store

_KIND = "accepted"
_MANY = 8  # digests that are worth to be kept
_KEPT = 16  # sets of them
DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests under one salt, at the cost of `n`, `r` and `p` as scrypt has them. `cached` ones outlast the process."""

    salt: bytes = field(repr=False)
    n: int = 4096
    r: int = 8
    p: int = 1
    cached: bool = True
    _known: dict[bytes, str] = field(default_factory=dict, repr=False, compare=False)

    def of(self, value: bytes) -> str:
        """Return the digest of a secret: 32 hexadecimal digits."""
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = self._made(value)
        return known

    def prepare(self, values: Iterable[bytes]) -> None:
        """Have the digests of `values` at hand: from the cache if the same were asked for before, else made at once."""
        missing = sorted(set(values) - self._known.keys())
        if len(missing) < _MANY:
            return
        together = b"".join(len(value).to_bytes(8, "big") + value for value in missing)
        key = self._made(together) if self.cached else ""
        made = (store.load(_KIND, key) or b"").decode("ascii", "replace").split("\n") if key else []
        if len(made) != len(missing) or not all(map(DIGEST.fullmatch, made)):
            from concurrent.futures import ThreadPoolExecutor  # scrypt lets other threads run

            with ThreadPoolExecutor() as threads:
                made = list(threads.map(self._made, missing))
            if key:
                store.store(_KIND, key, "\n".join(made).encode(), keep=_KEPT)
        self._known.update(zip(missing, made, strict=True))

    def _made(self, value: bytes) -> str:
        return scrypt(value, salt=self.salt, n=self.n, r=self.r, p=self.p, dklen=16).hex()
