"""Secrets that are handed on: by other modules, decorators, containers, functions that call what they are handed."""

from __future__ import annotations

from pathlib import Path

import pytest
from programs import Case, cases, reported

PROGRAMS = cases(Path(__file__).with_name("handed_on.txt"))


@pytest.mark.parametrize("case", PROGRAMS, ids=[case.title for case in PROGRAMS])
def test_handed_on(case: Case) -> None:
    found = {(path, line, rule) for (path, line), rules in reported(case.files).items() for rule in rules}
    assert found == case.marks
