"""Wherever batches run, the results are the same and in order."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keytrace.batch import BatchResult
from keytrace.engine import load_engine
from keytrace.executors import available_processors, pool, run
from keytrace.match.multipattern import build_index

from .samples import FILES, SETUP, Memory, in_order_of_path, total


def test_small_batches(serial: BatchResult, small_batches: None) -> None:
    assert total(run(SETUP, FILES, jobs=1)) == serial
    assert total(run(SETUP, FILES, jobs=3)) == serial


@pytest.mark.parametrize("seed", range(3))
def test_shuffled(serial: BatchResult, small_batches: None, seed: int) -> None:
    files = list(FILES)
    random.Random(seed).shuffle(files)
    assert in_order_of_path(total(run(SETUP, files, jobs=1 + seed % 2))) == in_order_of_path(serial)


@pytest.mark.parametrize("files", [[], FILES[:1]])
def test_little_to_do(files: Sequence[Memory]) -> None:
    assert total(run(SETUP, files)).files == len(files)
    with ThreadPoolExecutor(1) as pool:
        assert total(run(SETUP, files, executor=pool)).files == len(files)


def test_processors() -> None:
    assert 1 <= available_processors() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_of_the_source_reaches_the_caller(small_batches: None, jobs: int) -> None:
    def source() -> Iterator[Memory]:
        yield from FILES[:20]
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        total(run(SETUP, source(), jobs=jobs))
    assert not multiprocessing.active_children()


def test_a_little_text_in_many_files_is_scanned_here_while_nothing_is_compiled(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_processes(*_: object) -> Iterator[BatchResult]:
        raise AssertionError

    files = [Memory(f"{number}.txt", b"nothing\n") for number in range(200)]
    load_engine.cache_clear()
    build_index.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(pool, "run", no_processes)
        assert total(run(SETUP, files, jobs=2)).files == len(files)
        assert not load_engine(SETUP).ready
        load_engine(SETUP).prepare()
        assert load_engine(SETUP).ready
        with pytest.raises(AssertionError):
            total(run(SETUP, files, jobs=2))
    load_engine.cache_clear()
    build_index.cache_clear()
