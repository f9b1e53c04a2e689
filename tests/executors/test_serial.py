"""In one process: with and without Hyperscan, with and without a cache."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keytrace.batch import BatchResult
from keytrace.cache import shipped
from keytrace.engine import load_engine
from keytrace.executors import run
from keytrace.match.multipattern import build_index
from keytrace.rules.load import load_builtin

from .samples import FILES, SETUP, total


def test_the_samples_tell_something(serial: BatchResult) -> None:
    assert len(serial.findings) > 200
    assert serial.errors
    assert serial.binary_files
    assert serial.files + len(serial.errors) == len(FILES)


def test_fallback(serial: BatchResult) -> None:
    assert total(run(replace(SETUP, hyperscan=False), FILES, jobs=1)) == serial


def forget() -> None:
    """What a new process would not know."""
    for remembers in (load_builtin, load_engine, build_index, shipped.table):
        remembers.cache_clear()


def test_cached_and_uncached(serial: BatchResult, own_cache: Path) -> None:
    forget()
    assert total(run(SETUP, FILES, jobs=1)) == serial  # by `regex`, until a database is worth its time
    forget()
    load_engine(SETUP).prepare()
    assert total(run(SETUP, FILES, jobs=1)) == serial
    kept = {file.name for file in own_cache.iterdir()}
    assert {name.partition("-")[0] for name in kept} >= {"patterns", "rules", "shapes"}
    forget()
    assert total(run(SETUP, FILES, jobs=1)) == serial
    assert {file.name for file in own_cache.iterdir()} >= kept
