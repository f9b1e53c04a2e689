"""A repository in a worker: whatever is wrong with it is its outcome, and no secret is in that."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import pytest

from keytrace import scan
from keytrace.fleet.repositories import Repository, named
from keytrace.fleet.work import Outcome, Plan, scan_repository
from tests.samples import marked

from .conftest import Make


def outcome(place: object, **plan: object) -> Outcome:
    (repository,) = named(["-"], BytesIO(str(place).encode()))
    return scan_repository(Plan(**plan), repository, {})  # type: ignore[arg-type]


def test_work_tree_mirror_and_url_tell_the_same(make: Make, tmp_path: Path) -> None:
    there = make("a", 1)
    subprocess.run(["git", "clone", "-q", "--mirror", str(there), str(tmp_path / "bare")], check=True)
    told = [outcome(place, key=b"k" * 16) for place in (there, tmp_path / "bare", f"file://{there}")]
    places = [
        [(one["rule"], one["path"], one["fingerprint"], one["secret_digest"]) for one in each.findings] for each in told
    ]
    assert places[0] == places[1] == places[2]
    assert [one[1] for one in places[0]] == ["own.env"]
    assert [one[2] for one in places[0]] == [one.fingerprint for one in scan(there).active]
    assert all(marked(1) not in json.dumps(asdict(one)) for one in told)
    assert [one.errors for one in told] == [[], [], []]
    assert outcome(there, history=True).findings[0]["history"]["versions"] == 1


def test_what_is_ignored_but_committed_is_scanned_in_a_mirror_too(make: Make, tmp_path: Path) -> None:
    there = make("a", 1)
    Path(there, ".gitignore").write_text("*.env\n")
    subprocess.run(
        "git add . && git commit -q -m x && git clone -q --mirror . ../bare", shell=True, cwd=there, check=True
    )
    assert [len(outcome(place).findings) for place in (there, tmp_path / "bare")] == [1, 1]


def test_each_keeps_its_own_configuration(make: Make, tmp_path: Path) -> None:
    there = make("a", 1, **{"keytrace.toml": "exclude = ['*.env']\n"})
    subprocess.run(["git", "clone", "-q", "--mirror", str(there), str(tmp_path / "bare")], check=True)
    for place in (there, tmp_path / "bare"):
        assert outcome(place).findings == []
        assert len(outcome(place, trust=False).findings) == 1


@pytest.mark.parametrize(
    ("place", "history", "why"),
    [
        ("nowhere", False, "there is no such folder"),
        ("plain", True, "it is no git repository"),
        ("broken", False, "unknown key 'what'"),
        ("file:///nowhere/at/all", False, "git cannot clone it"),
    ],
)
def test_what_cannot_be_scanned(make: Make, tmp_path: Path, place: str, history: bool, why: str) -> None:
    Path(tmp_path, "plain").mkdir()
    make("broken", **{"keytrace.toml": "what = 1\n"})
    told = outcome(place if "://" in place else tmp_path / place, history=history)
    assert told.is_lost
    assert why in told.errors[0]["message"]
    assert told.run["invocations"][0]["executionSuccessful"] is False


def test_a_fault_of_ours_is_an_outcome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("keytrace.fleet.work._scanned", fail)
    told = scan_repository(Plan(), Repository("a", str(tmp_path)), {})
    assert told.errors[0]["message"] == "could not be scanned (ZeroDivisionError)"
