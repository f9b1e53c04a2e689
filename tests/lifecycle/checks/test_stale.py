"""Values that were replaced elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keytrace.lifecycle.changes import Change, Changes
from keytrace.lifecycle.checks.stale import stale
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.truth import Truth
from tests.lifecycle.checks.making import facts, placed
from tests.samples import unmarked

OLD, NEW = unmarked(1), unmarked(2)


def found(*group: Seen, changes: Changes | None = None) -> list[str]:
    asked = facts(group)
    return [fault.at.path for fault in stale(replace(asked, changes=changes) if changes else asked)]


def test_a_copy_is_old_where_history_tells_that_its_value_was_replaced() -> None:
    changes = Changes(taken={"p": [(f"A_KEY={OLD}".encode(), Change(3, "2026-03-01", "Ada"))]})
    new = placed("A_KEY", NEW, "p", "production", number=3)
    assert found(new, placed("A_KEY", OLD, "s", "staging", number=1), changes=changes) == ["s"]
    assert found(new, placed("A_KEY", OLD, "s", "staging", number=4), changes=changes) == []
    assert found(new, placed("A_KEY", OLD, "c.py", form="code", number=4), changes=changes) == ["c.py"]
    not_committed = Changes(brought={("p", f"A_KEY={OLD}".encode()): Change(2, "2026-02-01", "Ada")})
    assert found(new, placed("A_KEY", OLD, "s", "staging", number=1), changes=not_committed) == ["s"]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (placed("A_KEY", OLD, "k", "production", form="kubernetes", number=1), ["k"]),
        (placed("A_KEY", OLD, "ci", form="circleci", number=1), ["ci"]),
        (placed("A_KEY", OLD, "ci", form="circleci", number=2), []),  # of one time: for tests
        (placed("A_KEY", OLD, "compose.yml", form="compose", number=1), []),  # for one's own machine
        (placed("A_KEY", OLD, "c.py", form="code", number=2), ["c.py"]),
        (placed("A_KEY", OLD, "s", "staging", number=1), []),
        (placed("A_KEY", OLD, "eu/.env", "production", number=1), []),  # another deployment, in the same form
        (placed("A_KEY", OLD, "tests/c.py", form="code", number=1), []),
    ],
)  # fmt: skip
def test_without_that_the_newer_definition_tells(other: Seen, expected: list[str]) -> None:
    assert found(placed("A_KEY", NEW, "p", "production", number=2), other) == expected


def test_a_copy_that_has_the_value_of_some_environment_is_right() -> None:
    group = [placed("A_KEY", NEW, "p", "production", number=2), placed("A_KEY", OLD, "d", "development", number=1)]
    assert found(*group, placed("A_KEY", OLD, "c.py", form="code", number=1)) == []


def test_the_line_of_a_value_need_not_have_its_name() -> None:
    changes = Changes(taken={"p": [(f"value: {OLD}".encode(), Change(3, "2026-03-01", "Ada"))]})
    new = placed("A_KEY", NEW, "p", "production", form="kubernetes", number=3)
    old = placed("A_KEY", OLD, "s.sh", form="code", number=3)
    asked = replace(facts([new, old]), changes=changes)
    new.text = f"value: {NEW}".encode()
    assert [(one.at.path, one.message) for one in stale(asked)] == [
        ("s.sh", "A_KEY has an old value here; p:1 has a new one since 2026-03-01")
    ]


def test_a_value_that_stands_elsewhere_in_the_file_was_not_replaced() -> None:
    line = f"A_KEY={OLD}".encode()
    changes = Changes(brought={("ci.yml", line): Change(1, "2026-02-01", "Ada")})
    asked = facts([placed("A_KEY", NEW, "ci.yml", form="circleci"), placed("A_KEY", OLD, "c.yml", form="compose")])
    assert [one.at.path for one in stale(replace(asked, changes=changes))] == ["c.yml"]
    assert list(stale(replace(asked, changes=changes, lines_of=lambda _: frozenset({line})))) == []


def test_what_is_in_use_tells() -> None:
    digests = Digests(b"k" * 16)
    truth = Truth("production", {("a", "key"): frozenset({digests.of(NEW.encode())})})
    group = [placed("A_KEY", OLD, "p", "production"), placed("A_KEY", OLD, "s", "staging"), placed("A_KEY", NEW, "q")]
    asked = replace(facts(group), truths=[truth], digests=digests)
    assert [fault.at.path for fault in stale(asked)] == ["p"]
