"""JUnit's XML, which every CI service shows: a failed case for each finding, an error for what could not be scanned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from keytrace.model import Finding, Report, ScanError
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import valid
from keytrace.reporters.saying import file_and_member, full_message, placed_error

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    cases = [*map(_failed, report.active), *map(_error, report.errors)]
    # A suite without a case counts as broken.
    cases = cases or ['<testcase classname="keytrace" name="no secrets found"/>']
    numbers = f'tests="{len(cases)}" failures="{len(report.active)}" errors="{len(report.errors)}"'
    seconds = f'time="{report.statistics.seconds:.3f}"'
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites {numbers} {seconds}>\n')
    stream.write(f'<testsuite name="keytrace" {numbers} {seconds}>\n')
    stream.writelines(f"{case}\n" for case in cases)
    stream.write("</testsuite>\n</testsuites>\n")


def _failed(finding: Finding) -> str:
    path, line = finding.location.provenance.path, finding.location.region.start_line
    said = f"{path}:{line}: {full_message(finding)}\nfingerprint {finding.fingerprint}"
    file, _ = file_and_member(finding.location.provenance)
    attributes = " ".join(_attributes(classname=finding.rule_id, name=f"{path}:{line}", file=file, line=str(line)))
    failure = " ".join(_attributes(type=finding.severity.label, message=full_message(finding)))
    return f"<testcase {attributes}><failure {failure}>{escape(_clean(said))}</failure></testcase>"


def _error(error: ScanError) -> str:
    file, said = placed_error(error)
    attributes = " ".join(_attributes(classname="could not be scanned", name=error.path, file=file))
    return f"<testcase {attributes}><error {' '.join(_attributes(message=said))}/></testcase>"


def _attributes(**given: str) -> Iterator[str]:
    return (f"{name}={quoteattr(_clean(value))}" for name, value in given.items())


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", valid(text))
