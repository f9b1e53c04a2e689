"""The progress bar comes when a scan takes a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keytrace.cli import progress

if TYPE_CHECKING:
    import pytest


def test_a_quick_scan_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bar() as update:
        update(1, 1000)
    assert capsys.readouterr() == ("", "")


def test_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "_DELAY", 0)
    with progress.progress_bar() as update:
        update(1, 1000)
        update(1200, 3_000_000)
    out, _ = capsys.readouterr()
    assert out == ""
