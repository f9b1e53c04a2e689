"""Wherever batches run, the results are the same and in order, and one that fails costs itself alone."""

from __future__ import annotations

import multiprocessing
import os
import random
import string
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import pytest

from keytrace import executors
from keytrace.batch import BatchResult
from keytrace.engine import Setup, load_engine
from keytrace.executors import available_processors, run
from keytrace.match.multipattern import build_index
from keytrace.model import FileProvenance, Finding, ScanError
from keytrace.rules.load import builtin_folder, load_builtin, read_rule_file

SAMPLES = [
    sample
    for file in sorted(builtin_folder().glob("*.toml"))
    for rule in read_rule_file(file).rules
    for sample in (*rule.examples, *rule.negative_examples)
]
SETUP = Setup()


@dataclass(frozen=True, slots=True)
class Memory:
    path: str
    content: bytes

    @property
    def provenance(self) -> FileProvenance:
        return FileProvenance(self.path)

    @property
    def lines(self) -> None:
        return None

    def read(self, limit: int) -> bytes:
        if self.content == b"locked":
            raise PermissionError(13, "Permission denied")
        if self.content == b"deadly":
            os._exit(1)
        return self.content


def artifacts(count: int) -> list[Memory]:
    """Files with samples of all rules, some binary, some that cannot be read."""
    choice = random.Random(9)
    made = []
    for number in range(count):
        text = "".join(choice.choices(string.ascii_letters + " \n", k=30)) + "\n".join(choice.choices(SAMPLES, k=4))
        content = choice.choice([text.encode()] * 8 + [b"\0\1\2\3" * 9, b"locked"])
        made.append(Memory(f"{number % 7}/file-{number}{choice.choice(['.py', '.txt', '.env'])}", content))
    return made


FILES = artifacts(300)


def total(results: Iterator[BatchResult]) -> BatchResult:
    parts = list(results)
    return BatchResult(
        findings=tuple(chain.from_iterable(part.findings for part in parts)),
        errors=tuple(chain.from_iterable(part.errors for part in parts)),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
        files=sum(part.files for part in parts),
        whole=tuple(chain.from_iterable(part.whole for part in parts)),
        bytes=sum(part.bytes for part in parts),
        binary_files=sum(part.binary_files for part in parts),
    )


def in_order_of_path(result: BatchResult) -> BatchResult:
    def key(finding: Finding) -> tuple[str, int]:
        return finding.location.provenance.path, finding.location.start

    return replace(
        result,
        findings=tuple(sorted(result.findings, key=key)),
        errors=tuple(sorted(result.errors, key=lambda error: error.path)),
        notes=tuple(sorted(result.notes)),
        whole=tuple(sorted(result.whole)),
    )


@pytest.fixture(scope="module")
def serial() -> BatchResult:
    return total(run(SETUP, FILES, jobs=1))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "BATCH", 2)
    monkeypatch.setattr(executors, "SERIAL_LIMIT", 4)


def test_the_samples_tell_something(serial: BatchResult) -> None:
    assert len(serial.findings) > 200
    assert serial.errors
    assert serial.binary_files
    assert serial.files + len(serial.errors) == len(FILES)


def test_pool(serial: BatchResult) -> None:
    assert total(run(SETUP, FILES, jobs=2)) == serial


def test_small_batches(serial: BatchResult, small_batches: None) -> None:
    assert total(run(SETUP, FILES, jobs=1)) == serial
    assert total(run(SETUP, FILES, jobs=3)) == serial


def _pools() -> Iterator[Executor]:
    yield ThreadPoolExecutor(1)
    yield ProcessPoolExecutor(2, multiprocessing.get_context("fork"))


@pytest.mark.skipif(os.name == "nt", reason="forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning")  # Python 3.12
def test_executor_of_the_caller(serial: BatchResult, small_batches: None) -> None:
    for executor in _pools():
        with executor:
            assert total(run(SETUP, FILES, executor=executor)) == serial


@pytest.mark.parametrize("seed", range(3))
def test_shuffled(serial: BatchResult, small_batches: None, seed: int) -> None:
    files = list(FILES)
    random.Random(seed).shuffle(files)
    assert in_order_of_path(total(run(SETUP, files, jobs=1 + seed % 2))) == in_order_of_path(serial)


def test_fallback(serial: BatchResult) -> None:
    assert total(run(replace(SETUP, hyperscan=False), FILES, jobs=1)) == serial


def forget() -> None:
    """What a new process would not know."""
    for remembers in (load_builtin, load_engine, build_index):
        remembers.cache_clear()


def test_cached_and_uncached(serial: BatchResult, own_cache: Path) -> None:
    forget()
    assert total(run(SETUP, FILES, jobs=1)) == serial
    kinds = sorted(file.name.partition("-")[0] for file in own_cache.iterdir())
    assert kinds == ["patterns", "rules"]
    forget()
    assert total(run(SETUP, FILES, jobs=1)) == serial
    assert len(list(own_cache.iterdir())) == 2


@pytest.mark.parametrize("files", [[], FILES[:1]])
def test_little_to_do(files: Sequence[Memory]) -> None:
    assert total(run(SETUP, files)).files == len(files)
    with ThreadPoolExecutor(1) as pool:
        assert total(run(SETUP, files, executor=pool)).files == len(files)


def test_processors() -> None:
    assert 1 <= available_processors() <= (os.cpu_count() or 1)


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
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_of_the_source_reaches_the_caller(small_batches: None, jobs: int) -> None:
    def source() -> Iterator[Memory]:
        yield from FILES[:20]
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        total(run(SETUP, source(), jobs=jobs))
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
