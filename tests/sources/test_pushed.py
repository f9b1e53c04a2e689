"""Which commits a push brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from keytrace.errors import ScannerError
from keytrace.sources.commits import Span, told
from keytrace.sources.pushed import pushed

if TYPE_CHECKING:
    from tests.conftest import Repository

NONE = "0" * 40


def commit(repository: Repository, name: str) -> str:
    repository.stage("a.txt", name)
    repository.git("commit", "-q", "-m", name)
    return repository.git("rev-parse", "HEAD").decode().strip()


def messages(repository: Repository, revisions: tuple[str, ...]) -> list[str]:
    folder = str(repository.folder)
    return [one.message.decode().strip() for one in told(folder, Span(revisions).arguments(folder))]


def test_by_the_lines_of_git(repository: Repository) -> None:
    one, two, three = (commit(repository, name) for name in ("one", "two", "three"))
    folder = str(repository.folder)

    def brought(*lines: str) -> list[str]:
        return messages(repository, pushed(folder, {}, lines))

    assert brought(f"refs/heads/main {three} refs/heads/main {one}\n") == ["two", "three"]
    assert brought(f"refs/heads/main {two} refs/heads/main {NONE}\n") == ["one", "two"]
    assert brought(f"(delete) {NONE} refs/heads/main {three}\n") == []
    assert brought(f"refs/heads/main {three} refs/heads/main {'1' * 40}\n") == ["one", "two", "three"]  # not known here
    repository.git("update-ref", "refs/remotes/origin/main", two)
    assert brought(f"refs/heads/new {three} refs/heads/new {NONE}\n") == ["three"]


def test_by_the_lines_of_what_is_received(repository: Repository) -> None:
    one, two, three = (commit(repository, name) for name in ("one", "two", "three"))
    folder = str(repository.folder)

    def brought(*lines: str) -> list[str]:
        return messages(repository, pushed(folder, {}, lines))

    repository.git("update-ref", "refs/heads/main", one)  # as it is while the hook runs
    repository.git("checkout", "-q", "--detach", one)
    assert brought(f"{one} {three} refs/heads/main\n") == ["two", "three"]
    assert brought(f"{NONE} {two} refs/heads/new\n", f"{NONE} {three} refs/tags/v1\n") == ["two", "three"]
    assert brought(f"{NONE} {one} refs/heads/new\n") == []  # another name of what is there
    assert brought(f"{one} {NONE} refs/heads/main\n") == []
    assert brought(f"{NONE} {three} refs/heads/new\n", f"{one} {NONE} refs/heads/main\n") == ["two", "three"]


def test_by_the_variables_of_pre_commit(repository: Repository) -> None:
    one, two = commit(repository, "one"), commit(repository, "two")
    told_by = {"PRE_COMMIT_FROM_REF": one, "PRE_COMMIT_TO_REF": two}
    assert messages(repository, pushed(str(repository.folder), told_by, ())) == ["two"]
    assert messages(repository, pushed(str(repository.folder), {"PRE_COMMIT_TO_REF": two}, ())) == ["one", "two"]
    assert messages(repository, pushed(str(repository.folder), {"PRE_COMMIT_LOCAL_BRANCH": "HEAD"}, ())) == [
        "one",
        "two",
    ]


@pytest.mark.parametrize("lines", [(), ("something else\n",), ("refs/heads/main 12 refs/heads/main 34\n",)])
def test_where_nothing_says_what_is_pushed(repository: Repository, lines: tuple[str, ...]) -> None:
    with pytest.raises(ScannerError):
        pushed(str(repository.folder), {}, lines)


def test_a_branch_that_is_deleted_where_there_is_no_commit(repository: Repository) -> None:
    assert (
        messages(repository, pushed(str(repository.folder), {}, [f"(delete) {NONE} refs/heads/old {'1' * 40}\n"])) == []
    )


def test_tags_of_files_and_folders_are_pushed_as_well(repository: Repository) -> None:
    one = commit(repository, "one")
    folder = str(repository.folder)
    for name in ("HEAD:a.txt", "HEAD^{tree}"):
        new = repository.git("rev-parse", name).decode().strip()
        revisions = pushed(folder, {}, [f"refs/tags/t {new} refs/tags/t {NONE}\n"])
        assert messages(repository, revisions) == []
        assert Span(revisions).objects(folder) == [new]
    assert messages(repository, pushed(folder, {}, [f"refs/heads/x {one} refs/heads/x {NONE}\n"])) == ["one"]
