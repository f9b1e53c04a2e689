"""Where batches run: in this process while there is little to do, else in a pool of processes; results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from scanner.engine import BatchResult, Setup, load_engine, scan_batch
from scanner.model import Artifact, ScanError

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future, ProcessPoolExecutor

BATCH = 128  # artifacts
SERIAL_LIMIT = 128  # artifacts; up to here starting processes costs more than it saves


def run(
    setup: Setup, artifacts: Iterable[Artifact], jobs: int = 0, executor: Executor | None = None
) -> Iterator[BatchResult]:
    """Scan all artifacts and yield results in their order. `jobs` 0 means one process a processor.

    `executor` may be any concurrent.futures.Executor, such as Dask's `Client.get_executor()`.
    """
    stream = iter(artifacts)
    jobs = jobs or available_processors()
    if executor is not None:
        yield from _submit(executor, setup, stream, window=64)
        return
    first = list(islice(stream, SERIAL_LIMIT))
    if jobs == 1 or len(first) < SERIAL_LIMIT:
        for batch in _batches(first, stream):
            yield scan_batch(setup, batch)
        return
    load_engine(setup)  # before forking: the workers share it
    yield from _run_in_pool(setup, _batches(first, stream), jobs)


def available_processors() -> int:
    """Return the number of processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _batches(first: Sequence[Artifact], rest: Iterator[Artifact]) -> Iterator[list[Artifact]]:
    for position in range(0, len(first), BATCH):
        yield list(first[position : position + BATCH])
    while batch := list(islice(rest, BATCH)):
        yield batch


def _submit(executor: Executor, setup: Setup, stream: Iterator[Artifact], window: int) -> Iterator[BatchResult]:
    pending: deque[Future[BatchResult]] = deque()
    for batch in _batches((), stream):
        pending.append(executor.submit(scan_batch, setup, batch))
        if len(pending) > window:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "fork" if os.name == "posix" and os.uname().sysname == "Linux" else "spawn"
    return ProcessPoolExecutor(jobs, multiprocessing.get_context(method), initializer=_start_worker)


def _start_worker() -> None:
    import gc
    import signal

    gc.freeze()  # what was loaded before the fork stays shared and need not be looked at
    gc.set_threshold(50_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _run_in_pool(setup: Setup, batches: Iterator[list[Artifact]], jobs: int) -> Iterator[BatchResult]:
    """Run a pool with a bounded window. A worker that dies costs the artifact that killed it, not the run."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _new_pool(jobs)
    pending: deque[tuple[list[Artifact], Future[BatchResult]]] = deque()
    try:
        for batch in batches:
            pending.append((batch, pool.submit(scan_batch, setup, batch)))
            if len(pending) <= jobs * 4:
                continue
            try:
                yield pending[0][1].result()
                pending.popleft()
            except BrokenProcessPool:
                yield from _one_by_one(setup, [artifact for held, _ in pending for artifact in held])
                pending.clear()
                pool = _new_pool(jobs)
        while pending:
            try:
                yield pending[0][1].result()
                pending.popleft()
            except BrokenProcessPool:
                yield from _one_by_one(setup, [artifact for held, _ in pending for artifact in held])
                pending.clear()
    except BaseException:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one_by_one(setup: Setup, artifacts: Iterable[Artifact]) -> Iterator[BatchResult]:
    """Scan each artifact in a process of its own after a crash; the one that crashes again is an error."""
    from concurrent.futures.process import BrokenProcessPool

    for artifact in artifacts:
        with _new_pool(1) as pool:
            try:
                yield pool.submit(scan_batch, setup, [artifact]).result()
            except BrokenProcessPool:
                error = ScanError(artifact.provenance.path, "the process that scanned this file died")
                yield BatchResult((), (error,), (), 0, (), 0, 0)
