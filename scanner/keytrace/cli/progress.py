"""The progress bar on standard error: files and megabytes done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from keytrace.api import Progress

_DELAY = 0.5  # seconds; a scan that is done by then needs no bar


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a callback that shows (files, bytes) once the scan has gone on for a moment."""
    started = time.monotonic()
    bar: _Bar | None = None

    def update(files: int, size: int) -> None:
        nonlocal bar
        if bar is None:
            if time.monotonic() - started < _DELAY:
                return
            bar = _Bar()
        bar.show(files, size)

    try:
        yield update
    finally:
        if bar is not None:
            bar.close()


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console
        from rich.status import Status

        self._status = Status("scanning", console=Console(stderr=True))
        self._status.start()

    def show(self, files: int, size: int) -> None:
        self._status.update(f"scanning: {files:,} files, {size / 1e6:,.0f} MB")

    def close(self) -> None:
        self._status.stop()
