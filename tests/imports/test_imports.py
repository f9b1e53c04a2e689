"""The family: which format a file is of, and what is said of one that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.imports import HEEDED, read_foreign
from keytrace.imports.foreign import Content

from .conftest import Read


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        (".gitleaksignore", "a.py:x:1\n", "an ignore file of gitleaks"),
        (".secrets.baseline", '{"version": "1.5.0", "results": {}}', "a baseline of detect-secrets"),
        ("old.json", '{"version": "1.5.0", "results": {}}', "a baseline of detect-secrets"),
        ("report.json", "[]", "a report of gitleaks"),
        ("report.csv", "RuleID,Commit,File,SymlinkFile,Secret\n", "a report of gitleaks"),
        ("b.json", '{"results": [], "metrics": {}}', "a baseline of bandit"),
        ("k.yaml", "repositories: []\n", "a baseline of kingfisher"),
        (".gitguardian.yml", "version: 2\n", "a configuration of GitGuardian"),
        (".semgrepignore", "vendor/\n", "an ignore file of semgrep"),
        ("found.json", '{"SourceMetadata": {}, "DetectorName": "Github"}\n', "results of trufflehog"),
        ("trufflehog.jsonl", '{"SourceMetadata": {}, "DetectorName": "Github"}\n', "results of trufflehog"),
        ("trufflehog-exclude.txt", "^vendor/\n", "a list of paths that trufflehog leaves out"),
    ],
)
def test_a_file_is_known(tmp_path: Path, name: str, text: str, title: str) -> None:
    (tmp_path / name).write_text(text)
    assert read_foreign(Content(str(tmp_path / name)))[0].title == title


def test_some_hold_in_every_scan() -> None:
    assert HEEDED == (".gitleaksignore", ".secrets.baseline", ".gitguardian.yaml", ".gitguardian.yml")


@pytest.mark.parametrize(
    ("name", "text", "kind", "message"),
    [
        ("x.txt", "hello", "", "this is not a file of another scanner that is known"),
        ("x.json", '{"a": 1}', "", "this is not a file of another scanner that is known"),
        ("x.json", "{}", "bandit", "this is not a baseline of bandit"),
        ("x.json", "[{", "", ":1: not valid JSON"),
        ("x.yaml", "a: [\n", "", ":2: not valid YAML"),
        (".secrets.baseline", '{"version": "2.0", "results": {}}', "", "version 2.0 is not known"),
        ("k.yaml", "version: 3\nrepositories: []\n", "", "version 3 is not known"),
        (".gitguardian.yaml", "version: 9\n", "", "version 9 is not known"),
        ("x.json", "[" * 100_000, "", "nested too deeply"),
    ],
)
def test_what_cannot_be_read(read: Read, name: str, text: str, kind: str, message: str) -> None:
    with pytest.raises(ScannerError) as caught:
        read(name, text, kind)
    assert message in caught.value.message


def test_an_unknown_kind(read: Read) -> None:
    with pytest.raises(ScannerError) as caught:
        read("x", "", "gitleak")
    assert (caught.value.message, caught.value.hint) == ("unknown format 'gitleak'", "did you mean 'gitleaks'?")
