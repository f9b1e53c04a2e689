"""Of a repository of which objects are missing, all else is told, and what is missing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from keytrace.config import Config
from keytrace.history import scan_history
from keytrace.sources.commits import Span
from tests.samples import marked

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Repository

COMMITS = 6


def made(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make commits, a day apart, that bring a key each, in a folder each; return their ids."""
    ids = []
    for number in range(COMMITS):
        repository.stage(f"d{number}/a.env", f"TOKEN={marked(number)}\n")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2026-11-0{number + 1}T00:00:00Z")
        repository.commit()
        ids.append(repository.git("rev-parse", "HEAD").decode().strip())
    return ids


def lose(repository: Repository, name: str) -> None:
    name = repository.git("rev-parse", name).decode().strip()
    os.unlink(repository.folder / ".git" / "objects" / name[:2] / name[2:])


def told(repository: Repository, span: Span = Span()) -> tuple[dict[str, str], list[str]]:  # noqa: B008
    """Return which commit brought each value that is told, by its path, and what could not be read."""
    report = scan_history(str(repository.folder), Config(jobs=1, cached=False), span)
    places = {one.location.provenance.path: one.life.introduced.id for one in report.findings if one.life}
    return places, [error.message for error in report.errors]


def test_a_missing_commit(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = made(repository, monkeypatch)
    lose(repository, ids[3])
    places, errors = told(repository)
    brought = [*ids[:3], ids[4], ids[4], ids[5]]  # what the missing one brought is in the one behind it
    assert places == {f"d{number}/a.env": name for number, name in enumerate(brought)}
    assert errors[0].startswith("not all commits could be read: ")
    assert errors[1:] == [f"1 commit is missing or damaged ({ids[3][:12]}), with what nothing else has"]
    places, errors = told(repository, Span(revisions=(ids[1],)))
    assert (list(places), errors) == (["d0/a.env", "d1/a.env"], [])


def test_a_missing_folder(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = made(repository, monkeypatch)
    lose(repository, f"{ids[4]}:d2")
    places, errors = told(repository)
    assert sorted(places) == [f"d{number}/a.env" for number in (0, 1, 3, 4, 5)]
    assert f"not all files of a commit could be listed ({ids[2][:12]})" in errors


def test_a_missing_tree(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = made(repository, monkeypatch)
    lose(repository, f"{ids[3]}^{{tree}}")
    places, errors = told(repository)
    assert sorted(places) == [f"d{number}/a.env" for number in range(COMMITS)]
    assert errors[1:] == [f"not all files of 2 commits could be listed ({ids[3][:12]})"]
    _, errors = told(repository, Span(paths=("d5",)))
    assert errors[0].startswith("not all commits could be read: ")
