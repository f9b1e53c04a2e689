"""Markdown: whatever is reported stays text, and fits a comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markdown_it import MarkdownIt

from keytrace.model import FileProvenance, Report


def test_it_is_a_table(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("markdown", report)
    assert text.startswith("<!-- keytrace -->\n")
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert html.count("<tr>") == len(report.active) + 1


def test_nothing_is_markup(report: Report, rendered: Callable[..., str]) -> None:
    hostile = "a|b`c`*d*<script>[e](https://evil.example)![f](g)@everyone#1"
    place = replace(report.active[0].location, provenance=FileProvenance(hostile))
    text = rendered("markdown", replace(report, findings=(replace(report.active[0], location=place),), errors=()))
    html = MarkdownIt("commonmark").enable("table").render(text.partition("\n")[2])
    for mark in ("<script", "<a ", "<img", "<em>", "<code>"):
        assert mark not in html
    assert html.count("<td>") == 4
    assert "\\@everyone" in text


def test_it_fits_a_comment(report: Report, rendered: Callable[..., str]) -> None:
    text = rendered("markdown", replace(report, findings=report.active[:1] * 5000, errors=()))
    assert len(text) < 65_536
    assert "of 5000 findings" in text
