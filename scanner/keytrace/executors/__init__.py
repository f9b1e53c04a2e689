"""Where batches run: here while there is little to do, else in processes, or where the caller says; in their order."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from keytrace.batch import BatchResult
from keytrace.cache import results
from keytrace.engine import Setup, load_engine
from keytrace.executors import serial
from keytrace.model import Artifact

if TYPE_CHECKING:
    from concurrent.futures import Executor

BATCH = 128  # artifacts
SLOW_BATCH = 16  # artifacts that are looked at closely
WORTH_KNOWING = 32  # artifacts; for fewer it is not looked up what is known from before
SERIAL_LIMIT = 128  # artifacts; up to here starting processes costs more than it saves


def run(
    setup: Setup, artifacts: Iterable[Artifact], jobs: int = 0, executor: Executor | None = None, *, slow: bool = False
) -> Generator[BatchResult, None, None]:
    """Scan all artifacts and yield results in their order. `jobs` 0 means one process a processor; `slow` ones are
    each worth many others.

    `executor` may be any concurrent.futures.Executor, such as Dask's `Client.get_executor()`.
    """
    stream = iter(artifacts)
    jobs = jobs or available_processors()
    size, limit = (SLOW_BATCH, SLOW_BATCH) if slow else (BATCH, SERIAL_LIMIT)
    if executor is not None:
        from keytrace.executors import given

        yield from given.run(setup, _batches((), stream, size), executor)
        return
    first = list(islice(stream, limit))
    if setup.cached and len(first) >= WORTH_KNOWING and not slow:
        results.open_(setup)
    batches = _batches(first, stream, size)
    if jobs > 1 and len(first) == limit:
        engine = load_engine(setup)
        for batch in batches:
            if engine.ready:  # processes would compile what a little text can do without
                from keytrace.executors import pool

                yield from pool.run(setup, chain((batch,), batches), jobs)
                return
            yield from serial.run(setup, (batch,))
    yield from serial.run(setup, batches)


def available_processors() -> int:
    """Return the number of processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _batches(first: Sequence[Artifact], rest: Iterator[Artifact], size: int) -> Iterator[list[Artifact]]:
    for position in range(0, len(first), size):
        yield list(first[position : position + size])
    while batch := list(islice(rest, size)):
        yield batch
