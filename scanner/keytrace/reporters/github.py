"""Annotations of GitHub Actions: workflow commands, which its log shows at the lines of a pull request.

It shows ten of a kind for each step: the worst come first, and the last one says how many more there are.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from keytrace.model import Finding, Report, ScanError, Severity
from keytrace.reporters import ReporterOptions
from keytrace.reporters.layout import printable, worst_first
from keytrace.reporters.saying import file_and_member, placed_error, placed_message

_MOST = 10  # of a kind
_MOST_ERRORS = 4
_KINDS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning"}


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    kinds: dict[str, list[Finding]] = {"error": [], "warning": [], "notice": []}
    for finding in sorted(report.active, key=worst_first):
        kinds[_KINDS.get(finding.severity, "notice")].append(finding)
    errors = list(_errors(report.errors))
    for kind, found in kinds.items():
        most = _MOST - len(errors) if kind == "warning" else _MOST
        shown = found if len(found) <= most else found[: most - 1]
        stream.writelines(_annotation(kind, finding) for finding in shown)
        if len(shown) < len(found):
            more = f"{len(found) - len(shown)} more findings; the log and reports have them"
            stream.write(f"::{kind} title=keytrace::{more}\n")
    stream.writelines(errors)


def _errors(errors: Sequence[ScanError]) -> Iterator[str]:
    """Yield few lines, of the kind of findings of medium severity, for which they leave room."""
    shown = errors if len(errors) <= _MOST_ERRORS else errors[: _MOST_ERRORS - 1]
    for file, said in map(placed_error, shown):
        yield f"::warning title=keytrace could not scan,file={_property(file)}::{_data(said)}\n"
    if len(shown) < len(errors):
        more = f"{len(errors) - len(shown)} more could not be scanned; the log and reports have them"
        yield f"::warning title=keytrace could not scan::{more}\n"


def _annotation(kind: str, finding: Finding) -> str:
    region = finding.location.region
    file, _ = file_and_member(finding.location.provenance)
    properties = {"file": file, "line": region.start_line, "endLine": region.end_line}
    if region.start_line == region.end_line:  # columns hold for one line only
        properties |= {"col": region.start_column, "endColumn": region.end_column}
    properties["title"] = f"{finding.rule_id} ({finding.severity.label})"
    said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{kind} {said}::{_data(placed_message(finding))}\n"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
