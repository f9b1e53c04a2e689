"""A table for spreadsheets (RFC 4180), a row a finding, none of which a spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from typing import TextIO

from keytrace.model import Finding, Report
from keytrace.reporters import ReporterOptions
from keytrace.reporters.layout import printable

_COLUMNS = (
    "severity", "confidence", "rule", "path", "line", "column", "message", "secret", "fingerprint", "suppressed",
    "verification",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r")  # also of full width


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    rows.writerows(map(_row, report.findings if options.verbose else report.active))


def _row(finding: Finding) -> list[str]:
    place, suppression = finding.location, finding.suppression
    cells = (
        finding.severity.label, finding.confidence.label, finding.rule_id, place.provenance.path,
        str(place.region.start_line), str(place.region.start_column), finding.message, finding.secret.redacted,
        finding.fingerprint, f"{suppression.kind}: {suppression.reason}" if suppression else "",
        finding.verification.said if finding.verification else "",
    )  # fmt: skip
    return [_safe(printable(cell)) for cell in cells]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
