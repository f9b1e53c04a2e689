"""Owners, ages and ends of keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keytrace.lifecycle.checks import CHECKS, faults, keeping
from keytrace.rules.load import load_builtin
from keytrace.rules.stored import of_analyzer
from tests.lifecycle.checks.making import facts, placed
from tests.lifecycle.test_expiry import token
from tests.samples import unmarked


def test_nobody_owns_it() -> None:
    asked = facts([placed("A_KEY", owned_by="git")], [placed("B_KEY", owned_by="CODEOWNERS")])
    assert [fault.at.name for fault in keeping.no_owner(asked)] == ["A_KEY"]
    assert list(keeping.no_owner(replace(asked, has_owners=False))) == []


def test_it_is_too_old() -> None:
    asked = replace(facts([placed("A_KEY", unmarked(1), day="2026-01-01")]), today=date(2026, 4, 1))
    assert [fault.message for fault in keeping.too_old(replace(asked, max_age=30))] == [
        "A_KEY is 90 days old; 30 are allowed"
    ]
    assert list(keeping.too_old(replace(asked, max_age=90))) == list(keeping.too_old(asked)) == []


def test_it_expires() -> None:
    asked = facts([placed("A_TOKEN", token({"exp": 1764547200}).decode())])
    (soon,) = keeping.expiring(replace(asked, today=date(2025, 11, 20)))
    (late,) = keeping.expiring(replace(asked, today=date(2025, 12, 20)))
    assert (soon.message, late.message) == ("A_TOKEN expires on 2025-12-01", "A_TOKEN expired on 2025-12-01")
    assert list(keeping.expiring(replace(asked, today=date(2025, 1, 1)))) == []


def test_each_rule_has_a_check_and_each_check_a_rule() -> None:
    rules = {rule.id for rule in of_analyzer(load_builtin().rules, "tree")}
    assert rules == {name for names in CHECKS for name in names}
    assert list(faults(facts([placed("A_KEY", owned_by="CODEOWNERS")]))) == []
