"""The diagnostic format of reviewdog, rdjson: comments on the lines of a change, on any service that it knows.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from keytrace.model import Finding, Location, Region, Report, Rule, Severity
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import valid, write_object
from keytrace.reporters.saying import addresses, file_and_member, placed_message
from keytrace.rules.stored import by_id
from keytrace.text.masking import MASK

_MASK = MASK.decode()
_SEVERITIES = {Severity.CRITICAL: "ERROR", Severity.HIGH: "ERROR", Severity.MEDIUM: "WARNING"}


def write(report: Report, stream: TextIO, _options: ReporterOptions) -> None:
    rules = by_id(report.rules)
    diagnostics = (_diagnostic(finding, rules[finding.rule_id]) for finding in report.active)
    write_object({"source": {"name": "keytrace"}, "diagnostics": diagnostics}, stream)
    stream.write("\n")


def _diagnostic(finding: Finding, rule: Rule) -> dict[str, Any]:
    suggestions, links = list(_suggestions(finding)), addresses(rule)
    steps = [f"- line {step.region.start_line} of {step.provenance.path}: {step.note}" for step in finding.flow]
    said = "\n".join([f"{placed_message(finding).rstrip('.')}. {rule.remediation}".strip(), *steps])
    return {
        "message": valid(said),
        "location": {"path": valid(file_and_member(finding.location.provenance)[0]), "range": _range(finding.location)},
        "severity": _SEVERITIES.get(finding.severity, "INFO"),
        "code": {"value": rule.id, **({"url": links[0]} if links else {})},
        **({"suggestions": suggestions} if suggestions else {}),
    }


def _range(place: Location) -> dict[str, Any]:
    """Return a range with columns in bytes of UTF-8; of lines only where these cannot be told."""
    region = place.region
    return _exact(region, place) or {"start": {"line": region.start_line}, "end": {"line": region.end_line}}


def _suggestions(finding: Finding) -> Iterator[dict[str, Any]]:
    """Yield fixes of one replacement, for each suggestion is applied alone; none with something masked in it."""
    for fix in finding.fixes:
        one = fix.replacements[0]
        exact = _exact(one.region, finding.location)
        if len(fix.replacements) == 1 and exact is not None and _MASK not in one.text:
            yield {"range": exact, "text": valid(one.text)}


def _exact(region: Region, place: Location) -> dict[str, Any] | None:
    """Return a region around a place, on its line, in bytes of UTF-8; None where the excerpt does not tell them."""
    excerpt, here = place.excerpt, place.region
    before, after = excerpt.text[: excerpt.start], excerpt.text[excerpt.end :]
    if {region.start_line, region.end_line} != {here.start_line, here.end_line} or here.start_line != here.end_line:
        return None
    if _units(before) != here.start_column - 1 or not region.start_column <= here.start_column:
        return None  # cropped, or with a mask in it
    after = _first(after, region.end_column - here.end_column)
    if region.end_column < here.end_column or _MASK in before + after:
        return None
    mark = len(before.encode()) + 1
    return {
        "start": {"line": region.start_line, "column": len(_first(before, region.start_column - 1).encode()) + 1},
        "end": {"line": region.start_line, "column": mark + place.end - place.start + len(after.encode())},
    }


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _first(text: str, units: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: max(units, 0) * 2].decode("utf-16-le", "replace")
