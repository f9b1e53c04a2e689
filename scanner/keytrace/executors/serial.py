"""One batch after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from keytrace.batch import BatchResult, scan_batch
from keytrace.engine import Setup
from keytrace.model import Artifact


def run(setup: Setup, batches: Iterable[Sequence[Artifact]]) -> Iterator[BatchResult]:
    """Yield the result of each batch."""
    for batch in batches:
        for artifact in batch:  # one by one: when the scan is stopped, what was found before counts
            yield scan_batch(setup, (artifact,))
