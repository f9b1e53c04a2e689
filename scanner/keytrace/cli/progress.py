"""The progress bar on standard error: what is done, how much of it, how fast."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from keytrace.total import Progress

_DELAY = 0.5  # seconds; a scan that is done by then needs no bar


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a callback that shows how far a scan is once it has gone on for a moment."""
    started = time.monotonic()
    bar: _Bar | None = None

    def update(what: str, files: int, size: int, count: Callable[[], int]) -> None:
        nonlocal bar
        seconds = time.monotonic() - started
        if bar is None:
            if seconds < _DELAY:
                return
            bar = _Bar()
        bar.show(in_words(what, files, size, count(), seconds))

    try:
        yield update
    finally:
        if bar is not None:
            bar.close()


def in_words(what: str, files: int, size: int, count: int, seconds: float) -> str:
    """Return how far a scan is."""
    text = f"{what}: {files:,} of {count:,} files ({100 * files // max(count, 1)} %)"
    return f"{text}, {size / 1e6:,.0f} MB, {size / 1e6 / max(seconds, 0.1):,.0f} MB/s" if size >= 1e6 else text


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console
        from rich.status import Status

        self._status = Status("scanning", console=Console(stderr=True))
        self._status.start()

    def show(self, text: str) -> None:
        self._status.update(text)

    def close(self) -> None:
        self._status.stop()
