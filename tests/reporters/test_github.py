"""Annotations of GitHub Actions: escaped, few of a kind, the worst first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from keytrace.model import Report, ScanError, Severity

# As the runner reads them: https://github.com/actions/toolkit, docs/commands.md
COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<properties>[^\n]*?)::(?P<data>[^\n]*)\n")


def test_each_line_is_a_command(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("github", report)
    commands = list(COMMAND.finditer(text))
    assert "".join(found[0] for found in commands) == text
    assert len(commands) == len(report.active) + len(report.errors)
    for found in commands:
        for one in found["properties"].split(","):
            assert re.fullmatch(r"(?:file|line|endLine|col|endColumn|title)=[^:,]*", one), one
        assert re.search(r"%(?!25|3A|2C)", found["properties"] + found["data"]) is None


def test_ten_of_a_kind_at_most(report: Report, rendered: Callable[..., str]) -> None:
    many = replace(report, findings=report.active[:1] * 25, errors=())
    lines = rendered("github", many).splitlines()
    assert len(lines) == 10
    assert lines[-1].endswith("::16 more findings; the log and reports have them")


def test_errors_and_findings_of_medium_severity_share_ten_lines(report: Report, rendered: Callable[..., str]) -> None:
    (finding,) = (one for one in report.active if one.severity == Severity.MEDIUM)
    errors = tuple(ScanError(f"{number}.bin", "damaged") for number in range(300))
    lines = rendered("github", replace(report, findings=(finding,) * 25, errors=errors)).splitlines()
    assert len(lines) == 10
    assert lines[5].endswith("::20 more findings; the log and reports have them")
    assert lines[6:] == [
        *(f"::warning title=keytrace could not scan,file={number}.bin::damaged" for number in range(3)),
        "::warning title=keytrace could not scan::297 more could not be scanned; the log and reports have them",
    ]
