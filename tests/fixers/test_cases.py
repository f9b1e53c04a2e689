"""Each pair of tests/cases/fixes/: what a file becomes, that it stays so, and why others are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixers.fixing import CASES, Case, cases, outcome

EVERY = [
    pytest.param(case, id=f"{file.stem}: {case.title}")
    for file in sorted(CASES.glob("*.txt"))
    for case in cases(file.name)
]


def fixed(case: Case, folder: Path, text: str) -> tuple[str, str, set[str]]:
    """Return what a text becomes, why the rest of it is left alone, and what is left in it that is a secret."""
    file = folder / case.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    reader = next((option.removeprefix("--reader=") for option in case.options if "reader" in option), "environ")
    done = outcome(folder, unsafe="--unsafe" in case.options, reader=reader)
    (after,) = [change.after for change in done.changes if change.path == case.path] or [text.encode()]
    return after.decode(), " / ".join(item.why for item in done.left), {one.rule_id for one in done.report.active}


@pytest.mark.parametrize("case", EVERY)
def test_case(case: Case, tmp_path: Path) -> None:
    after, why, _ = fixed(case, tmp_path, case.before)
    if case.refused:
        assert after == case.before
        assert case.refused in why
        return
    assert after == case.after
    again, _, left = fixed(case, tmp_path, after)
    assert again == after
    if "--rest" not in case.options:
        assert left == set()
    if case.path.endswith(".py"):
        compile(after, case.path, "exec")
