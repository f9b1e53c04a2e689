"""Lines in git history."""

from __future__ import annotations

from pathlib import Path

from keytrace.lifecycle.changes import read_changes
from tests.conftest import Repository


def made(folder: Path) -> Repository:
    repo = Repository(folder)
    for text, name in (("A=1\nB=1\n", "Ada"), ("A=2\nB=1\n", "Bob")):
        Path(folder, "a b.env").write_text(text)
        repo.git("add", ".")
        repo.git("-c", f"user.name={name}", "-c", "user.email=x@y.z", "commit", "-qm", "x")
    return repo


def test_who_brought_a_line_and_what_it_was_before(tmp_path: Path) -> None:
    made(tmp_path)
    changes = read_changes(str(tmp_path), str(tmp_path), {"a b.env"})
    first, second = changes.of("a b.env", b"B=1\r"), changes.of("a b.env", b"A=2")
    assert first is not None
    assert second is not None
    assert (first.author, second.author) == ("Ada", "Bob")
    assert first.number < second.number
    assert len(first.day) == 10
    assert list(changes.gone("a b.env", {b"A=2", b"B=1"})) == [(b"A=1", second)]
    _, not_committed = changes.gone("a b.env", {b"A=2"})
    assert (not_committed[0], not_committed[1].day) == (b"B=1", "")
    assert list(changes.gone("a b.env", {b"A=1", b"A=2", b"B=1"})) == []  # it stands elsewhere in the file
    assert changes.of("a b.env", b"C=1") is None


def test_where_there_is_no_history(tmp_path: Path) -> None:
    assert read_changes(None, str(tmp_path), {"a"}).brought == {}
    Repository(tmp_path / "empty")
    assert read_changes(str(tmp_path / "empty"), str(tmp_path / "empty"), {"a"}).notes == []
