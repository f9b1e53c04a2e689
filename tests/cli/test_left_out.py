"""What is left out is counted, named when asked for, and never the reason for a false all-clear."""

from __future__ import annotations

import json
import marshal
import os
import sqlite3
from pathlib import Path

import pytest

from tests.samples import marked as github_token

from .conftest import GITHUB, Keytrace

LINE = f'TOKEN = "{github_token(1)}"\n'
ONE = ("--rule", GITHUB)


@pytest.fixture
def project(keytrace: Keytrace) -> Path:
    keytrace.git("init", "-q")
    return keytrace.folder


def write(folder: Path, name: str, content: str | bytes = LINE) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("name", [".svn/a.py", ".hg/a.py", ".svn", ".hg", "a/.svn/entries"])
def test_tracked_folders_of_version_control(keytrace: Keytrace, project: Path, name: str) -> None:
    write(project, name)
    keytrace.git("add", "-A")
    assert keytrace("scan", ".", *ONE).code == 1


def test_what_is_left_out_is_counted_and_listed(keytrace: Keytrace, project: Path) -> None:
    write(project, ".gitignore", "build/\n.env\n")
    write(project, ".keytraceignore", "*.txt\n")
    for name in ("build/a.py", ".env", "b.txt", "c.lock"):
        write(project, name)
    write(project, "d.png", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9)
    os.mkfifo(project / "pipe")
    (project / "link").symlink_to("/etc/passwd")
    counts = {".gitignore": 2, ".keytraceignore": 1, "binary": 1, "exclude": 1, "special file": 1, "symbolic link": 1}
    paths = {
        ".env": ".gitignore", "build/": ".gitignore", "b.txt": ".keytraceignore", "c.lock": "exclude",
        "d.png": "binary", "link": "symbolic link", "pipe": "special file",
    }  # fmt: skip
    options = ("--exclude", "*.lock", *ONE)
    report = keytrace.json(*options).json
    assert report["statistics"]["skipped"] == counts
    assert {one["path"]: one["reason"] for one in report["skipped"]} == paths
    text = keytrace("scan", *options)
    assert text.code == 0
    assert "1 binary file searched only for keys with a format of their own\n" in text.out
    assert "2 by .gitignore" in text.out
    assert "--list-skipped names them" in " ".join(text.out.split())
    assert ".env: left out by .gitignore; name it to scan it" in text.out
    for option in ("--list-skipped", "--verbose"):
        out = keytrace("scan", *options, option).out
        assert [f"{path}: {reason}" in out for path, reason in paths.items()] == [True] * len(paths)
    sarif = json.loads(keytrace("scan", *options, "-f", "sarif").out)["runs"][0]["invocations"][0]
    assert sarif["properties"]["skipped"] == counts
    assert sarif["properties"]["skippedPaths"][".gitignore"] == [".env", "build/"]


def test_a_named_file_that_is_hidden_is_told(keytrace: Keytrace, project: Path) -> None:
    write(project, ".keytraceignore", "*\n")
    write(project, "x.env")
    run = keytrace("scan", "x.env", *ONE)
    assert run.code == 0
    assert "x.env: named, but left out by .keytraceignore" in run.out
    assert "1 by .keytraceignore" in run.out
    assert keytrace("scan", "x.env", "--no-repo-config", *ONE).code == 1


def test_strict(keytrace: Keytrace, project: Path) -> None:
    write(project, "a.py", "x = 1\n")
    write(project, ".gitignore", "build/\n")
    write(project, "build/b.py")
    (project / "within").symlink_to("a.py")
    assert keytrace("scan", "--strict", *ONE).code == 0
    (project / "outside").symlink_to("/etc")
    assert keytrace("scan", *ONE).code == 0
    assert keytrace("scan", *ONE, env={"KEYTRACE_STRICT": "1"}).code == 3
    assert keytrace("scan", "--strict", "--exclude", "outside", *ONE).code == 0
    write(project, "c.png", b"\x89PNG" + bytes(range(32)) * 9)  # searched for all that can be found in it
    assert keytrace("scan", "--strict", "--exclude", "outside", *ONE).code == 0
    write(project, "d.zip", b"PK\x03\x04" + bytes(range(32)) * 9)
    run = keytrace("scan", "--strict", "--exclude", "outside", *ONE)
    assert (run.code, "left out: 1 by .gitignore, 1 compressed, 1 by exclude; --list-skipped" in run.out) == (3, True)
    assert keytrace("scan", "--strict", "--exclude", "outside", "--exclude", "*.zip", *ONE).code == 0
    write(project, "d.py")
    assert keytrace("scan", "--strict", *ONE).code == 1


def test_the_target_of_a_link_is_looked_at(keytrace: Keytrace, project: Path) -> None:
    (project / "link").symlink_to(f"https://user:{github_token(2)}@host.example/")
    assert [finding["path"] for finding in keytrace.json(*ONE).json["findings"]] == ["link"]
    keytrace.git("add", "link")
    assert [finding["path"] for finding in keytrace.json("--staged", *ONE).json["findings"]] == ["link"]


def test_a_staged_path_that_is_nowhere(keytrace: Keytrace, project: Path) -> None:
    write(project, "src/a.py")
    keytrace.git("add", "-A")
    assert keytrace("scan", "--staged", "src", *ONE).code == 1
    for path in ("srcc", "src/b.py", "..", "/etc"):
        run = keytrace("scan", "--staged", path, *ONE)
        assert (run.code, run.out) == (2, "")


def test_text_that_looks_binary_and_binary_files(keytrace: Keytrace, project: Path) -> None:
    """Whatever a key stands in, it is found."""
    token = iter(range(10, 99))
    line = [f'TOKEN = "{github_token(next(token))}"\n' for _ in range(9)]
    write(project, "program.py", "ID3=0 #\x01é\n" + line[0])
    write(project, "environ", f"PATH=/bin\0GH_TOKEN={github_token(next(token))}\0A=1\0B=2\0")
    write(project, "chinese.txt", ("说" * 4200 + "\n" + line[1]).encode("utf-16-le"))
    write(project, "plain.txt", line[2].encode("utf-16-le"))
    write(project, "four.txt", line[3].encode("utf-32-be"))
    write(project, "mainframe.txt", line[4].encode("cp500"))
    write(project, "a.svn/.svn/a.py", line[5])
    code = compile(line[6], "a.py", "exec")
    write(project, "a.pyc", bytes(16) + marshal.dumps(code))
    with sqlite3.connect(project / "a.db") as database:
        database.execute("create table t (k text, v text)")
        database.execute("insert into t values ('token', ?)", (github_token(next(token)),))
    write(project, "a.exe", b"MZ\x90\0" + bytes(range(256)) + line[7].encode("utf-16-le"))
    found = {finding["path"] for finding in keytrace.json(*ONE).json["findings"]}
    assert {file.relative_to(project).as_posix() for file in project.rglob("*.*") if file.is_file()} - found <= {
        file.relative_to(project).as_posix() for file in (project / ".git").rglob("*")
    }
    assert "environ" in found
