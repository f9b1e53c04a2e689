"""A pool of processes of this machine. A worker that dies costs the artifact that killed it, not the run."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Setup, load_engine
from keytrace.model import Artifact, ScanError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_WINDOW = 4  # batches that wait for each process


def run(setup: Setup, batches: Iterable[list[Artifact]], jobs: int) -> Iterator[BatchResult]:
    """Yield the result of each batch, in their order, from `jobs` processes."""
    load_engine(setup)  # before forking: the workers share it
    yield from _Pool(setup, jobs).run(batches)


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    """Start `jobs` processes; Ctrl-C waits until they are there, so that none is lost half started."""
    import multiprocessing
    import signal
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if sys.platform == "linux" else "spawn"
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(method), initializer=_start_worker)
    if sys.platform == "win32":
        return pool
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def _start_worker() -> None:
    import gc
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    gc.freeze()  # what was loaded before the fork stays shared and need not be looked at
    gc.set_threshold(50_000)


class _Pool:
    """The processes, with a bounded window of batches that are under way."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs
        self._pool = _new_pool(jobs)
        self._pending: deque[tuple[list[Artifact], Future[BatchResult] | None]] = deque()

    def run(self, batches: Iterable[list[Artifact]]) -> Iterator[BatchResult]:
        try:
            for batch in batches:
                self._submit(batch)
                yield from self._results(self._jobs * _WINDOW)
            yield from self._results(0)
        except BaseException:
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.terminate()
            raise
        finally:
            with suppress(RuntimeError):  # of a thread that an interrupt kept from starting
                self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, batch: list[Artifact]) -> None:
        from concurrent.futures.process import BrokenProcessPool

        try:
            future = self._pool.submit(scan_batch, self._setup, batch)
        except BrokenProcessPool:
            future = None
        self._pending.append((batch, future))

    def _results(self, window: int) -> Iterator[BatchResult]:
        """Yield results, oldest first, until no more than `window` are awaited."""
        from concurrent.futures.process import BrokenProcessPool

        while len(self._pending) > window:
            batch, future = self._pending.popleft()
            try:
                if future is None:
                    raise BrokenProcessPool
                yield future.result()
            except BrokenProcessPool:
                held = [batch, *(waiting for waiting, _ in self._pending)]
                self._pending.clear()
                self._pool.shutdown(wait=False)
                self._pool = _new_pool(self._jobs)
                yield from _after_a_crash(self._setup, held)


def _after_a_crash(setup: Setup, batches: Iterable[list[Artifact]]) -> Iterator[BatchResult]:
    """Scan again what was under way: each batch in a process of its own, and where that dies, each artifact."""
    from concurrent.futures.process import BrokenProcessPool

    for batch in batches:
        with _new_pool(1) as pool:
            try:
                yield pool.submit(scan_batch, setup, batch).result()
                continue
            except BrokenProcessPool:
                pass
        if len(batch) == 1:
            error = ScanError(batch[0].provenance.path, "the process that scanned this file died")
            yield BatchResult((), (error,), (), 0, (), 0, 0)
        else:
            yield from _after_a_crash(setup, [[artifact] for artifact in batch])
