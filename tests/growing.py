"""How the CPU time of some work grows with its size: no limit in seconds, which a slow or busy machine would exceed."""

from __future__ import annotations

import time
from collections.abc import Callable

SLACK = 0.025  # seconds


def seconds(work: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    work(size)
    return time.process_time() - start


def grows_linearly(work: Callable[[int], object], size: int, factor: int = 4) -> bool:
    """Measure at `size` and at so many times of it; what looks too slow is measured again, and larger."""
    return _grows_within(work, size, factor, 2 * factor)


def stays_the_same(work: Callable[[int], object], size: int) -> bool:
    """Measure at `size` and at sixteen times of it, as above."""
    return _grows_within(work, size, 16, 4)


def _grows_within(work: Callable[[int], object], size: int, factor: int, most: int) -> bool:
    for attempt in range(3):
        few = min(seconds(work, size) for _ in range(1 + attempt))
        many = min(seconds(work, size * factor) for _ in range(1 + attempt))
        if many <= most * few + SLACK:
            return True
        if many < 0.3:  # so short that a pause of the machine may have made the difference
            size *= 2
    return False
