"""What is severe and sure enough is shown, the rest is counted."""

from __future__ import annotations

from dataclasses import replace

from keytrace.model import (
    Confidence,
    Excerpt,
    FileProvenance,
    Finding,
    Location,
    Region,
    Secret,
    Severity,
    Suppression,
    SuppressionKind,
)
from keytrace.triage.threshold import threshold

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


FINDING = Finding(
    rule_id="no-marker",
    message="a key",
    severity=Severity.MEDIUM,
    confidence=MEDIUM,
    location=Location(FileProvenance("a"), 0, 1, Region(1, 1, 1, 2), Excerpt("********", 0, 8)),
    secret=Secret(b"x"),
    fingerprint="0" * 32,
)


def test_threshold() -> None:
    bad = replace(FINDING, severity=Severity.LOW)
    unsure = replace(FINDING, confidence=LOW)
    known = replace(bad, suppression=Suppression(SuppressionKind.INLINE, "sample"))
    everything = [FINDING, bad, unsure, known]
    assert threshold(everything, Severity.MEDIUM, MEDIUM) == ([FINDING], 2)
    assert threshold(everything, Severity.INFO, LOW) == (everything, 0)
    assert threshold(everything, Severity.CRITICAL, HIGH) == ([], 3)
