"""Temporary folders, which are gone when they are done with, however that comes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def temporary_folder(prefix: str, inside: str | None = None) -> Iterator[str]:
    """Yield a new folder, in the folder `inside` or where such are, that is removed at the end. A signal waits while
    the one or the other is done: half made or half removed, nobody would know of it.
    """
    with _undisturbed():
        folder = TemporaryDirectory(dir=inside, prefix=prefix, ignore_cleanup_errors=True)
    try:
        yield folder.name
    finally:
        with _undisturbed():
            folder.cleanup()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have signals wait. Not by the mask of this thread: the handler runs here, whichever thread gets the signal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)
