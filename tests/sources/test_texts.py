"""Texts under the paths of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.model import Reason, Skipped, StreamProvenance
from keytrace.sources.texts import TextArtifact, TextSource, path_below


def test_texts(tmp_path: Path) -> None:
    (tmp_path / ".keytraceignore").write_text("*.lock\n")
    given = [("a.py", b"1"), ("b/c.lock", b"2"), ("docs/d.md", b"3")]
    assert [*TextSource(given, str(tmp_path), ("docs/",)).artifacts()] == [
        TextArtifact("a.py", b"1"),
        Skipped("b/c.lock", Reason.KEYTRACEIGNORE),
        Skipped("docs/d.md", Reason.EXCLUDE),
    ]
    assert [one.path for one in TextSource(given, str(tmp_path), trust_repo=False).artifacts()] == [
        one for one, _ in given
    ]


def test_a_text(tmp_path: Path) -> None:
    artifact = TextArtifact("a.py", b"12345")
    assert (artifact.provenance, artifact.read(5)) == (StreamProvenance("a.py"), b"12345")
    with pytest.raises(ScannerError, match="larger than 4 bytes"):
        artifact.read(4)


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("a.py", "a.py"),
        ("/root/x/a.py", "x/a.py"),
        ("../a.py", "a.py"),
        ("/etc/passwd", "etc/passwd"),
        ("x/../../y", "y"),
    ],
)
def test_paths(path: str, below: str) -> None:
    assert path_below("/root", path) == below
