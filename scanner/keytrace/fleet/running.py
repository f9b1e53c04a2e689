"""Tasks on workers: a bounded number under way, results as they come, and none lost with a worker."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from keytrace.executors import available_processors
from keytrace.executors.pool import new_pool

T = TypeVar("T")
Call = tuple[Callable[..., Any], tuple[Any, ...]]

_WAITING = 2  # tasks for each worker: one under way, one more


class Workers:
    """Processes of this machine, or an executor of the caller's with so many workers."""

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        self._jobs = jobs
        self._executor = executor
        self._pool: Executor | None = executor

    def run(self, tasks: Iterable[tuple[T, Call]]) -> Iterator[tuple[T, Any]]:
        """Yield each task's name with its result, or the exception that it ended with, in the order they are done."""
        under_way: dict[Future[Any], tuple[T, Call]] = {}
        again: deque[tuple[T, Call]] = deque()  # what was under way when a worker died
        waiting = iter(tasks)
        while True:
            while len(under_way) < self._jobs * _WAITING and (task := next(waiting, None)) is not None:
                under_way[self._submit(task[1])] = task
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                task = under_way.pop(future)
                result = _result(future)
                if isinstance(result, BrokenProcessPool):
                    again.append(task)
                else:
                    yield task[0], result
            if again:
                again.extend(under_way.values())
                under_way.clear()
                self._drop()
                yield from ((name, self._alone(call)) for name, call in again)
                again.clear()

    def _submit(self, call: Call) -> Future[Any]:
        if self._pool is None:
            self._pool = new_pool(self._jobs)
        try:
            return self._pool.submit(call[0], *call[1])
        except (BrokenProcessPool, RuntimeError) as error:  # it died while nobody waited, or is closed
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def _alone(self, call: Call) -> Any:
        """Return the result of a call in a process of its own."""
        with new_pool(1) as pool:
            return _result(pool.submit(call[0], *call[1]))

    def _drop(self) -> None:
        if self._pool is not None and self._pool is not self._executor:
            for process in list((getattr(self._pool, "_processes", None) or {}).values()):
                process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def close(self) -> None:
        """End the processes, also those that are at work."""
        with suppress(RuntimeError):
            self._drop()


@contextmanager
def workers(jobs: int = 0, dask: str = "") -> Iterator[Workers]:
    """Yield processes of this machine, or the workers of a Dask scheduler; raise ScannerError where it has none."""
    if dask:
        from keytrace.fleet.dask import connected

        with connected(dask, jobs or available_processors()) as (executor, number):
            yield Workers(number, executor)
        return
    pool = Workers(jobs or available_processors())
    try:
        yield pool
    finally:
        pool.close()


def _result(future: Future[Any]) -> Any:
    """Return the result of a future that is done, or will be, or the exception that it ends with."""
    try:
        return future.result()
    except Exception as error:
        return error
