"""A pool of processes of this machine. A worker that dies costs the artifact that killed it, not the run."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from keytrace import timelimit
from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Setup, load_engine
from keytrace.errors import Stopped
from keytrace.match.multipattern import expect_much
from keytrace.model import Artifact, ScanError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_WINDOW = 4  # batches that wait for each process
_PARTS = 8  # of a batch that killed its process: few processes to start, and what is deadly runs seldom
_WATCH = 0.5  # seconds between two looks at the parent
_STOPPING = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def run(setup: Setup, batches: Iterable[list[Artifact]], jobs: int) -> Iterator[BatchResult]:
    """Yield the result of each batch, in their order, from `jobs` processes."""
    load_engine(setup).prepare()  # before forking: the workers share it
    yield from _Pool(setup, jobs).run(batches)


def new_pool(jobs: int) -> ProcessPoolExecutor:
    """Start `jobs` processes; Ctrl-C waits until they are there, so that none is lost half started."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if sys.platform == "linux" else "spawn"
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(method), initializer=start_worker)
    if sys.platform == "win32":
        return pool
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        pool.submit(int)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pool


def start_worker() -> None:
    """Have a new process heed no Ctrl-C, end with its parent or when it is stuck, and expect much to scan."""
    import gc
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    timelimit.end_process_when_stuck()
    gc.freeze()  # what was loaded before the fork stays shared and need not be looked at
    gc.set_threshold(50_000)
    expect_much()


def _end_with_parent() -> None:
    """Wait for the end of the parent, however it comes, and end this process."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is None:
        return
    # The sentinel is a pipe that processes forked later hold open, too; where there is a parent's id, it tells sooner.
    while parent.is_alive() and (sys.platform == "win32" or os.getppid() == parent.pid):
        parent.join(_WATCH)
    os._exit(1)


class _Pool:
    """The processes, with a bounded window of batches that are under way."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        self._setup = setup
        self._jobs = jobs
        self._pool = new_pool(jobs)
        self._pending: deque[tuple[list[Artifact], Future[BatchResult] | None]] = deque()

    def run(self, batches: Iterable[list[Artifact]]) -> Iterator[BatchResult]:
        try:
            for batch in batches:
                self._submit(batch)
                yield from self._results(self._jobs * _WINDOW)
            yield from self._results(0)
        except BaseException as reason:
            done = [future for _, future in self._pending if future is not None and _is_done(future)]
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.terminate()
            if isinstance(reason, KeyboardInterrupt | Stopped):
                yield from (future.result() for future in done)  # what was found before counts
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
                result = future.result()
            except BrokenProcessPool:
                held = [batch, *(waiting for waiting, _ in self._pending)]
                self._pending.clear()
                self._pool.shutdown(wait=False)
                self._pool = new_pool(self._jobs)
                yield from _after_a_crash(self._setup, held)
            except Exception as error:  # the result did not get here, for want of memory
                yield from _one_by_one(self._setup, batch, error)
            else:
                yield result


def _is_done(future: Future[BatchResult]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _one_by_one(setup: Setup, batch: list[Artifact], error: Exception) -> Iterator[BatchResult]:
    """Scan each artifact of a batch again, here; of one that fails again, say why."""
    for artifact in batch:
        try:
            result = scan_batch(setup, (artifact,))
        except Exception as again:  # what was found in the others counts
            result = _failed(artifact, f"could not be scanned ({type(again).__name__}, {type(error).__name__})")
        yield result


def _failed(artifact: Artifact, why: str) -> BatchResult:
    return BatchResult((), (ScanError(artifact.provenance.path, why),), (), 0, (), 0, 0)


def _after_a_crash(setup: Setup, batches: Iterable[list[Artifact]]) -> Iterator[BatchResult]:
    """Scan again what was under way: each batch in a process of its own, and where that dies, each part of it."""
    for batch in batches:
        result = None
        with suppress(Exception), new_pool(1) as pool:
            result = pool.submit(scan_batch, setup, batch).result()
        if result is not None:
            yield result
        elif len(batch) == 1:
            yield _failed(batch[0], "the process that scanned this file died")
        else:
            size = max(1, len(batch) // _PARTS)
            yield from _after_a_crash(setup, [batch[at : at + size] for at in range(0, len(batch), size)])
