"""The process that looks at texts: it may take its time, or die, and the editor is answered all the same."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from keytrace.errors import ScannerError
from keytrace.executors.pool import start_worker

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """One process for all texts, one after the other; a new one in the place of one that died."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def start(self, function: Callable[P, object], *given: P.args, **named: P.kwargs) -> None:
        """Have the process run a function before it is asked anything; what comes of that nobody waits for."""
        self._started().submit(function, *given, **named)

    async def ask(self, function: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Run a function in the process; raise ScannerError where it takes the process with it."""
        pool = self._started()
        try:
            return await asyncio.wrap_future(pool.submit(function, *given, **named))
        except BrokenProcessPool as error:
            if self._pool is pool:
                self._pool = None
            raise ScannerError("the text could not be looked at: it took the process down, or too long") from error

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_start)
        return self._pool

    def close(self) -> None:
        if self._pool is not None:
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.terminate()
            self._pool.shutdown(cancel_futures=True)  # its thread must have ended before Python does


def _start() -> None:
    os.dup2(2, 1)  # what is printed by mistake must not get between the messages
    start_worker()
