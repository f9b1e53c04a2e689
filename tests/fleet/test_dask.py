"""A real scheduler and two worker processes over loopback."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keytrace.errors import ScannerError
from keytrace.fleet import scan_fleet
from keytrace.fleet.dask import connected
from keytrace.fleet.repositories import named
from keytrace.fleet.state import State
from keytrace.fleet.work import Plan

from .conftest import Make

distributed: Any = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="kills"),
    pytest.mark.filterwarnings("default"),  # what Dask and its loop leave open is theirs
]


@pytest.fixture
def cluster() -> Iterator[Any]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def test_what_one_process_finds_and_none_lost_with_a_worker(cluster: Any, make: Make, tmp_path: Path) -> None:
    repositories = named((str(make(f"r{number}", number, 12)) for number in range(1, 13)), None)
    plan = Plan(options={"cached": False}, key=b"k" * 16)
    serial = dict(_told(scan_fleet(repositories, plan, State(str(tmp_path / "one"), plan), jobs=1)))
    outcomes = scan_fleet(repositories, plan, State(str(tmp_path / "two"), plan), dask=cluster.scheduler_address)
    told = dict(_told([next(outcomes)]))
    first, second = cluster.workers.values()
    os.kill(first.process.pid, signal.SIGKILL)
    told |= dict(_told(outcomes))
    assert told == serial
    assert len(serial) == 12
    assert all(len([one for one in records if one["type"] == "finding"]) == 1 for records in told.values())
    assert second.process.is_alive()


def _told(outcomes: Any) -> Iterator[tuple[str, list[Any]]]:
    for one in outcomes:
        yield one.name, [record for record in one.records if record["type"] != "summary"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "tcp://nowhere.invalid:1"])
def test_a_scheduler_that_does_not_answer(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keytrace.fleet.dask._PATIENCE", 1)
    with (
        pytest.raises(ScannerError, match=r"no Dask scheduler answers|no address of a scheduler"),
        connected(address, 1),
    ):
        pass


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ScannerError, match="--dask needs Dask") as raised, connected("local", 1):
        pass
    assert "pip install 'keytrace[dask]'" in raised.value.hint
