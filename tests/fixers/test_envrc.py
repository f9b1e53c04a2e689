"""The cases of tests/cases/fixes/envrc.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixers.fixing import Case, cases, check


@pytest.mark.parametrize("case", cases("envrc.txt"))
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
