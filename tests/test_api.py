"""The pipeline as a library: paths in, a report out."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from keytrace.api import baseline_path, common_root, covers, exists_below, scan, scan_text
from keytrace.config import BASELINE_NAME, Config
from keytrace.engine import known_rules
from keytrace.errors import ScannerError
from keytrace.model import Confidence, Severity

PASSWORD = "".join(random.Random(2).choices(string.ascii_letters + string.digits, k=24))


def test_scan(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(f'password = "{PASSWORD}"\n')
    (tmp_path / "a.py").write_text(f'\npassword = "{PASSWORD}"\n')
    report = scan([tmp_path], config=Config(jobs=1))
    assert [(f.location.provenance.path, f.location.region.start_line) for f in report.active] == [
        ("a.py", 2),
        ("b.py", 1),
    ]
    assert (report.root, report.statistics.files, report.errors) == (str(tmp_path), 2, ())
    assert report.scanned == {"a.py", "b.py"}
    hidden = scan([tmp_path], config=Config(jobs=1, min_severity=Severity.CRITICAL, min_confidence=Confidence.HIGH))
    assert (hidden.findings, hidden.statistics.hidden_findings) == ((), 2)


def test_a_missing_path(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="no such file or folder"):
        scan([tmp_path / "gone"])


def test_the_root_holds_all_paths(tmp_path: Path) -> None:
    for name in ("a/b/c.py", "a/d.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    root = common_root([str(tmp_path / "a/b/c.py"), str(tmp_path / "a/d.py")])
    assert root == str(tmp_path / "a")
    assert covers([root], root)
    assert not covers([str(tmp_path / "a/b")], root)
    assert exists_below(root, ())("b/c.py")
    assert not exists_below(root, ())("c.py")
    assert exists_below(root, ())("d.py!inner!x"), "an archive may hold it"
    assert not exists_below(root, ("d.py",))("d.py!x"), "it was looked at"


def test_names_of_baselines_and_rules() -> None:
    assert baseline_path("/x", Config()) == f"/x/{BASELINE_NAME}"
    assert baseline_path("/x", Config(baseline="/y/z")) == "/y/z"
    assert "generic-password" in known_rules(())


def test_what_is_no_path_and_no_text() -> None:
    for wrong in (b"a.py", 1, None):
        with pytest.raises(TypeError, match="a path or several, not"):
            scan(wrong)  # type: ignore[arg-type]
    for text in (5, None, ["a"]):
        with pytest.raises(TypeError, match="a text or bytes, not"):
            scan_text(text)  # type: ignore[arg-type]
    with pytest.raises(ScannerError, match="nothing to scan"):
        scan([])
    with pytest.raises(ScannerError, match="0 or more"):
        scan_text("x", jobs=-1)
    assert scan_text("\ud800\n", name="a\ud800.py").findings == ()
