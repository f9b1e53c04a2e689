"""What is ignored, git ignores: git itself is asked."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from keytrace.model import Skipped
from keytrace.sources.folder import FileArtifact, FolderSource
from keytrace.sources.ignore import Patterns
from tests.growing import grows_linearly

if TYPE_CHECKING:
    from tests.conftest import Repository

_NAMES = [
    "a",
    "b",
    "ab",
    "abc",
    "a.py",
    "b.py",
    "ab.o",
    "c d",
    "build",
    "-",
    "[x]",
    "É",
    "a\nb",
    ".hid",
    "A1",
    "\udcff",
]
_PARTS = [
    *("a", "b", "ab", "build", "*", "**", "***", "a*", "*b", "*.py", "*.o", "?", "??", "a?", "a**c", "a*b*", "*a*c"),
    *("[ab]", "[!a]*", "[^b]", "[a-c]?", "[]a]", "[a-]", "[--a]", r"[\]a]", "[c-a]", "[a", "[[:no:]]", "[[]x]"),
    *("[[:alpha:]]", "[[:upper:]][[:digit:]]", r"\a", r"\[x\]", "c d", "É", "[É]*", "-", ".*", "*.*", ""),
]


def files(repository: Repository) -> set[str]:
    root = str(repository.folder)
    found = [item for item in FolderSource(root, [root]).artifacts() if not isinstance(item, Skipped)]
    assert all(isinstance(item, FileArtifact) for item in found)
    return {item.path for item in found}


def files_of_git(repository: Repository) -> set[str]:
    listing = repository.git("ls-files", "--cached", "--others", "--exclude-standard", "-z")
    return {os.fsdecode(name) for name in listing.split(b"\0")[:-1]}


def some_patterns(chance: random.Random) -> str:
    lines = []
    for _ in range(chance.randint(1, 6)):
        body = "/".join(chance.choices(_PARTS, k=chance.choice([1, 1, 1, 2, 2, 3])))
        lines.append(chance.choice(["", "", "!"]) + chance.choice(["", "", "/"]) + body + chance.choice(["", "", "/"]))
    return "\n".join(lines) + chance.choice(["", "\n", "\r\n", "  \n"])


@pytest.mark.parametrize("seed", range(25))
def test_never_ignores_more_than_git(seed: int, repository: Repository) -> None:
    chance = random.Random(seed)
    folders = [""]
    for _ in range(40):
        folder = chance.choice(folders)
        name = folder + chance.choice(_NAMES)
        if os.path.lexists(os.path.join(repository.folder, name)):
            continue
        if chance.random() < 0.4 and name.count("/") < 3:
            (repository.folder / name).mkdir()
            folders.append(name + "/")
        elif chance.random() < 0.2:
            repository.stage(name)
        else:
            repository.write(name)
    for folder in {"", *chance.choices(folders, k=3)}:
        repository.write(folder + ".gitignore", some_patterns(chance))
    repository.write(".git/info/exclude", some_patterns(chance))
    assert files(repository) >= files_of_git(repository)


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        pytest.param("*\n!*/\n!*.py\n", {"a.py", "s/a.py", "s/t/a.py"}, id="all but one kind of file"),
        pytest.param("/s/*\n!/s/t\n", {".gitignore", "a.o", "a.py", "s/t/a.o", "s/t/a.py"}, id="all but one folder"),
        pytest.param("s\n!s/a.py\n", {".gitignore", "a.o", "a.py"}, id="a file in an ignored folder stays ignored"),
        pytest.param("t/\na.o\n", {".gitignore", "a.py", "s/a.py"}, id="at any depth"),
        pytest.param("/a.o\ns/t\n", {".gitignore", "a.py", "s/a.o", "s/a.py"}, id="from the top"),
        pytest.param("\ufeffs\r\n#a.py\r\n\r\na.o  \r\n", {".gitignore", "a.py"}, id="written on Windows"),
        pytest.param(b"s\n\xff\xfe\xc3\n*.o\n", {".gitignore", "a.py"}, id="not UTF-8"),
    ],
)
def test_patterns(patterns: str | bytes, kept: set[str], repository: Repository) -> None:
    for folder in ("", "s/", "s/t/"):
        repository.write(folder + "a.py")
        repository.write(folder + "a.o")
    repository.write(".gitignore", patterns)
    assert files(repository) == kept == files_of_git(repository)


def test_a_deeper_file_decides_over_the_one_above(repository: Repository) -> None:
    repository.write(".gitignore", "*.log\n")
    repository.write("keep/.gitignore", "!*.log\n")
    repository.write("keep/no/.gitignore", "b.log\n")
    for name in ("a.log", "keep/a.log", "keep/no/a.log", "keep/no/b.log"):
        repository.write(name)
    kept = {".gitignore", "keep/.gitignore", "keep/a.log", "keep/no/.gitignore", "keep/no/a.log"}
    assert files(repository) == kept == files_of_git(repository)


def test_the_user_s_patterns(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write("a.swp")
    repository.write("a.bak")
    home = os.environ["HOME"]
    os.makedirs(f"{home}/.config/git")
    with open(f"{home}/.config/git/ignore", "w") as file:
        file.write("*.swp\n")
    assert files(repository) == {"a.bak"} == files_of_git(repository)
    with open(f"{home}/mine", "w") as file:
        file.write("*.bak\n")
    repository.git("config", "--global", "core.excludesFile", "~/mine")
    assert files(repository) == {"a.swp"} == files_of_git(repository)


def test_a_folder_below_the_top_of_the_repository(repository: Repository) -> None:
    repository.write(".gitignore", "/s/b.py\n*.o\n")
    repository.write("s/.gitignore", "!c.o\n")
    for name in ("a.py", "b.py", "a.o", "c.o", "t/b.py"):
        repository.write(f"s/{name}")
    root = str(repository.folder / "s")
    found = [item for item in FolderSource(root, [root]).artifacts() if isinstance(item, FileArtifact)]
    assert [item.path for item in found] == [".gitignore", "a.py", "c.o", "t/b.py"]


def test_no_pattern_is_slow() -> None:
    for text in (
        "*a" * 30 + "*b",
        "**/a/" * 30 + "b",
        "[a-z]*" * 30 + "b",
        "a*" * 30 + "[!a]",
        "*a*a*/**/*b*a*/c" * 5,
    ):
        patterns = Patterns(text.encode(), "")

        def work(size: int, patterns: Patterns = patterns) -> None:
            assert not patterns.match("/" + "a/" * size + "a" * size, False)

        assert grows_linearly(work, 125), text
