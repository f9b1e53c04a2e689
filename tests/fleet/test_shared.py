"""What repositories share is found by path and content, and scanned once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from keytrace.fleet.repositories import named
from keytrace.fleet.shared import SharedContent
from keytrace.fleet.work import Plan, look, scan_repository

from .conftest import Make


def test_each_shared_file_is_looked_at_once(make: Make) -> None:
    folders = [make("a", 1), make("b", 2), make("c", 2)]
    repositories = named(map(str, folders), None)
    shared = SharedContent(Plan(options={"cached": False}), repositories)
    tasks = list(shared.tasks())
    assert [(repo, [file.path for file in files]) for _, repo, files in tasks] == [
        (str(folders[0]), ["shared0.py", "shared1.py", "shared2.py"]),
        (str(folders[1]), ["own.env"]),
    ]
    for task in tasks:
        shared.known.update(look(*task, 10_000))
    assert [len(shared.of(one)) for one in repositories] == [3, 3, 3]  # what has a finding is never kept


def test_settings_of_a_repository_are_its_own(make: Make) -> None:
    one, other = make("a"), make("b", **{"keytrace.toml": "file-timeout = 7\n"})
    bare = make("c", **{"keytrace.toml": "file-timeout = 8\n"}) / ".git"  # not known before its files are there
    broken = make("d", **{"keytrace.toml": "what = 1\n"})
    repositories = named([*map(str, (one, other, bare, broken)), "-"], BytesIO(str(one.parent / "nowhere").encode()))
    assert list(SharedContent(Plan(), repositories).tasks()) == []


def test_what_is_known_of_a_file_is_not_taken_for_another(make: Make) -> None:
    folders = [make("a", own="A=1\n"), make("b", own="A=1\n")]
    repositories = named(map(str, folders), None)
    shared = SharedContent(Plan(options={"cached": False}), repositories)
    for task in shared.tasks():
        shared.known.update(look(*task, 10_000))
    before = scan_repository(Plan(), repositories[1], {})
    Path(folders[1], "own").write_text(Path(make("x", 3), "own.env").read_text())  # changed, not committed
    after = scan_repository(Plan(options={"cached": False}), repositories[1], shared.of(repositories[1]))
    assert (len(before.findings), len(after.findings)) == (0, 1)
