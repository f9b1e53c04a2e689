"""The limit on a file: Python is interrupted wherever it is, and what is stuck in native code ends its process."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from keytrace import timelimit
from keytrace.timelimit import OutOfTimeError, within


def forever() -> None:
    while True:
        try:
            while True:
                pass
        except Exception:  # nothing on the way holds it up
            pass


def forever_and_again() -> None:
    try:
        forever()
    except OutOfTimeError:
        forever()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no such timer")
def test_a_block_that_does_not_end() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(OutOfTimeError), within(0.02):
        forever()
    with pytest.raises(OutOfTimeError), within(0.02):
        forever_and_again()
    with pytest.raises(OutOfTimeError), within(0.02):
        re.fullmatch(r"(a|a)*b", "a" * 64)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no such timer")
def test_what_waits_has_three_times_as_long() -> None:
    with within(1):
        time.sleep(1.1)  # another program had the processor
    start = time.monotonic()
    with pytest.raises(OutOfTimeError), within(0.1):
        time.sleep(60)
    assert time.monotonic() - start >= 0.25


def test_no_limit() -> None:
    with within(0):
        assert not hasattr(signal, "getitimer") or signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_other_threads_are_left_alone() -> None:
    done: list[str] = []

    def work() -> None:
        with within(0.001):
            done.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["done"]


def test_a_process_that_is_stuck_in_native_code_ends() -> None:
    program = """
from keytrace import timelimit
timelimit._GRACE = 0.2
timelimit.end_process_when_stuck()
with timelimit.within(0.05):
    sum(range(10**15))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=600, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_a_process_that_rests_is_not_ended() -> None:
    program = """
import time
from keytrace import timelimit
timelimit._GRACE, timelimit._PATIENCE = 0.05, 0
timelimit.end_process_when_stuck()
with timelimit.within(0.05):
    pass
timelimit.rest()
time.sleep(0.4)
print("there")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=600, check=False)
    assert (done.returncode, done.stdout) == (0, b"there\n"), done.stderr


def test_rest_without_a_limit() -> None:
    timelimit.rest()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no such timer")
def test_a_pause_does_not_count() -> None:
    with within(0.2):
        with timelimit.paused():
            time.sleep(0.3)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.2
    with timelimit.paused():
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
