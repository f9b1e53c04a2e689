"""An executor of the caller's: any concurrent.futures.Executor, such as Dask's for many machines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Setup
from keytrace.model import Artifact

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

WINDOW = 64  # batches that are under way at once


def run(setup: Setup, batches: Iterable[Sequence[Artifact]], executor: Executor) -> Iterator[BatchResult]:
    """Yield the result of each batch, in their order."""
    pending: deque[Future[BatchResult]] = deque()
    for batch in batches:
        pending.append(executor.submit(scan_batch, setup, batch))
        if len(pending) > WINDOW:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
