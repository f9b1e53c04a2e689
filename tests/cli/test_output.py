from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from keytrace.cli.output import keep_scanned, keep_sources, writable
from keytrace.errors import ScannerError
from tests.conftest import Repository

from .conftest import Keytrace


def test_no_source_is_overwritten(repository: Repository) -> None:
    root = str(repository.folder)
    repository.write("seen.py", "x = 1\n")
    repository.stage("tracked.bin", "x")
    for name in ("seen.py", "tracked.bin"):
        with pytest.raises(ScannerError, match="is a source"):
            keep_sources(f"{root}/{name}", root, {"seen.py"})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "diff --git a/x b/x\n",
        '{\n "$schema": "https://x/sarif-schema.json"',
        "# Rotate `X`\n",
        '{"version": 1, "repository": "a", "type": "summary"}\n',
        "a: clean\nb: 1 finding\n",
    ],
)
def test_what_was_written_before_is(repository: Repository, content: str) -> None:
    repository.stage("out", content)
    keep_sources(f"{repository.folder}/out", str(repository.folder), {"out"})
    keep_sources(f"{repository.folder}/new", str(repository.folder), {"out"})


def test_what_is_named_to_be_scanned_is_not_overwritten(repository: Repository) -> None:
    file = str(repository.write("list.json", "[]"))
    keep_scanned([file], [str(repository.folder)])  # a report of before, in the folder
    with pytest.raises(ScannerError, match="is what is scanned"):
        keep_scanned([file], [file])


def test_what_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    writable(str(tmp_path / "new"))
    writable(os.devnull)
    for name in (".", "nowhere/x"):
        with pytest.raises(ScannerError, match="cannot write"):
            writable(str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
@pytest.mark.parametrize(
    "words", [("rules", "list", "stripe"), ("config", "schema"), ("--help",), ("explain", "a.py:1")]
)
def test_a_full_disk_is_no_bug_of_ours(keytrace: Keytrace, words: tuple[str, ...]) -> None:
    (keytrace.folder / "a.py").write_text("x = 1\n")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            keytrace.command(*words), cwd=keytrace.folder, env=keytrace.environment(), stdout=full,
            stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr.splitlines()[-2]) == (2, b"keytrace: cannot go on: No space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")
def test_what_cannot_be_said_leaves_the_exit_code(keytrace: Keytrace) -> None:
    reading, closed = os.pipe()
    os.close(reading)
    with open("/dev/full", "wb") as full, open(closed, "wb") as pipe:
        for words, code in ((("scan", "nope"), 2), (("nope",), 2)):
            for stream in (full, pipe):
                done = subprocess.run(
                    keytrace.command(*words), cwd=keytrace.folder, env=keytrace.environment(),
                    stdout=subprocess.DEVNULL, stderr=stream, check=False,
                )  # fmt: skip
                assert done.returncode == code, words
