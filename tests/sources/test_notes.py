"""What a user is told of what was left out."""

from __future__ import annotations

from keytrace.model import Reason, Skipped
from keytrace.sources.notes import notes_on


def test_a_named_file_that_is_hidden_is_told() -> None:
    named = [Skipped(f"{letter}.env", Reason.KEYTRACEIGNORE, named=True) for letter in "abcde"]
    assert notes_on([*named, Skipped("docs/", Reason.EXCLUDE, named=True)]) == [
        "a.env, b.env, c.env and 2 more: named, but left out by .keytraceignore",
        "docs/: named, but left out by exclude",
    ]


def test_a_forgotten_env_file_is_told() -> None:
    names = [".env", "web/.env.local", "prod.env", "a/.env", "env.py", ".environment/", "build/"]
    assert notes_on(Skipped(name, Reason.GITIGNORE) for name in names) == [
        ".env, web/.env.local, prod.env and 1 more: left out by .gitignore; name them to scan them"
    ]
    assert notes_on([Skipped(".env", Reason.GITIGNORE)]) == [".env: left out by .gitignore; name it to scan it"]
    assert notes_on([Skipped(".env", Reason.EXCLUDE), Skipped("a.o", Reason.GITIGNORE)]) == []
