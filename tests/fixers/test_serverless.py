"""The cases of tests/cases/fixes/serverless.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixers.fixing import Case, cases, check


@pytest.mark.parametrize("case", cases("serverless.txt"))
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
