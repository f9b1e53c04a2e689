"""The cases are tests/cases/fixes/compared.txt; here is what a fix says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.fixers.compared import fix
from keytrace.fixers.edits import Refused, Target, applied
from keytrace.fixers.naming import Names
from tests.fixers.fixing import Case, cases, check


def target(source: str, part: str) -> Target:
    start = source.index(part)
    return Target("a.py", source.encode(), "credential-compared", start, start + len(part), part.encode())


@pytest.mark.parametrize(
    ("given", "is_safe"),
    [("x: str", True), ("x: bytes", False), ("x", False), ("*x", False)],
)
def test_it_is_safe_where_both_sides_are_known(given: str, is_safe: bool) -> None:
    source = f'import os\nKEY = os.environ["KEY"]\ndef check({given}):\n    return x == KEY\n'
    assert bool(fix(target(source, "x == KEY"), Names(), "environ").unsafe) is not is_safe


@pytest.mark.parametrize("given", ["x: str | None", "x: None | str = None", "x: typing.Optional[str]"])
def test_what_may_be_none_is_refused(given: str) -> None:
    source = f'import os\nKEY = os.environ["KEY"]\ndef check({given}):\n    return x == KEY\n'
    with pytest.raises(Refused, match="may be None"):
        fix(target(source, "x == KEY"), Names(), "environ")


def test_a_chain_is_refused() -> None:
    with pytest.raises(Refused, match="no comparison of two things"):
        fix(target("a == b == c\n", "a == b == c"), Names(), "environ")


def test_two_bytes_are_not_encoded() -> None:
    source = "import hmac\nx = a.digest() != b.digest()\n"
    done = fix(target(source, "a.digest() != b.digest()"), Names(), "environ")
    assert applied(source.encode(), done.edits).endswith(b"x = not hmac.compare_digest(a.digest(), b.digest())\n")


@pytest.mark.parametrize("case", cases("compared.txt"))
def test_case(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
