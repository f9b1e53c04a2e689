"""One JSON document: version, tool, root, incomplete, findings, errors, skipped, notes, statistics, summary."""

from __future__ import annotations

from dataclasses import asdict
from typing import TextIO

from keytrace.model import Report
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import (
    TOOL,
    VERSION,
    error_record,
    finding_record,
    notes_record,
    skipped_record,
    summary_record,
    valid,
    write_object,
)  # fmt: skip
from keytrace.rules.stored import by_id


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    rules = by_id(report.rules)
    document = {
        "version": VERSION,
        "tool": TOOL,
        "root": valid(report.shown_root or report.root),
        "incomplete": bool(report.stopped_by),
        "findings": (finding_record(finding, rules[finding.rule_id], options) for finding in report.findings),
        "errors": [error_record(error) for error in report.errors],
        "skipped": [skipped_record(one) for one in report.skipped],
        "notes": notes_record(report),
        "statistics": asdict(report.statistics),
        "summary": summary_record(report, options),
    }
    write_object(document, stream)
    stream.write("\n")
