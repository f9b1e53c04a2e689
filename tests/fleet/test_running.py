"""Tasks on workers: bounded, none lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace.fleet.running import Call, workers

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="forks"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork.*:DeprecationWarning"),
]


def die_once(mark: str) -> str:
    if not os.path.exists(mark):
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def double(number: int) -> int:
    time.sleep(0.01)
    return 2 * number


def test_no_result_is_lost_with_a_worker(tmp_path: Path) -> None:
    tasks: list[tuple[int, Call]] = [(number, (double, (number,))) for number in range(12)]
    tasks.insert(4, (-1, (die_once, (str(tmp_path / "mark"),))))
    tasks.insert(8, (-2, (die, ("",))))
    with workers(2) as running:
        told = dict(running.run(tasks))
    assert type(told.pop(-2)).__name__ == "BrokenProcessPool"
    assert told.pop(-1) == "alive"
    assert told == {number: 2 * number for number in range(12)}


def test_few_tasks_wait(tmp_path: Path) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[tuple[int, Call]]:
        for number in range(50):
            taken.append(number)
            yield number, (double, (number,))

    with workers(2) as running:
        for done, _ in enumerate(running.run(tasks()), 1):
            assert len(taken) <= done + 4
    assert len(taken) == 50


def test_an_exception_is_a_result() -> None:
    with workers(1) as running:
        ((name, result),) = running.run([("x", (int, ("y",)))])
    assert (name, type(result)) == ("x", ValueError)
