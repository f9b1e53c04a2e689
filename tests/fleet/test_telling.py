"""What came of a fleet, in words."""

from __future__ import annotations

from typing import Any

from keytrace.fleet.telling import Summary, lines
from keytrace.fleet.work import Outcome

ERROR = {"type": "error", "path": "a", "message": "too large"}


def finding(digest: str = "") -> dict[str, Any]:
    place = {"path": "a.env", "start_line": 2, "start_column": 3, "severity": "high", "confidence": "high"}
    return {"type": "finding", "rule": "r", "name": "A key", "suppression": None, "secret_digest": digest, **place}


def test_one_repository() -> None:
    assert list(lines(Outcome("a", [], {}))) == ["a: clean"]
    assert list(lines(Outcome("a", [ERROR], {}, is_lost=True))) == ["a: not scanned", "  error     too large"]
    assert list(lines(Outcome("a", [finding(), ERROR], {}))) == [
        "a: 1 finding, not all was scanned",
        "  error     a: too large",
        "  high      a.env:2:3  A key  [r, high confidence]",
    ]
    for commit, place in (("0123456789abcdef", "0123456789:a.env"), ("", "a.env")):  # a tag's message is of no commit
        told = list(lines(Outcome("a", [finding() | {"commit": {"id": commit}}], {})))
        assert told[1].split()[1] == f"{place}:2:3"
    suppressed = finding() | {"suppression": {"kind": "inline", "reason": ""}}
    assert list(lines(Outcome("a", [suppressed], {}))) == ["a: clean"]


def test_the_sum() -> None:
    summary = Summary()
    assert summary.exit_code == 0
    for name in "abcde":
        summary.add(Outcome(name, [finding("1")], {}))
    assert summary.exit_code == 1
    summary.add(Outcome("f", [ERROR], {}))
    assert summary.exit_code == 1
    summary.add(Outcome("g", [ERROR], {}, is_lost=True))
    assert summary.exit_code == 3
    assert list(summary.lines()) == [
        "one secret in 5 repositories: A key, in a, b, c and 2 more",
        "5 findings in 5 of 7 repositories, 1 not scanned, 1 not wholly scanned",
    ]
    incomplete = Summary()
    incomplete.add(Outcome("f", [ERROR], {}))
    assert incomplete.exit_code == 3
