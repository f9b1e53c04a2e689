"""Markdown for a comment on a merge request or the summary of a job. The first line lets a bot find its own comment."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TextIO
from urllib.parse import quote

from keytrace.model import FileProvenance, Finding, Location, Report, Severity
from keytrace.redaction.addresses import without_user
from keytrace.reporters import ReporterOptions
from keytrace.reporters.layout import counted, printable, worst_first
from keytrace.reporters.saying import full_message
from keytrace.text.masking import MASK

Link = Callable[[Location], str]

_MARKER = "<!-- keytrace -->"
_MOST_ERRORS = 20
_MOST = 60_000  # characters; GitHub takes 65,536 in a comment
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#!|<>~@:])")


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    head, tail = "\n".join(_head(report)), "\n".join(_errors(report))
    stream.write(f"{head}\n")
    size, shown, link = len(head) + len(tail), 0, _linker()
    for row in (_row(finding, link) for finding in sorted(report.active, key=worst_first)):
        size += len(row) + 1
        if size > _MOST:
            break
        stream.write(f"{row}\n")
        shown += 1
    if shown < len(report.active):
        stream.write(f"\n… and more; of {len(report.active)} findings {shown} are shown.\n")
    if tail:
        stream.write(f"{tail}\n")


def _head(report: Report) -> Iterator[str]:
    yield _MARKER
    severities = Counter(finding.severity for finding in report.active)
    parts = ", ".join(f"{severities[level]} {level.label}" for level in reversed(Severity) if severities[level])
    if report.active:
        yield f"**keytrace: {counted(len(report.active), 'finding')}** ({parts})"
        yield ""
        yield "| severity | where | what | rule |"
        yield "|---|---|---|---|"
    elif report.errors:
        yield "**keytrace: no findings, but not everything could be scanned**"
    elif report.statistics.not_live:
        yield "**keytrace: no key is known to be live**"
    else:
        yield "**keytrace: no secrets found**"


def _errors(report: Report) -> Iterator[str]:
    if report.errors:
        yield "\nCould not be scanned:\n"
        yield from (f"- {_text(error.path)}: {_text(error.message)}" for error in report.errors[:_MOST_ERRORS])
    if len(report.errors) > _MOST_ERRORS:
        yield f"- … and {len(report.errors) - _MOST_ERRORS} more"


def _row(finding: Finding, link: Link) -> str:
    where = _text(f"{finding.location.provenance.path}:{finding.location.region.start_line}")
    if address := link(finding.location):
        where = f"[{where}]({address})"
    return f"| {finding.severity.label} | {where} | {_text(full_message(finding))} | {_text(finding.rule_id)} |"


def _linker() -> Link:
    """Return what makes the address of a line, at the commit that a job of GitHub or GitLab runs for."""
    said = os.environ.get
    if said("GITHUB_REPOSITORY") and said("GITHUB_SHA"):
        server = without_user(said("GITHUB_SERVER_URL") or "https://github.com")
        base = f"{server}/{said('GITHUB_REPOSITORY')}/blob/{said('GITHUB_SHA')}"
    elif said("CI_PROJECT_URL") and said("CI_COMMIT_SHA"):
        base = f"{without_user(said('CI_PROJECT_URL', ''))}/-/blob/{said('CI_COMMIT_SHA')}"
    else:
        return lambda _: ""

    def link(place: Location) -> str:
        path = place.provenance.path
        is_there = isinstance(place.provenance, FileProvenance) and MASK.decode() not in path
        return f"{base}/{quote(os.fsencode(path))}#L{place.region.start_line}" if is_there else ""

    return link


def _text(text: str) -> str:
    """Return a text that is none but itself: no markup, no mention, no link."""
    return _SPECIAL.sub(r"\\\1", printable(text))
