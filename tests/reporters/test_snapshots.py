"""What each reporter writes for the canonical report. To accept a change, delete the file and run the test twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keytrace.model import Report
from keytrace.version import __version__

FOLDER = Path(__file__).parent / "snapshots"
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "report.txt": ("text", {}),
    "report-verbose.txt": ("text", {"verbose": True, "width": 72, "relative_to": "/home/dev/shop/src"}),
    "report-color.txt": ("text", {"color": True}),
    "report-80.txt": ("text", {"width": 80}),
    "report-line.txt": ("line", {}),
    "report.json": ("json", {}),
    "report.jsonl": ("jsonl", {}),
    "report.sarif": ("sarif", {"exit_code": 1}),
    "report.rdjson": ("rdjson", {}),
    "report-github.txt": ("github", {}),
    "report-codequality.json": ("codequality", {}),
    "report.xml": ("junit", {}),
    "report.csv": ("csv", {"verbose": True}),
    "report.md": ("markdown", {}),
}


@pytest.mark.parametrize("name", CASES)
def test_snapshot(name: str, report: Report, rendered: Callable[..., str]) -> None:
    kind, options = CASES[name]
    text = rendered(kind, report, **options).replace(f'ersion": "{__version__}"', 'ersion": "VERSION"')
    path = FOLDER / name
    if not path.exists():
        path.write_bytes(text.encode())
        pytest.fail(f"{path} was missing and is written: read it before you commit it")
    assert text == path.read_bytes().decode()
