"""`.semgrepignore`."""

from __future__ import annotations

from pathlib import Path

from keytrace.model import Finding

from .conftest import Read, about


def test_paths(read: Read, findings: list[Finding], tmp_path: Path) -> None:
    foreign = read(".semgrepignore", "# why\n:include .gitignore\nsrc/\n")
    assert about(foreign, findings, tmp_path) == ["src/db.py"]
    assert foreign.notes == ("what it includes (':include') is not followed",)
    assert read(".semgrepignore", "").passes is None
