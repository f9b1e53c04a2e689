from __future__ import annotations

from pathlib import Path

from keytrace.fixers.edits import Edit, Fix
from keytrace.fixers.plan import Planned
from keytrace.fixers.proposed import with_fixes
from keytrace.model import Region
from tests.fixers.fixing import SAMPLES, outcome


def test_a_fix_is_what_is_replaced_where(tmp_path: Path) -> None:
    key = SAMPLES["{KEY}"]
    (tmp_path / "app.py").write_text(f'API_KEY = "{key}"\n')
    report = outcome(tmp_path, rules=frozenset({"no-rule"})).report
    (finding,) = report.active
    fix = Fix("read it", (Edit(10, 12 + len(key), b'os.environ["API_KEY"]'),), imports=("os",), unsafe="why")
    raw = (tmp_path / "app.py").read_bytes()
    (again,) = with_fixes(report, [Planned(finding, fix)], {"app.py": raw}).active
    (one,) = again.fixes
    assert one.title == "read it (why)"
    assert [(it.region, it.text) for it in one.replacements] == [
        (Region(1, 1, 1, 1), "import os\n\n"),
        (Region(1, 11, 1, 13 + len(key)), 'os.environ["API_KEY"]'),
    ]


def test_a_finding_without_a_fix_has_none(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'API_KEY = "{SAMPLES["{KEY}"]}"\n')
    report = outcome(tmp_path, rules=frozenset({"no-rule"})).report
    assert with_fixes(report, [Planned(report.active[0], None, "why")], {}) == report
    assert with_fixes(report, [Planned(report.active[0], Fix("t", ()))], {"app.py": b"x"}) == report
