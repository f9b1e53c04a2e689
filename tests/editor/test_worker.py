"""The process that looks at texts."""

from __future__ import annotations

import asyncio
import os

import pytest

from keytrace.editor.worker import Worker
from keytrace.errors import ScannerError


def test_one_that_dies_is_replaced() -> None:
    async def session() -> None:
        worker = Worker()
        try:
            first = await worker.ask(os.getpid)
            assert first != os.getpid()
            with pytest.raises(ScannerError, match="took the process down"):
                await worker.ask(os._exit, 1)
            assert await worker.ask(os.getpid) not in (first, os.getpid())
            with pytest.raises(ScannerError, match="no such file"):
                await worker.ask(_fail)
        finally:
            worker.close()

    asyncio.run(session())


def test_what_is_run_at_the_start_comes_first() -> None:
    async def session() -> None:
        worker = Worker()
        try:
            worker.start(os.chdir, os.sep)
            worker.start(_fail)
            assert await worker.ask(os.getcwd) == os.sep
        finally:
            worker.close()

    assert os.getcwd() != os.sep
    asyncio.run(session())


def _fail() -> None:
    raise ScannerError("no such file")
