"""The file that takes secrets out of history."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from keytrace.config import Config
from keytrace.history import scan_history
from keytrace.history.clean_up import steps, write
from tests.samples import marked, private_key

if TYPE_CHECKING:
    from tests.conftest import Repository


def test_each_secret_has_a_line_that_only_its_owner_reads(repository: Repository, tmp_path: Path) -> None:
    key = private_key(1)
    repository.stage("a.env", f"TOKEN={marked(1)}\n")
    repository.stage("a.pem", f"{key}\n")
    repository.commit()
    path = tmp_path / "replace.txt"
    report = scan_history(str(repository.folder), Config(jobs=1))
    number = write(report, str(path))
    assert number == len(report.active) == 2
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    lines = path.read_text().splitlines()
    assert f"literal:{marked(1)}==>***REMOVED***" in lines
    (pattern,) = (line.removeprefix("regex:").removesuffix("==>***REMOVED***") for line in lines if line[:5] == "regex")
    assert re.fullmatch(pattern, key)
    assert re.fullmatch(pattern, key.replace("\n", "\r\n"))


def test_nothing_to_remove_writes_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.commit()
    assert write(scan_history(str(repository.folder), Config(jobs=1)), str(tmp_path / "none")) == 0
    assert not (tmp_path / "none").exists()


def test_the_steps_begin_with_revoking(repository: Repository) -> None:
    repository.write(f"key-{marked(3)}.txt", "nothing\n")
    repository.stage("a.env", f"TOKEN={marked(4)}\n")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "a commit")
    report = scan_history(str(repository.folder), Config(jobs=1))
    first, second, third, fourth, *_ = steps("replace.txt", report, 2)
    assert "--replace-text" in third
    assert "--replace-message" in third
    assert "1 of them in names of files" in fourth
    assert "2 secrets in clear" in first
    assert "revoke" in second
