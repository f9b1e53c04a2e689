"""Four times the text takes four times the calls of functions: counted, so that no clock decides.

What one call does in time that grows faster is for tests/match/test_linear.py and benchmarks/growth.py to see.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

BENCHMARKS = str(Path(__file__).parent.parent / "benchmarks")
FACTOR = 4
SLACK = 2  # what caches save in few, one more step of a search by halves, the text that a shape ends with


@pytest.fixture(scope="module")
def shapes() -> Iterator[dict[str, Callable[[int], bytes]]]:
    sys.path.insert(0, BENCHMARKS)
    yield __import__("shapes").TEXTS | __import__("shapes").PROGRAMS
    sys.path.remove(BENCHMARKS)


@pytest.fixture(scope="module")
def scanned(shapes: object) -> Callable[[str, bytes], Any]:
    found: Callable[[str, bytes], Any] = __import__("content").scanned
    return found


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called, in Python and in C."""
    count = 0

    def counting(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("part", range(6))
def test_calls_grow_with_the_text(
    shapes: dict[str, Callable[[int], bytes]], scanned: Callable[[str, bytes], Any], part: int
) -> None:
    grown = {}
    for name, shape in list(shapes.items())[part::6]:
        size = 2000 if name.endswith(".py") else 4000
        few, many = shape(size), shape(FACTOR * size)
        scanned(name, many)  # imports, and what is made once
        before = calls(lambda name=name, few=few: scanned(name, few))  # type: ignore[misc]
        after = calls(lambda name=name, many=many: scanned(name, many))  # type: ignore[misc]
        if after > SLACK * before * len(many) / len(few) + 500:
            grown[name] = f"{before} calls for {len(few)} bytes, {after} for {len(many)}"
    assert grown == {}


def test_what_grows_faster_is_noticed() -> None:
    def work(size: int) -> None:
        for number in range(size):
            for _ in range(number):
                len("")

    assert calls(lambda: work(40)) > SLACK * 4 * calls(lambda: work(10))
