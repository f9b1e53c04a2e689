"""The cases of tests/cases/fixes/logged.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.fixers.edits import Refused, Target
from keytrace.fixers.logged import fix
from keytrace.fixers.naming import Names
from tests.fixers.fixing import Case, cases, check


@pytest.mark.parametrize("case", cases("logged.txt"))
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)


def test_a_call_that_shows_it_elsewhere_is_not_replaced() -> None:
    source = b"orm.Token.new(token=token)\n"
    told = "A part of 'token' is put into the message of an exception by new()"
    with pytest.raises(Refused, match="by what is called there"):
        fix(Target("a.py", source, "partial-credential", 0, len(source) - 1, source[:-1], told), Names(), "environ")
