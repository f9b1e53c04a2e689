"""Names in documentation."""

from __future__ import annotations

from keytrace.lifecycle.documented import claims, is_prose, read


def test_names_once_a_line() -> None:
    text = b"# A_KEY\n| `B_KEY` | B_KEY of ${C_KEY} |\nnot_a_name path/D_KEY\nexport E_KEY=1\n"
    assert [(one.name, one.line) for one in read(text)] == [("A_KEY", 1), ("B_KEY", 2), ("C_KEY", 2), ("E_KEY", 4)]


def test_which_files() -> None:
    assert all(map(claims, ("README.md", "a/README", "docs/a/b.rst", "services/x/DEPLOYMENT.md")))
    assert not any(map(claims, ("CHANGELOG.md", "src/readme.py", "documents/a.md")))
    assert all(map(is_prose, ("CHANGELOG.md", "documents/a.RST", "README")))
    assert not is_prose("a.env")
