"""What one process finds, to compare with."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace import executors
from keytrace.batch import BatchResult
from keytrace.engine import load_engine
from keytrace.executors import run

from .samples import FILES, SETUP, total


@pytest.fixture(scope="session")
def serial() -> BatchResult:
    return total(run(SETUP, FILES, jobs=1))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "BATCH", 2)
    monkeypatch.setattr(executors, "SERIAL_LIMIT", 4)


@pytest.fixture(scope="session", autouse=True)
def compiled(cache_folder: Path) -> None:
    """Have a database: without one, a little text is scanned in one process."""
    load_engine(SETUP).prepare()
