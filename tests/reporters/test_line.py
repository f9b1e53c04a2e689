"""One line a finding."""

from __future__ import annotations

from collections.abc import Callable

from keytrace.model import Report


def test_one_line_a_finding(report: Report, rendered: Callable[..., str]) -> None:
    lines = rendered("line", report, relative_to="/home/dev").splitlines()
    assert len(lines) == len(report.active)
    assert lines[0] == "shop/app.keystore:1:1: info keystore-file Keystore file"
    assert lines[2] == "shop/src/client.py:3:21: medium secret-is-logged The value of API_KEY is logged"
    assert lines[-1] == "stdin:1:11: low their-rule A rule that was imported"
    assert all(line.isprintable() for line in lines)
