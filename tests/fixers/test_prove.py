from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.fixers.edits import Edit, Fix, applied
from keytrace.fixers.plan import FilePlan, Planned
from keytrace.fixers.prove import Moved, prove
from tests.fixers.fixing import SAMPLES, outcome

KEY, GITHUB = SAMPLES["{KEY}"], SAMPLES["{GITHUB}"]


def test_where_things_were() -> None:
    edits = [Edit(2, 4, b"xyz"), Edit(6, 6, b"!!")]
    new, moved = applied(b"01234567", edits), Moved(edits)
    assert new == b"01xyz45!!67"
    assert [moved.back(at) for at in range(11)] == [0, 1, 2, 2, 2, 4, 5, 6, 6, 6, 7]
    assert moved.touched(0, 2) == set()
    assert moved.touched(4, 8) == set(edits)


def test_what_would_be_found_again_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'import os\nprint("{GITHUB}")\n')
    done = outcome(tmp_path)
    assert done.changes == []
    assert [item.why for item in done.left] == [
        "what would stand there then is a finding of 'logged-credential', which has no fix of its own"
    ]


def test_what_is_new_elsewhere_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "keys.py").write_text(f'import os\nWEBHOOK_SECRET = "{KEY}"\n')
    (tmp_path / "app.py").write_text(
        "from keys import WEBHOOK_SECRET\n\n\ndef check(given):\n    return given == WEBHOOK_SECRET\n"
    )
    done = outcome(tmp_path)
    assert done.changes == []
    assert "there would be a new finding of 'credential-compared' in app.py" in [item.why for item in done.left]


def test_one_fix_that_fails_does_not_hold_up_the_others(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'import os\nprint("{GITHUB}")\nAPI_KEY = "{KEY}"\n')
    (change,) = outcome(tmp_path).changes
    assert change.after.decode() == f'import os\nprint("{GITHUB}")\nAPI_KEY = os.environ["API_KEY"]\n'


@pytest.mark.parametrize("name", ["app.py", "app.pyw"])
def test_a_file_without_findings_is_not_touched(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text('import os\nAPI_KEY = os.environ["API_KEY"]\n')
    assert outcome(tmp_path).changes == []


def test_a_fix_that_breaks_a_file_takes_no_other_one_along(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'import os\nAPI_KEY = "{KEY}"\n')
    done = outcome(tmp_path)
    fixes = [Fix("", (Edit(3, 4, b"x"),)), Fix("", (Edit(8, 9, b"{${"),))]
    file = FilePlan("a.yml", b"a: 1\nb: 2\n", [Planned(done.fixed[0].finding, fix) for fix in fixes])
    prove([file], done.report, lambda _edited: done.report, lambda _finding, _data: False)
    assert (file.result(), [item.why for item in file.items]) == (
        b"a: x\nb: 2\n",
        ["", "the file would not parse any more"],
    )
