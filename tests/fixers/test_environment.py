from __future__ import annotations

import os
from pathlib import Path

import pytest

from keytrace.fixers.edits import Refused
from keytrace.fixers.environment import added, documented, example_of, is_ignored, is_kept, keeper, variables_of
from tests.conftest import Repository

VALUES = [
    "plain",
    "with space",
    "a'b",
    'a"b',
    "a$b",
    "line\nline\n",
    "back\\slash",
    "#hash",
    "a#b",
    "ü",
    "'",
    "tab\there",
]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_read_as_it_was_written(value: str) -> None:
    assert variables_of(added(b"", {"A": value, "B": "after"})) == {"A": value, "B": "after"}


@pytest.mark.parametrize("value", VALUES)
def test_a_shell_reads_the_same(value: str, tmp_path: Path) -> None:
    if "\n" in value or "\t" in value:
        return  # a shell has its own escapes
    file = tmp_path / ".env"
    file.write_bytes(added(b"", {"A": value}))
    import subprocess

    done = subprocess.run(["sh", "-c", f'. {file}; printf %s "$A"'], capture_output=True, check=True)
    assert done.stdout.decode() == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"A=x\n"),
        (b"B=1", b"B=1\nA=x\n"),
        (b"B=1\r\n", b"B=1\r\nA=x\r\n"),
        (b"A=x\n", b"A=x\n"),
        (b"A=\nB=1\n", b"A=x\nB=1\n"),
        (b"export A = \n", b"export A =x\n"),
    ],
)
def test_how_a_variable_is_added(before: bytes, after: bytes) -> None:
    assert added(before, {"A": "x"}) == after


def test_another_value_is_not_overwritten() -> None:
    with pytest.raises(Refused, match="A has another value"):
        added(b"A=y\n", {"A": "x"})


def test_an_example_has_names_only() -> None:
    assert added(b"A=your-key\n", documented(["B", "A"])) == b"A=your-key\nB=\n"


def test_which_file_git_ignores(repository: Repository) -> None:
    root = str(repository.folder)
    assert not is_ignored(root, ".env")
    repository.write(".gitignore", ".env\n")
    assert is_ignored(root, ".env")
    assert keeper(root, ".env") == ".env"
    repository.stage(".env", "A=1\n")
    assert not is_ignored(root, ".env")


def test_without_git_values_are_kept_out_of_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "tree").mkdir()
    place = keeper(str(tmp_path / "tree"), ".env")
    assert os.path.relpath(place, tmp_path / "tree").startswith("..")
    assert keeper(str(tmp_path / "tree"), ".env") == place


def test_the_example_that_is_there(tmp_path: Path) -> None:
    assert example_of(str(tmp_path), ".env") == ".env.example"
    (tmp_path / ".env.sample").touch()
    assert example_of(str(tmp_path), ".env") == ".env.sample"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('"x" # c', "x"),
        ("'x'# c", "x"),
        ('"a # b"', "a # b"),
        ("x # c", "x"),
        (" # c", ""),
        ('"" # c', ""),
        ("a#b", "a#b"),
    ],
)
def test_a_comment_is_no_value(line: str, value: str) -> None:
    assert variables_of(f"A={line}\n".encode()) == {"A": value}


def test_a_comment_stays_where_a_value_comes() -> None:
    assert added(b'A="" # c\nB= # d\n', {"A": "x", "B": "y"}) == b"A=x # c\nB=y # d\n"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a b", True),
        ("a\\b", True),
        ("a\\\\b", False),
        ("a b\\", False),
        ("a\nb", True),
        ("a'$b", False),
        ("a'b", True),
    ],
)
def test_what_all_read_alike(value: str, kept: bool) -> None:
    assert is_kept("A", value) is kept
