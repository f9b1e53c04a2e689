"""Markdown for a comment on a merge request or the summary of a job. The first line lets a bot find its own comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from keytrace.model import Finding, Report, Severity
from keytrace.reporters import ReporterOptions
from keytrace.reporters.layout import full_message, printable, worst_first

_MARKER = "<!-- keytrace -->"
_MOST = 60_000  # characters; GitHub takes 65,536 in a comment
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#!|<>~@:])")


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    size = 0
    for number, line in enumerate(_lines(report)):
        size += len(line) + 1
        if size > _MOST:
            stream.write(f"\n… and more; of {len(report.active)} findings {number - 5} are shown.\n")
            return
        stream.write(f"{line}\n")


def _lines(report: Report) -> Iterator[str]:
    yield _MARKER
    severities = Counter(finding.severity for finding in report.active)
    parts = ", ".join(f"{severities[level]} {level.label}" for level in reversed(Severity) if severities[level])
    number = len(report.active)
    if number:
        yield f"**keytrace: {number} finding{'s' * (number > 1)}** ({parts})"
        yield ""
        yield "| severity | where | what | rule |"
        yield "|---|---|---|---|"
        yield from map(_row, sorted(report.active, key=worst_first))
    elif report.errors:
        yield "**keytrace: no findings, but not everything could be scanned**"
    elif report.statistics.not_live:
        yield "**keytrace: no key is known to be live**"
    else:
        yield "**keytrace: no secrets found**"
    if report.errors:
        yield ""
        yield "Could not be scanned:"
        yield ""
        yield from (f"- {_text(error.path)}: {_text(error.message)}" for error in report.errors)


def _row(finding: Finding) -> str:
    place = f"{finding.location.provenance.path}:{finding.location.region.start_line}"
    return f"| {finding.severity.label} | {_text(place)} | {_text(full_message(finding))} | {_text(finding.rule_id)} |"


def _text(text: str) -> str:
    """Return a text that is none but itself: no markup, no mention, no link."""
    return _SPECIAL.sub(r"\\\1", printable(text))
