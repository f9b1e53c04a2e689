"""Keys that were refused within a day: they need not be asked again. Kept are keyed digests, and no key.

What is live is asked each time: a key that was just revoked must not be called live.
"""

from __future__ import annotations

import hmac
import json
import os
import time
from collections.abc import Callable, Iterable

from keytrace.cache import store
from keytrace.model import Liveness, Verification
from keytrace.verifiers.question import Question

_KIND, _KEY = "refused", "0" * 32
_SALT = 32
_DAY = 24 * 60 * 60
_MOST = 10_000


class Refused:
    """What is known of earlier runs."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        content = store.load(_KIND, _KEY) or b""
        self._salt = content[:_SALT] if len(content) >= _SALT else os.urandom(_SALT)
        self._known = _entries(content[_SALT:])

    def find(self, asked: Question) -> Verification | None:
        """Return what is known of a key."""
        entry = self._known.get(self._digest(asked))
        if entry is None or not 0 <= self._now() - entry[0] < _DAY:
            return None
        return Verification(Liveness.DEAD, f"{entry[1]} refused it within a day", entry[1])

    def keep(self, found: Iterable[tuple[Question, Verification]]) -> None:
        """Add the keys that were refused now."""
        now = int(self._now())
        added = {self._digest(one): (now, told.host) for one, told in found if told.status is Liveness.DEAD}
        if not added:
            return
        fresh = {name: entry for name, entry in self._known.items() if 0 <= now - entry[0] < _DAY}
        kept = dict(list({**fresh, **added}.items())[-_MOST:])
        store.store(_KIND, _KEY, self._salt + json.dumps(kept).encode(), keep=1)

    def _digest(self, asked: Question) -> str:
        """Return the keyed digest of a question, its hosts included."""
        about = [str(asked.named), asked.probe.method, asked.probe.url, *asked.bases]
        parts = [*about, *(text for pair in asked.values for text in pair)]
        return hmac.digest(self._salt, json.dumps(parts).encode(), "sha256").hex()


def _entries(content: bytes) -> dict[str, tuple[int, str]]:
    try:
        found = json.loads(content or b"{}")
        return {str(name): (int(when), str(host)) for name, (when, host) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
