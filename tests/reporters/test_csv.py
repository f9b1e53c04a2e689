"""The table for spreadsheets: rows of equal length, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from keytrace.model import Report


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_row_a_finding(report: Report, rendered: Callable[..., str]) -> None:
    head, *found = rows(rendered("csv", report))
    assert head[0] == "severity"
    assert {len(row) for row in found} == {len(head)}
    assert len(found) == len(report.active)
    assert len(rows(rendered("csv", report, verbose=True))) == len(report.findings) + 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r"])
def test_no_cell_is_a_formula(report: Report, rendered: Callable[..., str], start: str) -> None:
    one = replace(report.active[0], message=f'{start}HYPERLINK("https://evil.example")')
    _, row = rows(rendered("csv", replace(report, findings=(one,))))
    assert row[6][0] not in "=+-@\uff1d\uff0b\uff0d\uff20\t\r"
