from __future__ import annotations

import pytest

from keytrace.fixers.kinds import kind_of


@pytest.mark.parametrize(
    ("path", "kind"), [("a/b.py", "python"), ("a.PYW", "python"), ("a.ipynb", "notebooks"), ("a.c", "")]
)
def test_kinds(path: str, kind: str) -> None:
    assert kind_of(path, b"") == kind


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        (".env", "", "dotenv"), ("a/.env.production", "", "dotenv"), ("prod.env", "", "dotenv"),
        ("Dockerfile", "", "dockerfile"), ("Dockerfile.dev", "", "dockerfile"), ("app.dockerfile", "", "dockerfile"),
        ("docker-compose.override.yml", "", "compose"), ("compose.yaml", "", "compose"),
        (".github/workflows/a.yml", "", "workflow"), ("application-dev.yml", "", "properties"),
        ("a.yml", "apiVersion: v1\nkind: Pod\n", "kubernetes"), ("a.yml", "kind: x\n", ""), ("a.tf", "", "terraform"),
        ("a.rb", "", "languages"), ("A.java", "", "languages"), ("run.sh", "", "shell"), (".npmrc", "", "npmrc"),
        ("appsettings.json", "", "appsettings"), ("AppSettings.Dev.json", "", "appsettings"), ("a.json", "", ""),
        ("a.mts", "", "javascript"), ("a.go", "", "go"), ("environment.py", "", "python"), ("compose.py", "", "python"),
    ],
)  # fmt: skip
def test_kinds_of_other_files(path: str, content: str, kind: str) -> None:
    assert kind_of(path, content.encode()) == kind
