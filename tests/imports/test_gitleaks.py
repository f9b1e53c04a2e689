"""Reports of gitleaks."""

from __future__ import annotations

import json

import pytest

from keytrace.errors import ScannerError
from keytrace.imports.foreign import Entry, digest_of

from .conftest import OLD, Read

HEADER = "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine\n"


def test_json(read: Read) -> None:
    record = {"RuleID": "github-pat", "StartLine": 2, "Secret": OLD, "File": "app.py", "Commit": "ab" * 20}
    foreign = read("report.json", json.dumps([record, record | {"Secret": "REDACTED", "Commit": ""}]))
    assert foreign.entries == (
        Entry("app.py", 2, digest_of(OLD), "ab" * 20, "gitleaks:github-pat"),
        Entry("app.py", 2, rule="gitleaks:github-pat"),
    )
    assert foreign.notes == ("it holds 1 secrets in clear: delete it once they are imported",)
    assert OLD not in repr(foreign)


def test_json_of_version_7(read: Read) -> None:
    record = {"lineNumber": 2, "offender": OLD, "file": "app.py", "commit": "", "rule": "Github"}
    assert read("report.json", json.dumps([record])).entries == (Entry("app.py", 2, digest_of(OLD)),)


def test_csv(read: Read) -> None:
    foreign = read("report.csv", f'{HEADER}jwt,,a.py,,{OLD},"x\ny",3\njwt,,b.py,,ghp_...,,1\n')
    assert foreign.entries == (
        Entry("a.py", 3, digest_of(OLD), rule="gitleaks:jwt"),
        Entry("b.py", 1, rule="gitleaks:jwt"),
    )


def test_what_is_none(read: Read) -> None:
    for text in ('[{"a": 1}]', '["a"]', "[1, {}]"):
        with pytest.raises(ScannerError, match="this is not"):
            read("report.json", text)
    with pytest.raises(ScannerError, match="not valid CSV"):
        read("report.csv", f'{HEADER}jwt,"')
