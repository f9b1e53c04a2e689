"""JSON lines: a record a line, the same as in the JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable

from keytrace.model import Report


def test_json_and_json_lines_hold_the_same(report: Report, rendered: Callable[..., str]) -> None:
    document = json.loads(rendered("json", report))
    records = [json.loads(line) for line in rendered("jsonl", report).splitlines()]
    assert {record.pop("version") for record in records} == {document.pop("version")} == {1}
    kinds = [record.pop("type") for record in records]
    assert kinds == ["finding"] * 12 + ["error"] * 2 + ["skipped"] * 5 + ["summary"]
    assert records[:12] == document["findings"]
    assert records[12:14] == document["errors"]
    assert records[14:19] == document["skipped"]
    assert records[19] == {
        **document.pop("summary"),
        **{key: document[key] for key in ("tool", "root", "incomplete", "notes", "statistics")},
    }
