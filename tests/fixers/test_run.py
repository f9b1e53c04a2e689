from __future__ import annotations

from pathlib import Path

from tests.fixers.fixing import SAMPLES, outcome

KEY, KEY2 = SAMPLES["{KEY}"], SAMPLES["{KEY2}"]


def test_rules_choose_what_is_fixed(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'API_KEY = "{KEY}"\nTOKEN = "{SAMPLES["{GITHUB}"]}"\n')
    done = outcome(tmp_path, rules=frozenset({"github-personal-access-token"}))
    assert [item.finding.rule_id for item in done.fixed] == ["github-personal-access-token"]
    assert KEY.encode() in done.changes[0].after


def test_names_are_shared_by_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f'API_KEY = "{KEY}"\n')
    (tmp_path / "b.py").write_text(f'API_KEY = "{KEY2}"\n')
    (tmp_path / "c.py").write_text(f'SHOP_KEY = api_key = "{KEY}"\n')
    done = outcome(tmp_path)
    assert done.variables()[""] == {"API_KEY": KEY, "B_API_KEY": KEY2}
    assert b'os.environ["API_KEY"]' in {change.path: change.after for change in done.changes}["c.py"]


def test_the_report_is_that_of_the_result(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(f'API_KEY = "{KEY}"\n')
    done = outcome(tmp_path)
    assert (len(done.fixed), done.left, done.report.active) == (1, [], ())
