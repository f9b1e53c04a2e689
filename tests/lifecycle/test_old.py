"""What still holds an old key."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.old import holders, in_files, in_lines, old_values, wanted
from keytrace.sources.folder import FileArtifact
from tests.lifecycle.checks.making import facts, placed
from tests.samples import unmarked

DIGESTS = Digests(b"k" * 16)
OLD = unmarked(1)


def test_by_digest() -> None:
    groups = facts([placed("A_KEY", OLD, "a"), placed("A_KEY", unmarked(2), "b")]).groups
    notes: list[str] = []
    values = wanted(DIGESTS.of(OLD.encode()), DIGESTS, [OLD.encode(), b"other"], notes)
    assert values == {OLD.encode()}
    assert notes == []
    assert wanted(DIGESTS.of(b"gone"), DIGESTS, [OLD.encode(), b"other"], notes) == frozenset()
    assert notes == ["--old: the values, the words of the files and what git history set were compared: 2"]
    assert [fault.at.path for fault in holders(values, groups, (), 10**6)] == ["a"]
    assert not list(holders(frozenset(), groups, (), 10**6))


def test_a_digest_of_another_key_tells_nothing() -> None:
    with pytest.raises(ScannerError, match="no key for digests"):
        wanted("0" * 16, Digests(b""), (), [])
    with pytest.raises(ScannerError, match="mistyped, or a digest that another key made"):
        wanted(Digests(b"l" * 16).of(OLD.encode()), DIGESTS, [OLD.encode()], [])


def test_words_of_files(tmp_path: Path) -> None:
    Path(tmp_path, "a.txt").write_text(f"please use ({OLD}), or <{OLD}==>\n")
    words = set(in_files([FileArtifact(str(tmp_path), name) for name in ("a.txt", "gone")], 10**6))
    assert words == {b"please", OLD.encode(), OLD.encode() + b"=="}


def test_values_that_lines_had() -> None:
    assert list(in_lines([b"A_KEY=" + OLD.encode(), b'  key: "quoted",', b"nothing"])) == [OLD.encode(), b"quoted"]


def test_by_value_in_any_spelling(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text(f"A_KEY={OLD}\n")
    Path(tmp_path, "a.txt").write_text(f"first\nin the middle {OLD} of it\n")
    Path(tmp_path, "b.txt").write_text(base64.b64encode(OLD.encode()).decode())
    Path(tmp_path, "c.txt").write_text(unmarked(3))
    artifacts = [FileArtifact(str(tmp_path), name) for name in ("a.txt", "b.txt", "c.txt", "gone")]
    groups = facts([placed("A_KEY", OLD, "known", line=3)]).groups
    found = [fault.at.place for fault in holders(wanted(str(old), DIGESTS, (), []), groups, artifacts, 10**6)]
    assert found == [("known", 3), ("a.txt", 2), ("b.txt", 1)]


def test_what_a_file_may_hold(tmp_path: Path) -> None:
    path = tmp_path / "old"
    for text in (f"{OLD}\n", f"A={OLD}", f"# why\n{OLD}", f"postgres://me:{OLD}@host/db"):
        path.write_text(text)
        assert old_values(str(path)) == {OLD.encode()}
    path.write_text("short\n")
    with pytest.raises(ScannerError, match="no value of at least 8"):
        old_values(str(path))
