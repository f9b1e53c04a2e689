"""`.gitleaksignore`."""

from __future__ import annotations

from keytrace.imports.foreign import Entry

from .conftest import Read


def test_fingerprints(read: Read) -> None:
    commit = "ab" * 20
    text = f"# why\n\na.py:github-pat:3\n{commit}:src/a:b.py:jwt:14\na.zip!x.env:jwt:1\nsrc\\w.py:jwt:2\n"
    assert read(".gitleaksignore", text).entries == (
        Entry("a.py", 3, rule="gitleaks:github-pat"),
        Entry("src/a:b.py", 14, commit=commit, rule="gitleaks:jwt"),
        Entry("a.zip!x.env", 1, rule="gitleaks:jwt"),
        Entry("src/w.py", 2, rule="gitleaks:jwt"),
    )


def test_other_lines_are_told(read: Read) -> None:
    foreign = read(".gitleaksignore", "a.py\na.py:x:y\na.py:x:1\n")
    assert (len(foreign.entries), foreign.notes) == (1, ("2 of its lines are no fingerprints",))
