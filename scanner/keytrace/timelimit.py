"""A limit on the time that one file takes.

A timer of the operating system interrupts Python, wherever it is, in the main thread of a process (not on Windows, and
not in other threads). Where the machine is busy with something else, a file has as much time of a processor. Native
code is not interrupted: in a process of the pool a second, longer limit ends the process.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PATIENCE = 3  # times the limit that a file has on a busy machine; after one more, a process is ended that goes on
_GRACE = 10.0  # seconds more
_LITTLE = 0.1  # of the limit; less is not worth to wait for


class OutOfTimeError(BaseException):
    """The time is over; no `except Exception` on the way may hold it up."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError when the block takes longer, and again whenever that much time goes by; 0 means no limit.

    What counts is the time of a processor, or three times as much on the clock.
    """
    if seconds > 0:
        _hard.arm(seconds)
    if seconds <= 0 or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    began, end = time.process_time(), time.monotonic() + (_PATIENCE - 0.5) * seconds

    def interrupt(*_: object) -> None:
        left = seconds - (time.process_time() - began)
        if left > _LITTLE * seconds and time.monotonic() < end:
            signal.setitimer(signal.ITIMER_REAL, left, seconds)
        else:
            raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def paused() -> Iterator[None]:
    """Have the time of the block not count."""
    left = interval = 0.0
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        if left:
            signal.setitimer(signal.ITIMER_REAL, left, interval)


class _Hard:
    """The end of a process that is stuck in native code: a thread of the interpreter's own sees to it."""

    def __init__(self) -> None:
        self.enabled = False
        self._since = 0.0  # when it was last armed; 0: it is not
        self._sink = -1

    def arm(self, seconds: float) -> None:
        now = time.monotonic()
        if not self.enabled or now - self._since < seconds:
            return  # armed so lately that this file has its time
        import faulthandler

        if self._sink < 0:
            self._sink = os.open(os.devnull, os.O_WRONLY)
        faulthandler.dump_traceback_later(seconds * (_PATIENCE + 1) + _GRACE, exit=True, file=self._sink)
        self._since = now

    def rest(self) -> None:
        if self._since:
            import faulthandler

            faulthandler.cancel_dump_traceback_later()
            self._since = 0.0


_hard = _Hard()


def end_process_when_stuck() -> None:
    """Have this process end itself when a file takes several times its limit; for processes of a pool."""
    _hard.enabled = True


def rest() -> None:
    """Say that no file is being scanned."""
    _hard.rest()
