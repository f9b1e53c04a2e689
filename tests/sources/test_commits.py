"""Which commits are meant, and what each does to files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from keytrace.errors import ScannerError
from keytrace.sources.commits import Span, told

if TYPE_CHECKING:
    from tests.conftest import Repository


def messages(repository: Repository, span: Span = Span()) -> list[str]:  # noqa: B008
    folder = str(repository.folder)
    return [one.message.decode().strip() for one in told(folder, span.arguments(folder), (), span.earliest())]


def commit(repository: Repository, message: str, name: str = "a.txt") -> None:
    repository.stage(name, message)
    repository.git("commit", "-q", "-m", message)


def test_parents_come_first_with_what_they_do_to_files(repository: Repository) -> None:
    repository.stage("Übung\n.txt", "one")
    repository.git("commit", "-q", "-m", "subject\n\n:000000 100644 no record A\n\x01body")
    repository.git("rm", "-q", "Übung\n.txt")
    repository.stage("b.txt", "two")
    repository.git("commit", "-q", "-m", "second")
    first, second = told(str(repository.folder), Span().arguments(str(repository.folder)))
    one, two = (repository.git("hash-object", "--stdin").decode() or "" for _ in range(2))
    assert one == two  # of nothing: git answers
    (added,) = first.files
    assert (added.path, added.before) == ("Übung\n.txt", ())
    assert repository.git("cat-file", "blob", added.blob) == b"one"
    assert sorted((one.path, bool(one.blob)) for one in second.files) == [("b.txt", True), ("Übung\n.txt", False)]
    assert {one.path: one.before for one in second.files}["Übung\n.txt"] == (added.blob,)
    assert first.message.startswith(b"subject\n\n:000000")
    assert first.commit.author == "Ada"
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", first.commit.date)


def test_of_a_merge_what_none_of_its_parents_has(repository: Repository) -> None:
    commit(repository, "base")
    repository.git("checkout", "-q", "-b", "side")
    commit(repository, "side")
    repository.git("checkout", "-q", "main")
    commit(repository, "main", "b.txt")
    repository.git("merge", "-q", "--no-commit", "side")
    repository.stage("c.txt", "only in the merge")
    repository.git("commit", "-q", "-m", "merge")
    found = list(told(str(repository.folder), Span().arguments(str(repository.folder))))
    assert found[-1].message.strip() == b"merge"
    assert [one.path for one in found[-1].files] == ["c.txt"]


def test_which_commits_are_meant(repository: Repository) -> None:
    for name, file in (("one", "a.txt"), ("two", "b.txt"), ("three", "a.txt")):
        commit(repository, name, file)
    repository.git("tag", "first", "HEAD~2")
    repository.git("checkout", "-q", "-b", "side", "first")
    commit(repository, "side")
    repository.git("checkout", "-q", "main")
    assert sorted(messages(repository)) == ["one", "side", "three", "two"]
    assert messages(repository, Span(("HEAD~1",))) == ["one", "two"]
    assert messages(repository, Span(("first..main",))) == ["two", "three"]
    assert messages(repository, Span(base="side")) == ["two", "three"]
    assert messages(repository, Span(("main",), since="first")) == ["two", "three"]
    assert sorted(messages(repository, Span(since="2 weeks ago"))) == ["one", "side", "three", "two"]
    assert messages(repository, Span(since="2095-01-01")) == []
    assert len(messages(repository, Span(since="1999-01-01"))) == 4
    assert messages(repository, Span(("first",), paths=("b.txt",))) == []


def test_a_commit_reset_away_is_in_the_reflog(repository: Repository) -> None:
    commit(repository, "one")
    commit(repository, "away")
    repository.git("reset", "-q", "--hard", "HEAD~1")
    assert messages(repository) == ["one", "away"]


@pytest.mark.parametrize(
    "span",
    [
        Span(("nowhere",)),
        Span(("main..nowhere",)),
        Span(base="nowhere"),
        Span(since="sometime"),
        Span(since="2026-13-01"),
        Span(("-p",)),
        Span(paths=("nowhere",)),
    ],
)
def test_what_is_no_revision(repository: Repository, span: Span) -> None:
    commit(repository, "one")
    with pytest.raises(ScannerError):
        span.arguments(str(repository.folder))


def test_a_repository_without_commits(repository: Repository) -> None:
    assert messages(repository) == []


def test_dates_count_commit_by_commit(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(repository, "today")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2001-01-01T00:00:00Z")
    commit(repository, "long ago, says its clock")
    assert messages(repository, Span(since="2020-01-01")) == ["today"]


def test_a_commit_that_some_other_program_made(repository: Repository) -> None:
    tree = repository.git("write-tree").decode().strip()
    text = f"tree {tree}\nauthor A a@b\ncommitter A <a@b> 5 +0000\n\nodd\n"
    repository.write("odd", text)
    name = repository.git("hash-object", "--literally", "-t", "commit", "-w", "odd").decode().strip()
    repository.git("update-ref", "refs/heads/odd", name)
    (odd,) = told(str(repository.folder), Span(("odd",)).arguments(str(repository.folder)))
    assert (odd.message, odd.commit.date) == (b"odd\n", "")


def test_grafts_cut_nothing_off(repository: Repository) -> None:
    for name in ("one", "two"):
        commit(repository, name)
    repository.write(".git/info/grafts", repository.git("rev-parse", "HEAD"))
    assert messages(repository, Span(("HEAD",))) == ["one", "two"]
