"""What one process finds, to compare with."""

from __future__ import annotations

import pytest

from keytrace import executors
from keytrace.batch import BatchResult
from keytrace.executors import run

from .samples import FILES, SETUP, total


@pytest.fixture(scope="session")
def serial() -> BatchResult:
    return total(run(SETUP, FILES, jobs=1))


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "BATCH", 2)
    monkeypatch.setattr(executors, "SERIAL_LIMIT", 4)
