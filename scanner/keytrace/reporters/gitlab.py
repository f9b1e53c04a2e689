"""The secret detection report of GitLab, `gl-secret-detection-report.json`, version 15.0.7 of its schema.

https://docs.gitlab.com/development/integrations/secure/
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO
from uuid import NAMESPACE_URL, uuid5

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.model import CommitProvenance, Finding, Report, Rule, outermost
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import valid
from keytrace.reporters.saying import addresses, file_and_member, placed_message
from keytrace.rules.stored import by_id
from keytrace.version import __version__

_VERSION = "15.0.7"
_NO_COMMIT = "0000000"
_LONGEST_NAME, _LONGEST_SOLUTION = 255, 7000
_TOOL = {"id": "keytrace", "name": "keytrace", "version": __version__, "vendor": {"name": "keytrace"}}


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    rules, commit = by_id(report.rules), _head(report.root)
    end = datetime.now(UTC).replace(tzinfo=None)
    begin = end - timedelta(seconds=report.statistics.seconds)
    json.dump(
        {
            "version": _VERSION,
            "scan": {
                "type": "secret_detection",
                "analyzer": _TOOL,
                "scanner": _TOOL,
                "start_time": begin.isoformat(timespec="seconds"),
                "end_time": end.isoformat(timespec="seconds"),
                "status": "failure" if report.errors or report.stopped_by else "success",
                "messages": [
                    {"level": "warn", "value": f"{valid(one.path)}: {valid(one.message)}"} for one in report.errors
                ],
            },
            "vulnerabilities": [_vulnerability(one, rules[one.rule_id], commit) for one in report.active],
        },
        stream,
        indent=1,
    )
    stream.write("\n")


def _vulnerability(finding: Finding, rule: Rule, commit: str) -> dict[str, Any]:
    place, provenance = finding.location, outermost(finding.location.provenance)
    held = provenance.commit.id if isinstance(provenance, CommitProvenance) else ""
    file, _ = file_and_member(place.provenance)
    where = {"file": valid(file), "start_line": place.region.start_line, "end_line": place.region.end_line}
    tracked = {"algorithm": "hash", "value": finding.fingerprint}  # else two of a line, or of an archive, become one
    return {
        "id": str(uuid5(NAMESPACE_URL, f"keytrace:{finding.fingerprint}")),
        "category": "secret_detection",
        "name": valid(rule.name)[:_LONGEST_NAME],
        "description": f"{valid(placed_message(finding))}. {valid(rule.description)}".strip(),
        "severity": finding.severity.label.capitalize(),
        "solution": valid(rule.remediation)[:_LONGEST_SOLUTION],
        "identifiers": [
            {"type": "keytrace_rule_id", "name": f"keytrace rule {rule.id}", "value": rule.id},
            *({"type": "cwe", "name": f"CWE-{number}", "value": str(number),
               "url": f"https://cwe.mitre.org/data/definitions/{number}.html"} for number in rule.cwe),
        ],
        "links": [{"url": reference} for reference in addresses(rule)],
        "location": {**where, "commit": {"sha": held or commit}},
        "tracking": {"type": "source", "items": [{**where, "signatures": [tracked]}]},
    }  # fmt: skip


def _head(root: str) -> str:
    """Return the commit that is checked out, seven zeros where there is none."""
    if not git.is_top(root):
        return _NO_COMMIT
    try:
        return git.head(root) or _NO_COMMIT
    except ScannerError:
        return _NO_COMMIT  # without git the report lacks this and nothing else
