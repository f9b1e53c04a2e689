"""The progress bar comes when a scan takes a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keytrace.cli import progress

if TYPE_CHECKING:
    import pytest


def test_a_quick_scan_has_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bar() as update:
        update("scanning", 1, 1000, lambda: 2000)
    assert capsys.readouterr() == ("", "")


def test_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(progress, "_DELAY", 0)
    with progress.progress_bar() as update:
        update("scanning", 1, 1000, lambda: 2000)
        update("scanning", 1200, 3_000_000, lambda: 2000)
        update("reading programs", 3, 0, lambda: 4)
    out, _ = capsys.readouterr()
    assert out == ""


def test_what_it_says() -> None:
    assert progress.in_words("scanning", 1200, 30_000_000, 4000, 2.0) == (
        "scanning: 1,200 of 4,000 files (30 %), 30 MB, 15 MB/s"
    )
    assert progress.in_words("reading programs", 3, 0, 4, 9.0) == "reading programs: 3 of 4 files (75 %)"
