"""Temporary folders are removed, also where a signal comes in between."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace.cache import scratch
from keytrace.errors import Stopped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    def stop(number: int, _frame: object) -> None:
        raise Stopped(number)

    before = signal.signal(signal.SIGTERM, stop)
    yield
    signal.signal(signal.SIGTERM, before)


class Struck(tempfile.TemporaryDirectory[str]):
    """A folder in the making and removing of which a signal comes."""

    def __init__(self, **given: str | None) -> None:
        super().__init__(dir=given["dir"], prefix=given["prefix"])
        if "first" in self.name:
            os.kill(os.getpid(), signal.SIGTERM)

    def cleanup(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        super().cleanup()


def test_it_is_there_for_a_while(tmp_path: Path) -> None:
    with scratch.temporary_folder("a-", str(tmp_path)) as folder:
        assert Path(folder).parent == tmp_path
        Path(folder, "file").touch()
    assert [*tmp_path.iterdir()] == []


def test_it_is_removed_where_what_is_done_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), scratch.temporary_folder("a-", str(tmp_path)):
        raise KeyError
    assert [*tmp_path.iterdir()] == []


@pytest.mark.filterwarnings("ignore:Implicitly cleaning up")
@pytest.mark.parametrize("when", ["first-", "last-"])
def test_a_signal_waits(when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "TemporaryDirectory", Struck)
    with pytest.raises(Stopped), scratch.temporary_folder(when, str(tmp_path)):
        assert when == "last-", "it comes as soon as the folder is made"
    assert [*tmp_path.iterdir()] == []
