"""Markdown: whatever is reported stays text, and fits a comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from keytrace.model import FileProvenance, Report, ScanError


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
    assert f"of 5000 findings {text.count('| critical |') + text.count('| info |')} are shown" in text


def test_what_could_not_be_scanned_is_said_however_much_there_is(report: Report, rendered: Callable[..., str]) -> None:
    errors = tuple(ScanError(f"file{number}", "broken") for number in range(500))
    text = rendered("markdown", replace(report, findings=report.active[:1] * 5000, errors=errors))
    assert len(text) < 65_536
    assert "- file19: broken\n- … and 480 more\n" in text


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}, "https://github.com/a/b/blob/c0ffee/src/settings.py#L3"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee", "GITHUB_SERVER_URL": "https://git.example"},
         "https://git.example/a/b/blob/c0ffee/src/settings.py#L3"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee", "GITHUB_SERVER_URL": "https://u:p@git.example"},
         "https://git.example/a/b/blob/c0ffee/src/settings.py#L3"),
        ({"CI_PROJECT_URL": "https://u:p/q@x@lab.example/a/b", "CI_COMMIT_SHA": "c0ffee"},
         "https://lab.example/a/b/-/blob/c0ffee/src/settings.py#L3"),
        ({"CI_PROJECT_URL": "https://lab.example/a/b", "CI_COMMIT_SHA": "c0ffee"},
         "https://lab.example/a/b/-/blob/c0ffee/src/settings.py#L3"),
    ],
)  # fmt: skip
def test_a_job_links_to_its_lines(
    variables: dict[str, str], address: str, report: Report, rendered: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    html = MarkdownIt("commonmark").enable("table").render(rendered("markdown", report))
    assert f'<a href="{address}">src/settings.py:3</a>' in html
    assert html.count("<a ") == sum(isinstance(one.location.provenance, FileProvenance) for one in report.active)
