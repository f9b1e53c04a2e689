"""Which findings a file speaks of, and what a scan heeds of the files in the root."""

from __future__ import annotations

import subprocess
from pathlib import Path

from keytrace import scan
from keytrace.imports.accepting import accepted, heed
from keytrace.imports.foreign import Entry, Foreign, digest_of
from keytrace.model import Finding

from .conftest import NEW, OLD, about


def test_by_secret_by_line_and_by_path(findings: list[Finding], tmp_path: Path) -> None:
    def of(*entries: Entry) -> list[str]:
        return about(Foreign(entries), findings, tmp_path)

    assert of(Entry("app.py", digest=digest_of(OLD))) == ["app.py"]
    assert of(Entry("app.py", 2, digest=digest_of("another"))) == [], "a new secret on the old line is not accepted"
    assert of(Entry("src/db.py", digest=digest_of(OLD))) == []
    assert of(Entry(digest=digest_of(NEW))) == ["src/db.py"]
    assert of(Entry("app.py", 2), Entry("src/db.py", 2)) == ["app.py"]
    assert of(Entry("app.py")) == []
    assert about(Foreign(passes=lambda path, _: path.startswith("src/")), findings, tmp_path) == ["src/db.py"]


def test_what_takes_too_long_passes_over_nothing(findings: list[Finding], tmp_path: Path) -> None:
    def late(path: str, value: bytes) -> bool:
        raise TimeoutError

    assert about(Foreign(passes=late), findings, tmp_path) == []


def test_entries_about_nothing_are_told(findings: list[Finding], tmp_path: Path) -> None:
    gone = Entry("gone.py", 1, rule="gitleaks:x")
    result = accepted(Foreign((Entry("app.py", 2), gone)), findings, str(tmp_path), lambda _: ())
    assert result.unused == [gone]
    assert str(gone) == "gone.py:1 (gitleaks:x)"


def test_a_rule_that_has_a_name_there_must_be_meant(findings: list[Finding], tmp_path: Path) -> None:
    entry = Foreign((Entry("app.py", 2, rule="gitleaks:aws-access-token"),))
    for names, count in (
        ((), 1),
        (("gitleaks:github-pat",), 0),
        (("other:x",), 1),
        (("gitleaks:aws-access-token",), 1),
        (("gitleaks:generic-api-key",), 1),  # what it is we cannot tell, and gitleaks can
    ):
        result = accepted(entry, findings, str(tmp_path), lambda _, names=names: names)  # type: ignore[misc]
        assert len(result.findings) == count


def test_a_line_of_a_commit_is_followed(findings: list[Finding], tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    commit = git("rev-parse", "HEAD")
    (tmp_path / "app.py").write_text(f"import os\n\n\n\ntoken = '{OLD}'\n")
    moved = list(scan(tmp_path).findings)
    assert about(Foreign((Entry("app.py", 2, commit=commit),)), moved, tmp_path) == ["app.py"]
    assert about(Foreign((Entry("app.py", 5, commit=commit),)), moved, tmp_path) == []
    assert about(Foreign((Entry("app.py", 2, commit="0" * 40),)), moved, tmp_path) == []


def test_a_scan_heeds_what_is_in_the_root(findings: list[Finding], tmp_path: Path) -> None:
    (tmp_path / ".gitleaksignore").write_text("app.py:github-pat:2\nodd\n")
    (tmp_path / ".secrets.baseline").write_text("{")
    notes: list[str] = []
    told = heed(findings, str(tmp_path), notes, lambda _: ())
    assert [one.suppression.reason if one.suppression else "" for one in told] == ["accepted in .gitleaksignore", ""]
    assert notes == [
        ".gitleaksignore is honoured: 1 finding accepted in it",
        ".gitleaksignore: 1 of its lines are no fingerprints",
        ".secrets.baseline:1: not valid JSON: it is not heeded",
    ]


def test_a_tree_that_is_not_trusted_accepts_nothing(findings: list[Finding], tmp_path: Path) -> None:
    (tmp_path / ".gitleaksignore").write_text("app.py:github-pat:2\n")
    assert len(scan(tmp_path).active) == 1
    assert len(scan(tmp_path, trust_repo=False).active) == 2
    assert len(scan(tmp_path, use_baseline=False).active) == 2
