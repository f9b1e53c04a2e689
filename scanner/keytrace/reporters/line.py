"""One line a finding, as compilers write: `path:line:col: severity rule message`. Editors and grep understand it."""

from __future__ import annotations

from typing import TextIO

from keytrace.model import Report
from keytrace.reporters import ReporterOptions
from keytrace.reporters.layout import Paths
from keytrace.reporters.saying import full_message


def write(report: Report, stream: TextIO, options: ReporterOptions) -> None:
    paths = Paths(report.root, report.shown_root, options.relative_to, stream.encoding or "utf-8")
    for finding in report.active:
        what = f"{finding.severity.label} {finding.rule_id} {full_message(finding)}"
        stream.write(f"{paths.place(finding.location)}: {paths.clean(what)}\n")
