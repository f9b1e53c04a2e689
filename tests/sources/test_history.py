"""What commits bring: each line once, with some around it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace.model import Reason, ScanError, Skipped
from keytrace.sources.commits import Span
from keytrace.sources.history import HistorySource, blobs
from keytrace.sources.version import HistoryArtifact

if TYPE_CHECKING:
    from tests.conftest import Repository

_LIMIT = 2**20
_LINES = [f"line number {number}" for number in range(100)]


def commit(repository: Repository, files: dict[str, str | bytes], message: str = "a commit") -> None:
    for name, content in files.items():
        repository.stage(name, content)
    repository.git("commit", "-q", "-m", message)


def found(folder: Path, *, unreachable: bool = False) -> list[HistoryArtifact | ScanError | Skipped]:
    return list(HistorySource(str(folder), Span(), _LIMIT, unreachable=unreachable).artifacts())


def brought(folder: Path, *, unreachable: bool = False) -> dict[str, list[str]]:
    """Return the lines that are looked at, of each path in order."""
    lines: dict[str, list[str]] = {}
    for one in found(folder, unreachable=unreachable):
        assert isinstance(one, HistoryArtifact)
        text = one.read(_LIMIT).decode("latin-1").split("\n")
        assert one.lines is not None
        assert {number for number, line in enumerate(text, 1) if line} <= one.lines
        lines.setdefault(one.provenance.path, []).extend(filter(None, text))
    return lines


def test_a_line_is_looked_at_once_with_some_around(repository: Repository) -> None:
    commit(repository, {"a.txt": "\n".join(_LINES)})
    commit(repository, {"a.txt": "\n".join([*_LINES[:50], "something new", *_LINES[50:]])})
    commit(repository, {"a.txt": "\n".join(_LINES), "copy.txt": "\n".join(_LINES)})
    looked_at = brought(repository.folder)
    assert looked_at["a.txt"] == [*_LINES, *_LINES[:5], *_LINES[45:50], "something new", *_LINES[50:55]]
    assert "copy.txt" not in looked_at


def test_lines_stand_at_their_numbers(repository: Repository) -> None:
    commit(repository, {"a.txt": "\n".join(_LINES)})
    commit(repository, {"a.txt": "\n".join([*_LINES[:50], "something new", *_LINES[50:]])})
    last = [one for one in found(repository.folder) if isinstance(one, HistoryArtifact)][-1]
    assert last.read(_LIMIT).split(b"\n")[50] == b"something new"
    assert last.lines == frozenset((*range(1, 6), *range(46, 57)))


def test_the_same_line_in_a_file_of_another_kind_is_new(repository: Repository) -> None:
    commit(repository, {"tests/a.py": "password = 'x'\n"})
    commit(repository, {"src/a.py": "password = 'x'\n"})
    assert {"tests/a.py", "src/a.py"} <= brought(repository.folder).keys()


def test_messages_notes_stashes_and_tags(repository: Repository) -> None:
    commit(repository, {"a.txt": "one"}, "the message of a commit")
    repository.git("notes", "add", "-m", "the text of a note")
    repository.git("tag", "-a", "v1", "-m", "the message of a tag")
    repository.stage("a.txt", "stashed text")
    repository.git("stash")
    looked_at = brought(repository.folder)
    assert "the message of a commit" in looked_at["message of the commit"]
    assert looked_at["message of the tag v1"] == ["the message of a tag"]
    assert looked_at["a.txt"] == ["stashed text"]
    assert ["the text of a note"] in looked_at.values()


def test_what_no_commit_leads_to(repository: Repository) -> None:
    commit(repository, {"a.txt": "committed"})
    repository.stage("b.txt", "only ever staged")
    repository.git("rm", "-q", "--cached", "b.txt")
    assert ["only ever staged"] not in brought(repository.folder).values()
    assert ["only ever staged"] in brought(repository.folder, unreachable=True).values()


def test_what_is_left_out(repository: Repository) -> None:
    repository.write(".keytraceignore", "vendor/\n")
    commit(repository, {"vendor/a.txt": "something", "a.txt": "something else", "big.txt": b"words " * 2**18})
    assert Skipped("vendor/a.txt", Reason.KEYTRACEIGNORE) in found(repository.folder)
    sizes = {one.provenance.path: one.size for one in found(repository.folder) if isinstance(one, HistoryArtifact)}
    assert sizes["big.txt"] > _LIMIT
    assert "vendor/a.txt" not in sizes


def test_a_shallow_clone_says_so(repository: Repository, tmp_path: Path) -> None:
    commit(repository, {"a.txt": "one thing"})
    commit(repository, {"a.txt": "another thing"})
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repository.folder}", clone], check=True)
    errors = [one for one in found(clone) if isinstance(one, ScanError)]
    assert len(errors) == 1
    assert "a shallow clone" in errors[0].message


def test_objects_that_are_missing_are_said(repository: Repository) -> None:
    commit(repository, {"a.txt": "one thing", "b.txt": "another thing"})
    name = repository.git("rev-parse", "HEAD:a.txt").decode().strip()
    Path(repository.folder, ".git", "objects", name[:2], name[2:]).unlink()
    looked_at = found(repository.folder)
    errors = [one for one in looked_at if isinstance(one, ScanError)]
    assert [one.path for one in errors] == ["a.txt"]
    assert any(isinstance(one, HistoryArtifact) and one.provenance.path == "b.txt" for one in looked_at)


def test_a_damaged_object_is_said(repository: Repository) -> None:
    commit(repository, {"a.txt": "one thing"})
    name = repository.git("rev-parse", "HEAD:a.txt").decode().strip()
    file = Path(repository.folder, ".git", "objects", name[:2], name[2:])
    file.chmod(0o644)
    file.write_bytes(b"damaged" + file.read_bytes()[7:])
    assert any(isinstance(one, ScanError) for one in found(repository.folder))


def test_lines_end_as_those_of_a_document(repository: Repository) -> None:
    commit(repository, {"a.log": b"10%\r20%\r30%\r100%\nsomething\r\nmore of it"})
    (only,) = (one for one in found(repository.folder) if getattr(one.provenance, "path", "") == "a.log")  # type: ignore[union-attr]
    assert isinstance(only, HistoryArtifact)
    assert only.lines == frozenset(range(1, 7))


def test_what_refs_name_without_a_commit(repository: Repository) -> None:
    commit(repository, {"a.txt": "committed"})
    repository.write("b.txt", "only in a tag")
    blob = repository.git("hash-object", "-w", "b.txt").decode().strip()
    repository.git("tag", "of-a-blob", blob)
    repository.write("c.txt", "only in a tagged tree")
    repository.git("add", "c.txt")
    repository.git("tag", "-a", "-m", "x", "of-a-tree", repository.git("write-tree").decode().strip())
    repository.git("rm", "-q", "--cached", "c.txt")
    looked_at = brought(repository.folder)
    assert looked_at["refs/tags/of-a-blob"] == ["only in a tag"]
    assert looked_at["c.txt"] == ["only in a tagged tree"]


def test_in_a_range_what_stood_before_is_known(repository: Repository) -> None:
    commit(repository, {"a.txt": "something old\n"})
    repository.git("mv", "a.txt", "b.txt")
    commit(repository, {"b.txt": "something old\nsomething new\n"})
    Path(repository.folder, "b.txt").chmod(0o755)
    repository.git("commit", "-q", "-a", "-m", "x")
    source = HistorySource(str(repository.folder), Span(("HEAD~2..HEAD",)), _LIMIT)
    files = [one for one in source.artifacts() if isinstance(one, HistoryArtifact) and one.provenance.path == "b.txt"]
    assert [sorted(one.lines or ()) for one in files] == [[1, 2]]  # the second line is new, with the first one around
    mode = HistorySource(str(repository.folder), Span(("HEAD~1..HEAD",)), _LIMIT)
    assert [
        one for one in mode.artifacts() if isinstance(one, HistoryArtifact) and one.provenance.path == "b.txt"
    ] == []


def test_a_ref_that_leads_nowhere_hides_nothing(repository: Repository) -> None:
    commit(repository, {"a.txt": "something new\n"})
    (repository.folder / ".git" / "refs" / "heads" / "bad").write_text("1234567890" * 4 + "\n")
    told = found(repository.folder)
    assert "a.txt" in [one.provenance.path for one in told if isinstance(one, HistoryArtifact)]
    assert any("not all commits could be read" in one.message for one in told if isinstance(one, ScanError))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes of this kind")
def test_a_process_that_is_forked_meanwhile_does_not_hold_it_up(repository: Repository) -> None:
    repository.stage("a.txt", "words\n")
    blob = repository.git("rev-parse", ":a.txt").decode().strip()
    answers = blobs(str(repository.folder), [blob] * 5000, 100)  # more names than a pipe holds
    assert next(answers) == (blob, (6, b"words\n"))
    child = os.fork()
    if not child:
        time.sleep(30)  # it holds what git reads from open
        os._exit(0)
    try:
        assert [answer for _, answer in answers] == [(6, b"words\n")] * 4999
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "it was not waited for"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
