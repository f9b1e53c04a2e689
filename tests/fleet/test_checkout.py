"""The files of a commit are written byte for byte, and nowhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from keytrace.fleet.checkout import check_out
from keytrace.model import ScanError

from .conftest import Make


def test_files_are_as_they_were_committed(make: Make, tmp_path: Path) -> None:
    repo = make("a", 1, b="1\r\n2\n", c="x" * 5000, **{".gitattributes": "* text eol=crlf filter=evil\n"})
    subprocess.run(["git", "config", "filter.evil.smudge", "touch /tmp/evil; cat"], cwd=repo, check=True)
    os.symlink("/etc/passwd", repo / "link")
    subprocess.run(
        "git add . && git commit -q -m more && git clone -q --mirror . ../bare", shell=True, cwd=repo, check=True
    )
    assert check_out(str(tmp_path / "bare"), str(tmp_path / "files"), 4096) == []
    files = tmp_path / "files"
    assert Path(files, "own.env").read_bytes() == Path(repo, "own.env").read_bytes()
    assert Path(files, "link").read_bytes() == b"/etc/passwd"
    assert not Path(files, "link").is_symlink()
    assert Path(files, "c").stat().st_size == 5000  # of which not all need be there: it is too large
    assert not Path("/tmp/evil").exists()


def test_a_hostile_tree_stays_in_its_folder(make: Make, tmp_path: Path) -> None:
    repo = make("a")
    blob = subprocess.run(
        ["git", "hash-object", "-w", "--stdin"], cwd=repo, input=b"x", check=True, stdout=subprocess.PIPE
    )
    entry = bytes.fromhex(blob.stdout.decode().strip())
    inner = b"".join(b"100644 " + name + b"\0" + entry for name in (b"..", b".GIT", b"a"))
    tree = subprocess.run(["git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally"], cwd=repo, input=inner,
                          check=True, stdout=subprocess.PIPE).stdout.decode().strip()  # fmt: skip
    commit = subprocess.run(["git", "commit-tree", tree, "-m", "x"], cwd=repo, check=True, stdout=subprocess.PIPE)
    subprocess.run(["git", "update-ref", "HEAD", commit.stdout.decode().strip()], cwd=repo, check=True)
    subprocess.run(["git", "clone", "-q", "--mirror", ".", "../bare"], cwd=repo, check=True)
    failed = check_out(str(tmp_path / "bare"), str(tmp_path / "files"), 4096)
    assert [one.path for one in failed] == ["..", ".GIT"]
    assert os.listdir(tmp_path / "files") == ["a"]


def test_a_head_that_is_nowhere_is_told(make: Make, tmp_path: Path) -> None:
    repo = make("a")
    subprocess.run(["git", "clone", "-q", "--mirror", ".", "../bare"], cwd=repo, check=True)
    subprocess.run(["git", "symbolic-ref", "HEAD", "refs/heads/gone"], cwd=tmp_path / "bare", check=True)
    (error,) = check_out(str(tmp_path / "bare"), str(tmp_path / "one"), 4096)
    assert error == ScanError("HEAD", "names no commit, so there are no files; --history reads the rest")
    subprocess.run(["git", "init", "-q", "--bare", "../empty"], cwd=repo, check=True)
    assert check_out(str(tmp_path / "empty"), str(tmp_path / "two"), 4096) == []
