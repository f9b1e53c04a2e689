"""Which findings are severe and sure enough to be shown."""

from __future__ import annotations

from collections.abc import Iterable

from keytrace.model import Confidence, Finding, Severity


def threshold(
    findings: Iterable[Finding], min_severity: Severity, min_confidence: Confidence
) -> tuple[list[Finding], int]:
    """Return the findings at or above both thresholds and the number of active ones below."""
    kept: list[Finding] = []
    hidden = 0
    for finding in findings:
        if finding.severity >= min_severity and finding.confidence >= min_confidence:
            kept.append(finding)
        elif finding.suppression is None:
            hidden += 1
    return kept, hidden
