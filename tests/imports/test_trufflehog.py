"""Files for trufflehog's `--exclude-paths`."""

from __future__ import annotations

from pathlib import Path

from keytrace.model import Finding

from .conftest import Read, about


def test_paths(read: Read, findings: list[Finding], tmp_path: Path) -> None:
    foreign = read("exclude.txt", "# why\n^src/\n(\n", "trufflehog")
    assert about(foreign, findings, tmp_path) == ["src/db.py"]
    assert foreign.notes == ("1 of its regexes are not understood",)
