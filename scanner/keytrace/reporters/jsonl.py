"""JSON lines: each finding, error and thing left out, then one summary, told apart by "type"; see records.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TextIO

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
)  # fmt: skip
from keytrace.rules.stored import by_id


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    stream.writelines(json.dumps({"version": VERSION, **record}) + "\n" for record in records(report, options))


def records(report: Report, options: ReporterOptions) -> Iterator[dict[str, Any]]:
    """Yield what is written: the findings in their order, then the rest."""
    rules = by_id(report.rules)
    for finding in report.findings:
        yield {"type": "finding", **finding_record(finding, rules[finding.rule_id], options)}
    for error in report.errors:
        yield {"type": "error", **error_record(error)}
    for one in report.skipped:
        yield {"type": "skipped", **skipped_record(one)}
    yield {
        "type": "summary",
        "tool": TOOL,
        "root": valid(report.shown_root or report.root),
        "incomplete": bool(report.stopped_by),
        "notes": notes_record(report),
        "statistics": asdict(report.statistics),
        **summary_record(report, options),
    }
