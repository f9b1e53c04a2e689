"""Many findings on a page: the worst first, few lines of each group, every number true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from keytrace.model import FileProvenance, Finding, Report, Severity
from keytrace.reporters.grouped import GROUPS, Grouped
from keytrace.reporters.layout import Paths, cells, worst_first


def at(finding: Finding, path: str, line: int) -> Finding:
    place = finding.location
    region = replace(place.region, start_line=line, end_line=line)
    return replace(finding, location=replace(place, provenance=FileProvenance(path), region=region))


@pytest.fixture
def many(report: Report) -> Report:
    """The findings, and one of them 60 times more in 12 files of 6 folders."""
    one = next(one for one in report.active if one.location.provenance.path == "src/i18n.json")
    more = tuple(at(one, f"lib/{number % 6}/{number % 12}.py", number + 1) for number in range(60))
    return replace(report, findings=report.findings + more, errors=(), notes=())


def test_many_are_grouped_by_rule_and_few_are_not(many: Report, report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", many)
    hint = "Each by itself: --group-by none; each line of the groups: --group-by rule --limit 0\n\n"
    assert text.replace(hint, "") == rendered("text", many, group_by="rule")
    assert text.count("\n") < 60
    assert rendered("text", report) == rendered("text", report, group_by="none")
    for options in ({"verbose": True}, {"limit": 0}, {"group_by": "none"}, {"show_secrets": True}):
        assert rendered("text", many, **options).count("critical  ") >= 63


def test_a_rule_says_what_to_do_once_and_which_folders_have_it(many: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", many)
    assert "critical  Demo payment key  [demo-payment-key]  63 findings\n" in text
    assert text.count("Roll the key at") == 1
    assert "    lib/0/  10 in 2 files, from 0.py:1:12\n" in text
    assert "    ... and 13 more in 3 folders; --group-by rule --limit 0 shows all\n" in text
    assert "    src/client.py:3:21  log.info(" in text
    assert sum(map(int, re.findall(r"(\d+) in \d+ files?,", text))) + 13 == 63


@pytest.mark.parametrize("by", GROUPS)
def test_the_numbers_of_groups_are_those_of_all(by: str, many: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", many, group_by=by)
    groups = [int(number) for number in re.findall(r"^\S.*  (\d+) findings?$", text, re.MULTILINE)]
    assert sum(groups) == len(many.active)
    every = rendered("text", many, group_by=by, limit=0)
    assert "--limit 0 shows all" not in every
    assert len(re.findall(r"^    .*:?\d+:\d+", every, re.MULTILINE)) == len(many.active)


def test_files_have_their_lines(many: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", many, group_by="file")
    assert "critical  src/settings.py  2 findings\n    critical  3:16  Demo payment key  PAYMENT_KEY = " in text
    assert "critical  lib/0/0.py  5 findings\n" in text


def test_equal_keys_are_one_group(many: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", many, group_by="key")
    assert "critical  Demo payment key  [sk_demo_********]  61 findings\n" in text
    assert "  no key of their own  2 findings\n" in text


def test_a_limit_shows_the_worst(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("text", report, limit=2)
    assert text.count("demo-payment-key, high confidence") == 2
    assert "src/settings.py:3:16" not in text.partition("... and 6 more findings; --limit 0 shows all\n")[0]
    assert "8 findings: 3 critical" in text


@pytest.mark.parametrize("by", GROUPS)
def test_it_fits_the_page(by: str, many: Report) -> None:
    rules = {rule.id: rule for rule in many.rules}
    grouped = Grouped(by, 0, rules, Paths(many.root, "", "", "utf-8"), 80)
    lines = ["".join(text for text, _ in line) for line in grouped.lines(sorted(many.active, key=worst_first))]
    assert len(lines) > len(many.active)
    assert max(map(cells, lines)) <= 80


_FITTED = (*(level.label for level in Severity), "...", "    ...", "    --group-by", "Each", "No", "Why")


@pytest.mark.parametrize("width", [40, 60, 80])
def test_hints_and_headings_fit_the_terminal(
    width: int, many: Report, rendered: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = rendered("text", many).splitlines()
    assert [line for line in lines if cells(line) > width and line.startswith(_FITTED)] == []


@pytest.mark.parametrize("by", [*GROUPS, "none"])
def test_a_table_of_rules_ends_it(by: str, many: Report, rendered: Callable[..., str]) -> None:
    end = rendered("text", many, group_by=by).splitlines()[-20:]
    assert any(re.match(r"critical +\d+  demo-payment-key +\S.* and \d+ more files$", line) for line in end), end
