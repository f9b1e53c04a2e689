"""`keytrace baseline import`, and files of other scanners in the root: what they accept, a scan accepts."""

from __future__ import annotations

import json
from hashlib import sha1
from pathlib import Path

import pytest

from tests.samples import marked as github_token

from .conftest import GITHUB, Keytrace

OLD, NEW = github_token(1), github_token(2)
NAME = ".keytrace-baseline.jsonl"


@pytest.fixture
def report(project: Path) -> Path:
    """A report of gitleaks on two findings, one of which is gone, beside a project with one."""
    (project / "app.py").write_text(f"import os\ntoken = '{OLD}'\n")
    one = {"RuleID": "github-pat", "File": "app.py", "StartLine": 9, "Secret": OLD}
    file = project.parent / "gitleaks-report.json"
    file.write_text(json.dumps([one, {**one, "File": "gone.py"}]))
    return file


def test_import(keytrace: Keytrace, project: Path, report: Path) -> None:
    run = keytrace("baseline", "import", str(report), "--dry-run")
    assert (run.code, (project / NAME).exists()) == (0, False)
    run = keytrace("baseline", "import", str(report))
    lines = [
        f"{report}, a report of gitleaks: 1 finding accepted",
        "1 of 2 entries have no finding here:",
        "  gone.py:9 (gitleaks:github-pat)",
        f"wrote {NAME}: 1 accepted finding",
    ]
    assert (run.code, run.out.splitlines()) == (0, lines)
    assert "2 secrets in clear" in run.err
    text = (project / NAME).read_text()
    assert OLD not in text + run.out + run.err
    assert keytrace("scan").code == 0
    again = keytrace("baseline", "import", str(report))
    assert (again.code, (project / NAME).read_text()) == (0, text), "a second time changes nothing"
    (project / "app.py").write_text(f"import os\ntoken = '{NEW}'\n")
    assert keytrace.json().findings == [(GITHUB, "app.py", 2)]


@pytest.mark.parametrize(
    ("text", "message"), [("[{", ":1: not valid JSON"), ('{"version": "7", "results": {}}', "version 7 is not known")]
)
def test_what_is_broken_changes_nothing(
    keytrace: Keytrace, project: Path, report: Path, text: str, message: str
) -> None:
    assert keytrace("baseline", "import", str(report)).code == 0
    before = (project / NAME).read_text()
    report.write_text(text)
    run = keytrace("baseline", "import", str(report))
    assert run.code == 2
    assert message in run.err
    assert "hint: " in run.err
    assert (project / NAME).read_text() == before


def test_a_scan_heeds_files_in_the_root(keytrace: Keytrace, project: Path, report: Path) -> None:
    found = {"type": "Secret Keyword", "hashed_secret": sha1(OLD.encode()).hexdigest(), "line_number": 2}
    (project / ".secrets.baseline").write_text(json.dumps({"version": "1.5.0", "results": {"app.py": [found]}}))
    run = keytrace("scan")
    assert run.code == 0, run.out
    assert ".secrets.baseline is honoured: 1 finding accepted in it" in run.err + run.out
    assert keytrace("scan", "--no-repo-config").code == 1
    assert keytrace("scan", "--no-baseline").code == 1
    (project / ".secrets.baseline").write_text('{"version": "1.5.0"')
    run = keytrace("scan")
    assert run.code == 1
    assert ".secrets.baseline:1: not valid JSON: it is not heeded" in run.err + run.out
