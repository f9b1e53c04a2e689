"""Of a history only what was added is read again, and the report is the same all the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.cache import results, store
from keytrace.config import Config
from keytrace.history import scan_history
from keytrace.model import Report, Severity
from keytrace.sources.commits import Span
from keytrace.sources.history import HistorySource
from tests.conftest import Repository
from tests.samples import marked

CONFIG = Config(jobs=1, min_severity=Severity.INFO, file_timeout=0)


@pytest.fixture
def repo(tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    for name, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    repository = Repository(tmp_path / "repo")
    write(repository, "a.env", f"TOKEN={marked(1)}\n")
    write(repository, "b.env", "A=1\n" * 30)
    write(repository, "a.env", "A=2\n")
    write(repository, "copy.txt", f"old: {marked(1)}\nnew: {marked(2)}\n")
    yield repository
    results._opened.clear()


def write(repo: Repository, name: str, content: str, message: str = "a commit") -> None:
    Path(repo.folder, name).write_text(content)
    repo.git("add", "--", name)
    repo.git("commit", "-q", "-m", message)


def look(repo: Repository, config: Config = CONFIG, **options: object) -> Report:
    report = scan_history(str(repo.folder), config, **options)  # type: ignore[arg-type]
    return replace(report, statistics=replace(report.statistics, seconds=0))


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Return a function that tells how often a history was read since it was last asked."""
    read = HistorySource.artifacts
    count = 0

    def counting(self: HistorySource) -> object:
        nonlocal count
        count += 1
        return read(self)

    def asked() -> int:
        nonlocal count
        told, count = count, 0
        return told

    monkeypatch.setattr(HistorySource, "artifacts", counting)
    return asked


def test_what_has_not_changed_is_not_read(repo: Repository, unread: Callable[[], int], own_cache: Path) -> None:
    plain = look(repo, replace(CONFIG, cached=False))
    assert len(plain.findings) == 2
    assert unread() == 1
    assert look(repo) == look(repo) == look(repo, replace(CONFIG, jobs=2)) == plain
    assert unread() == 1
    assert all(marked(number).encode() not in file.read_bytes() for file in own_cache.iterdir() for number in (1, 2))


CHANGES: dict[str, Callable[[Repository], object]] = {
    "a commit": lambda repo: write(repo, "c.env", f"TOKEN={marked(3)}\n"),
    "a branch": lambda repo: repo.git("branch", "other", "HEAD~2"),
    "a reset": lambda repo: repo.git("reset", "-q", "--hard", "HEAD~1"),
    "a stash": lambda repo: (Path(repo.folder, "b.env").write_text(f"T={marked(3)}\n"), repo.git("stash", "-q")),
    "an ignore file": lambda repo: Path(repo.folder, ".keytraceignore").write_text("copy.txt\n"),
    "a damaged object": lambda repo: _lose(repo, "HEAD:copy.txt"),
    "a shallow clone": lambda repo: Path(repo.folder, ".git", "shallow").write_bytes(repo.git("rev-parse", "HEAD~1")),
}


def _lose(repo: Repository, name: str) -> None:
    blob = repo.git("rev-parse", name).decode().strip()
    Path(repo.folder, ".git", "objects", blob[:2], blob[2:]).unlink()


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_read(repo: Repository, unread: Callable[[], int], change: str) -> None:
    look(repo)
    CHANGES[change](repo)
    unread()
    after = look(repo)
    assert unread() in (1, 2)  # what was added, and all if there is something in it
    assert after == look(repo, replace(CONFIG, cached=False))
    unread()
    assert look(repo) == after
    assert unread() == 0  # what is not here is known, too


def _merge(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    write(repo, "side.txt", "from the side\n")
    repo.git("checkout", "-q", "-")
    repo.git("merge", "-q", "-m", "both", "side")


ADDITIONS: dict[str, Callable[[Repository], object]] = {
    "a commit": lambda repo: write(repo, "c.env", "B=1\n"),
    "a commit to a file with a secret": lambda repo: write(repo, "a.env", "A=3\n"),
    "a secret that is taken out": lambda repo: write(repo, "copy.txt", "old: gone\n"),
    "a file that is taken out": lambda repo: (repo.git("rm", "-q", "copy.txt"), repo.git("commit", "-q", "-m", "out")),
    "a branch": lambda repo: repo.git("branch", "other", "HEAD~2"),
    "a tag": lambda repo: repo.git("tag", "-a", "-m", "a version of it", "v1"),
    "a merge": _merge,
}


def test_what_was_added_is_read_alone(repo: Repository, unread: Callable[[], int]) -> None:
    look(repo)
    for number, (addition, add) in enumerate(ADDITIONS.items()):
        add(repo)
        unread()
        after = look(repo)
        assert unread() == 1, addition
        plain = look(repo, replace(CONFIG, cached=False))
        assert replace(after, statistics=plain.statistics) == plain, addition
        write(repo, f"{number}.txt", f"a line of {number}\n")


def test_what_was_taken_away_is_not_told(repo: Repository, unread: Callable[[], int]) -> None:
    repo.git("checkout", "-q", "-b", "side")
    write(repo, "side.env", f"TOKEN={marked(6)}\n")
    repo.git("checkout", "-q", "-")
    assert len(look(repo).findings) == 3
    repo.git("branch", "-q", "-D", "side")
    repo.git("reflog", "expire", "--expire=all", "--all")
    write(repo, "c.env", "B=1\n")
    unread()
    assert len(look(repo).findings) == 2
    assert unread() == 1


def test_what_is_asked_is_part_of_it(repo: Repository, unread: Callable[[], int]) -> None:
    look(repo)
    for config in (replace(CONFIG, exclude=("copy.txt",)), replace(CONFIG, rules=("github-personal-access-token",))):
        look(repo, config)
    for options in ({"span": Span(("HEAD~1",))}, {"span": Span(since="2020-01-01")}, {"unreachable": True}):
        assert look(repo, **options) == look(repo, replace(CONFIG, cached=False), **options)
    assert unread() == 9
    assert look(repo, span=Span(since="2 weeks ago")) == look(repo, span=Span(since="2 weeks ago"))
    assert unread() == 2  # a moment later it is another span


def test_what_holds_a_secret_is_not_kept(repo: Repository, unread: Callable[[], int], own_cache: Path) -> None:
    write(repo, f"key-{marked(4)}.txt", "nothing\n")
    assert look(repo) == look(repo)
    assert unread() == 2
    repo.git("rm", "-q", "--cached", f"key-{marked(4)}.txt")
    repo.git("commit", "-q", "-m", f"the token was {marked(5)}")
    assert look(repo) == look(repo)
    assert unread() == 2
    assert list(own_cache.glob("histories-*")) == []


def test_damage_costs_time(repo: Repository, unread: Callable[[], int], own_cache: Path) -> None:
    before = look(repo)
    (file,) = own_cache.glob("histories-*")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert replace(look(repo), notes=()) == before
    assert unread() == 2
    store._complaints.clear()
