"""The code quality report of GitLab, in the format of Code Climate: what a merge request shows beside its lines."""

from __future__ import annotations

import json
from typing import TextIO

from keytrace.model import Report, Severity
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import valid
from keytrace.reporters.saying import file_and_member, placed_message

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    issues = [
        {
            "description": valid(placed_message(finding)),
            "check_name": finding.rule_id,
            "fingerprint": finding.fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": valid(file_and_member(finding.location.provenance)[0]),
                "lines": {"begin": finding.location.region.start_line, "end": finding.location.region.end_line},
            },
        }
        for finding in report.active
    ]
    json.dump(issues, stream, indent=1)
    stream.write("\n")
