"""Whose turn it is: of the documents that are to be looked at, the one that was changed last, once its text rests."""

from __future__ import annotations

PAUSE = 0.03  # seconds without a change that are a pause


class Turns:
    """Documents that wait for their turn, by the second at which each was changed last."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._waiting: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def want(self, uri: str, now: float) -> None:
        """Have a document looked at; however often it is said before its turn, it is once."""
        self._waiting.pop(uri, None)
        self._waiting[uri] = now

    def drop(self, uri: str) -> None:
        self._waiting.pop(uri, None)

    def take(self, now: float) -> str | None:
        """Return the document whose turn it is, None where none waits or the texts of all are changing."""
        for uri, changed in reversed(self._waiting.items()):
            if now - changed >= self._pause:
                del self._waiting[uri]
                return uri
        return None
