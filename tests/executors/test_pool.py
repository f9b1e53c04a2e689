"""In a pool: the same results, artifacts as they are needed, and a worker that dies costs one of them."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.batch import BatchResult
from keytrace.engine import load_engine
from keytrace.executors import run
from keytrace.model import ScanError

from .samples import FILES, SETUP, Memory, total


@pytest.fixture(autouse=True, scope="module")
def _compiled(cache_folder: Path) -> None:
    """While nothing is compiled, a little text is scanned by the process that asks: here, that of the tests."""
    load_engine(SETUP).prepare()


def test_pool(serial: BatchResult) -> None:
    assert total(run(SETUP, FILES, jobs=2)) == serial


# --- when something goes wrong ----------------------------------------------------------------------------------------


def test_artifacts_are_taken_as_they_are_needed(small_batches: None) -> None:
    taken = 0

    def source() -> Iterator[Memory]:
        nonlocal taken
        for file in FILES:
            taken += 1
            yield file

    results = run(SETUP, source(), jobs=2)
    next(results)
    assert taken < len(FILES) / 2
    results.close()
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("place", [0, 5, 19])
@pytest.mark.parametrize("pause", [0, 0.02])
def test_a_worker_that_dies_costs_one_artifact(small_batches: None, place: int, pause: float) -> None:
    files = [file for file in FILES if file.content != b"locked"][:19]
    expected = total(run(SETUP, files, jobs=1))

    def source() -> Iterator[Memory]:
        for file in [*files[:place], Memory("deadly.py", b"deadly"), *files[place:]]:
            time.sleep(pause)
            yield file

    result = total(run(SETUP, source(), jobs=2))
    assert result.errors == (ScanError("deadly.py", "the process that scanned this file died"),)
    assert replace(result, errors=()) == expected
