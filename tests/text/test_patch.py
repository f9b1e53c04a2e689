"""A patch becomes the new files it shows: git and diff make them, the files themselves are compared."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace.model import NAME
from keytrace.text.patch import Patch, parse

if TYPE_CHECKING:
    from tests.conftest import Repository

OLD = b"".join(b"line %d\n" % number for number in range(1, 60))
NEW = OLD.replace(b"line 3\n", b"line 3\nadded\n").replace(b"line 40\n", b"changed\n").replace(b"line 50\n", b"")
ADDED = {4, 41}


@pytest.fixture
def changed(repository: Repository) -> Repository:
    """A commit of files, and all kinds of changes of them, staged."""
    for name in ("x.py", "sp ace/é.py", "old name.py", "b/y.py", "gone.py"):
        repository.stage(name, OLD)
    repository.stage("crlf.txt", OLD.replace(b"\n", b"\r\n"))
    repository.stage("bin", bytes(range(256)))
    repository.commit()
    for name in ("x.py", "sp ace/é.py", "b/y.py"):
        repository.stage(name, NEW)
    repository.git("mv", "old name.py", "new name.py")
    repository.stage("new name.py", NEW)
    repository.stage("crlf.txt", NEW.replace(b"\n", b"\r\n"))
    repository.stage("bin", bytes(range(255, -1, -1)))
    repository.stage("short.py", b"no line end")
    repository.git("rm", "-q", "gone.py")
    return repository


def read(data: bytes) -> Patch:
    patch = parse(data)
    assert patch is not None
    return patch


def check(folder: Path, data: bytes) -> Patch:
    """Each line that the patch shows is that of the file."""
    patch = read(data)
    for file in patch.files:
        content = Path(os.path.join(folder, file.path)).read_bytes().split(b"\n")
        assert [line for number, line in enumerate(file.lines) if line not in (b"", content[number])] == []
    added = {file.path: file.added for file in patch.files if not file.is_binary}
    assert added == dict.fromkeys(["b/y.py", "crlf.txt", "sp ace/é.py", "x.py"], ADDED) | {
        "new name.py": ADDED | {NAME},
        "short.py": {NAME, 1},
    }
    assert [file.path for file in patch.files if file.is_binary] == ["bin"]
    return patch


@pytest.mark.parametrize(
    "options",
    [
        ("diff", "--cached"),
        ("diff", "--cached", "--binary"),
        ("diff", "--cached", "--no-prefix"),
        ("diff", "--cached", "-U0", "--no-color"),
        ("diff", "--cached", "--function-context"),
        ("-c", "diff.mnemonicPrefix=true", "diff", "--cached"),
        ("-c", "core.quotePath=false", "diff", "--cached"),
        ("diff", "--cached", "--color=always"),
        ("diff", "--cached", "--color=always", "--color-moved", "--binary"),
        ("diff", "--cached", "--word-diff"),
        ("diff", "--cached", "--word-diff", "--color=always"),
        ("diff", "--cached", "--word-diff=color"),
        ("diff", "--cached", "--word-diff=porcelain"),
    ],
)
def test_patches_of_git(changed: Repository, options: tuple[str, ...]) -> None:
    patch = check(changed.folder, changed.git(*options))
    assert patch.around.strip() == b""


@pytest.mark.parametrize(
    ("options", "around"),
    [
        (("format-patch", "-1", "--stdout"), b"Subject: [PATCH] a commit"),
        (("show",), b"    a commit"),
        (("diff", "--stat", "-p", "HEAD~1"), b" x.py "),
        (("diff", "--raw", "-p", "HEAD~1"), b"\tx.py"),
        (("show", "--word-diff"), b"    a commit"),
    ],
)
def test_what_is_written_around_a_patch(changed: Repository, options: tuple[str, ...], around: bytes) -> None:
    changed.commit()
    data = changed.git(*options)
    patch = check(changed.folder, data)
    assert around in patch.around
    assert b"line 1" not in patch.around
    assert patch.around.count(b"\n") == data.count(b"\n")


def test_an_email_with_a_patch_and_windows_line_ends(changed: Repository) -> None:
    mail = b"From: Ada <ada@example.org>\nTo: you\n there\nSubject: see below\n\nHello,\n\n"
    patch = check(changed.folder, mail + changed.git("diff", "--cached") + b"-- \nAda\n")
    assert patch.around.split() == [*mail.split(), b"--", b"Ada"]
    windows = changed.git("diff", "--cached", "--", "x.py").replace(b"\n", b"\r\n")
    (file,) = read(windows).files
    assert (file.path, file.added, file.lines[3]) == ("x.py", ADDED, b"added\r")


def test_a_merge(repository: Repository) -> None:
    repository.stage("x.py", NEW)
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.stage("x.py", NEW.replace(b"line 10\n", b"side\n"))
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.stage("x.py", NEW.replace(b"line 10\n", b"main\n"))
    repository.commit()
    subprocess.run(["git", "merge", "-q", "side"], cwd=repository.folder, check=False, capture_output=True)
    repository.write("x.py", NEW.replace(b"line 10\n", b"both\n"))
    data = repository.git("diff")
    assert data.startswith(b"diff --cc x.py")
    (file,) = read(data).files
    assert (file.path, file.added, file.lines[10], file.lines[9]) == ("x.py", {11}, b"both", b"line 9")


def test_patches_of_diff(tmp_path: Path) -> None:
    for folder, content in (("old", OLD), ("new", NEW)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x y.py").write_bytes(content)
    for command in (["diff", "-u", "old/x y.py", "new/x y.py"], ["diff", "-ru", "old", "new"]):
        data = subprocess.run(command, cwd=tmp_path, check=False, stdout=subprocess.PIPE).stdout
        (file,) = read(data).files
        assert (file.path, file.added) == ("new/x y.py", ADDED | {NAME})


def test_lines_that_look_like_a_patch_in_a_patch(repository: Repository) -> None:
    inner = b"--- a/z\n+++ b/z\n@@ -1 +1 @@\n-old\n+new\ndiff --git a/q b/q\n-- \n\n\n"
    repository.stage("x.patch", inner)
    (file,) = read(repository.git("diff", "--cached")).files
    assert (file.path, file.lines, file.added) == ("x.patch", inner.split(b"\n")[:-1], {NAME, *range(1, 10)})
    repository.commit()
    repository.git("rm", "-q", "x.patch")
    patch = read(repository.git("diff", "--cached"))
    assert (patch.files, patch.around.strip()) == ([], b"")


def test_what_is_no_hunk_stays_in_the_text() -> None:
    patch = read(b"--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n-old\n b\n-none\n@@ -9 +9 @@\n-c\n+d\n")
    (file,) = patch.files
    assert (file.lines, file.added) == ([b"a", b"b"], set())
    assert patch.around.split(b"\n")[6:] == [b"-none", b"@@ -9 +9 @@", b"-c", b"+d", b""]
    long = read(b"--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-a\n-more than it says\n+b\n")
    assert long.around.strip() == b"-more than it says\n+b"
    broken = read(b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\nanything\n-removed\n")
    assert broken.around.strip() == b"@@ -1,3 +1,3 @@\n a\nanything\n-removed"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello\n",
        b"@@ -1 +1 @@\n-a\n+b\n",
        b"--- a\n+++ b\nno hunk\n",
        b"# A document\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
        b"--- a/x\n+++ b/x\n@@ -1 +99999999999 @@\n-a\n+b\n",
    ],
)
def test_what_is_no_patch(data: bytes) -> None:
    assert parse(data) is None


def test_hunks_out_of_order_are_another_look_at_the_file() -> None:
    patch = read(b"--- a/x\n+++ b/x\n@@ -9 +9 @@\n-a\n+b\n@@ -1 +1 @@\n-c\n+d\n")
    assert [(file.path, file.added) for file in patch.files] == [("x", {9}), ("x", {1})]
