"""The code quality report: what GitLab reads of it is there."""

from __future__ import annotations

import json
from collections.abc import Callable

from keytrace.model import Report


def test_each_finding_is_an_issue(report: Report, rendered: Callable[..., str]) -> None:
    issues = json.loads(rendered("codequality", report))
    assert [one["fingerprint"] for one in issues] == [one.fingerprint for one in report.active]
    for one in issues:
        assert one["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert one["description"]
        assert one["check_name"]
        assert not one["location"]["path"].startswith("./")
        assert one["location"]["lines"]["begin"] >= 1
