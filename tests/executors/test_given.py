"""An executor of the caller's finds what one process finds."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from keytrace.batch import BatchResult
from keytrace.executors import run

from .samples import FILES, SETUP, total


def _pools() -> Iterator[Executor]:
    yield ThreadPoolExecutor(1)
    yield ProcessPoolExecutor(2, multiprocessing.get_context("fork"))


@pytest.mark.skipif(os.name == "nt", reason="forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")  # Python 3.12
def test_executor_of_the_caller(serial: BatchResult, small_batches: None) -> None:
    for executor in _pools():
        with executor:
            assert total(run(SETUP, FILES, executor=executor)) == serial
