"""What the JSON formats share: fields, and names that strict parsers take."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from keytrace.model import Report, ScanError
from keytrace.reporters import ReporterOptions
from keytrace.reporters.records import error_record, finding_record, notes_record, summary_record, valid, write_object


@pytest.mark.parametrize(
    ("text", "shown"),
    [("é \U0001f511", "é \U0001f511"), ("caf\udce9", r"caf\xe9"), ("\ud800x", r"\ud800x")],
)
def test_valid(text: str, shown: str) -> None:
    assert valid(text) == shown


def test_a_secret_is_shown_only_when_asked_for(report: Report) -> None:
    finding = next(one for one in report.findings if one.secret.value)
    rules = {rule.id: rule for rule in report.rules}
    secret = finding.secret.value.decode()
    hidden = finding_record(finding, rules[finding.rule_id], ReporterOptions())
    shown = finding_record(finding, rules[finding.rule_id], ReporterOptions(show_secrets=True))
    assert secret not in str(hidden)
    assert shown == {**hidden, "secret": secret}


def test_errors_and_notes(report: Report) -> None:
    assert error_record(ScanError("a\udcff", "gone")) == {"path": r"a\xff", "message": "gone"}
    assert notes_record(report) == [valid(note) for note in report.notes]


def test_summary(report: Report) -> None:
    summary = summary_record(report, ReporterOptions(exit_code=3))
    assert (summary["active"], summary["errors"]) == (len(report.active), len(report.errors))
    assert sum(summary["severities"].values()) == len(report.active)
    assert summary["exit_code"] == 3


def test_an_object_is_written_line_by_line_and_an_iterator_as_it_goes() -> None:
    stream = io.StringIO()

    def items() -> Iterator[dict[str, int]]:
        for number in range(3):
            assert stream.getvalue().count("}") == number, "each is written before the next is asked for"
            yield {"n": number}

    write_object({"a": [1, ["b\n"]], "items": items(), "none": iter(())}, stream)
    assert json.loads(stream.getvalue()) == {"a": [1, ["b\n"]], "items": [{"n": 0}, {"n": 1}, {"n": 2}], "none": []}
    assert stream.getvalue().count("\n") == 8
