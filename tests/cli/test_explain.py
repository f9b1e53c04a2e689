"""`keytrace explain`: why a line is or is not a finding."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace

TOKEN = github_token(1)


def test_a_finding(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"import os\ntoken = '{TOKEN}'\n")
    run = keytrace("explain", "app.py:2")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{GITHUB}  GitHub personal access token (classic)\n  2 | token = '********'\n")
    assert "checksum" in run.out
    assert "reported: critical severity, high confidence" in run.out
    assert TOKEN[4:12] not in run.out


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("token = '{token}'  # gitleaks:allow", "suppressed (inline): gitleaks:allow on line 1"),
        ("password = 'changeme-please'", "rejected"),
        ("x = '{altered}'", "hidden: critical severity, low confidence, below --min-confidence medium"),
        ("github_token = '{token}'", "left to the more specific rule"),
        ("password = os.environ['X']", "no rule's format stands on this line"),
        ("x = 1", "no rule's format stands on this line"),
        ("password_length = 20", "'password_length' tells something about a secret; it does not hold one"),
    ],
)
def test_no_finding(keytrace: Keytrace, project: Path, line: str, verdict: str) -> None:
    (project / "app.py").write_text(line.format(token=TOKEN, altered=TOKEN[:-6] + "000000") + "\n")
    run = keytrace("explain", "app.py:1")
    assert (run.code, run.err) == (0, "")
    assert verdict in run.out
    assert TOKEN[4:12] not in run.out


def test_encoded_text(keytrace: Keytrace, project: Path) -> None:
    encoded = b64encode(b64encode(f"token = '{TOKEN}'".encode())).decode()
    (project / "app.yaml").write_text(f"data:\n  settings: {encoded}\n")
    run = keytrace("explain", "app.yaml:2")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"{GITHUB}  GitHub personal access token (classic)\n  2 |   settings: ")
    assert "   +0.0  decoded from base64, then from base64\n" in run.out
    assert "reported: critical severity, high confidence" in run.out
    assert TOKEN[4:12] not in run.out
    assert encoded[40:80] not in run.out


def test_what_is_encoded_too_often(keytrace: Keytrace, project: Path) -> None:
    encoded = TOKEN.encode()
    for _ in range(7):
        encoded = b64encode(encoded)
    (project / "app.yaml").write_bytes(encoded)
    note = "note: app.yaml: some encoded text was not decoded: it is encoded more than 5 times over\n"
    assert note in keytrace("explain", "app.yaml:1").out
    scanned = keytrace("scan")
    assert (scanned.code, note in scanned.out) == (0, True)


def test_the_baseline_and_thresholds_are_heeded(keytrace: Keytrace, project: Path) -> None:
    (project / "db.py").write_text(f"password = '{password(1)}'\n")
    assert "reported: high severity" in keytrace("explain", "db.py:1").out
    assert "below --min-severity critical" in keytrace("explain", "db.py:1", "--min-severity", "critical").out
    assert keytrace("baseline", "create", "--reason", "rotated").code == 0
    assert "suppressed (baseline): rotated" in keytrace("explain", "db.py:1").out


def test_a_place_below_the_top_of_a_repository(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "src").mkdir()
    (project / "src" / "a:b.py").write_text(f"token = '{TOKEN}'\n")
    assert "reported" in keytrace("explain", "a:b.py:1", cwd=project / "src").out
    assert "reported" in keytrace("explain", project / "src" / "a:b.py:1").out


def test_a_link_that_scan_would_follow(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"token = '{TOKEN}'\n")
    (project / "link.py").symlink_to("app.py")
    assert keytrace("scan", "link.py").code == 1
    assert "reported" in keytrace("explain", "link.py:1").out


def test_a_binary_file(keytrace: Keytrace, project: Path) -> None:
    (project / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    run = keytrace("explain", "logo.png:1")
    assert (run.code, run.out) == (
        0,
        "note: the file is binary: only formats with a marker are looked for, in its printable runs\n",
    )


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("app.py", "'app.py' is not FILE:LINE"),
        ("app.py:", "'app.py:' is not FILE:LINE"),
        ("app.py:two", "'app.py:two' is not FILE:LINE"),
        ("app.py:²", "'app.py:²' is not FILE:LINE"),
        ("app.py:-1", "'app.py:-1' is not FILE:LINE"),
        ("app.py:0", "app.py has no line 0"),
        ("app.py:9", "app.py has no line 9"),
        ("app.py:" + "9" * 5000, ""),
        ("gone.py:1", "no such file or folder: gone.py"),
        ("folder:1", "folder is a folder"),
        (":1", "':1' is not FILE:LINE"),
    ],
    ids=lambda value: value[:12],
)
def test_a_place_that_is_none(keytrace: Keytrace, project: Path, place: str, message: str) -> None:
    (project / "app.py").write_text("x = 1\n")
    (project / "folder").mkdir()
    run = keytrace("explain", place)
    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert "bug" not in run.err
