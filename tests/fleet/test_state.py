"""What is done is kept, for as long as it holds."""

from __future__ import annotations

import os
import subprocess
from io import BytesIO
from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.fleet.repositories import named
from keytrace.fleet.state import State
from keytrace.fleet.work import Plan, scan_repository
from tests.samples import marked

from .conftest import Make


def test_what_is_done_holds_until_something_changes(make: Make, tmp_path: Path) -> None:
    there = make("a", 1)
    (repository,) = named([str(there)], None)
    plan, folder = Plan(key=b"k" * 16), str(tmp_path / "state")
    state = State(folder, plan)
    assert state.done(repository) is None
    outcome = scan_repository(plan, repository, {})
    state.keep(repository, outcome)
    assert State(folder, plan).done(repository) == outcome
    assert list(state.outcomes()) == [outcome]
    (file,) = Path(folder).iterdir()
    assert marked(1) not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    for other in (Plan(), Plan(key=plan.key, history=True), Plan(options={"exclude": ["x"]}, key=plan.key)):
        assert State(folder, other).done(repository) is None
    file.write_text("{")  # half a file, as nobody writes it
    assert State(folder, plan).done(repository) is None
    state.keep(repository, outcome)
    subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", "more"], cwd=there, check=True)
    assert State(folder, plan).done(repository) is None


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    (repository,) = named(["-"], BytesIO(os.fsencode(tmp_path / "nowhere")))
    plan = Plan()
    state = State(str(tmp_path / "state"), plan)
    assert state.done(repository) is None
    assert not state.has(repository)
    state.keep(repository, scan_repository(plan, repository, {}))
    assert state.has(repository)
    assert state.done(repository) is None
    assert [one.is_lost for one in state.outcomes()] == [True]


def test_no_folder(tmp_path: Path) -> None:
    Path(tmp_path, "file").touch()
    with pytest.raises(ScannerError, match="cannot make the folder"):
        State(str(tmp_path / "file" / "x"), Plan())
