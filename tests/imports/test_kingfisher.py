"""Baselines of kingfisher."""

from __future__ import annotations

from keytrace.imports.foreign import Entry

from .conftest import Read


def test_repositories(read: Read) -> None:
    text = (
        "version: 2\nrepositories:\n- id: local:///srv/app\n  findings:\n"
        "  - {path: src/a.py, fingerprint: '123', rule_id: kingfisher.github.1, line: 4}\n  - {path: b.py}\n"
    )
    assert read("baseline.yaml", text).entries == (
        Entry("src/a.py", 4, rule="kingfisher:kingfisher.github.1"),
        Entry("b.py"),
    )


def test_the_first_version(read: Read) -> None:
    text = "ExactFindings:\n  matches:\n  - {filepath: a.py, fingerprint: '1', linenum: 4, lastupdated: x}\n"
    assert read("baseline.yml", text).entries == (Entry("a.py", 4),)
