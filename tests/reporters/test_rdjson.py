"""The format of reviewdog: what its protocol buffers take, columns in bytes of UTF-8, fixes that hold alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from keytrace.model import Excerpt, Finding, Location, ProposedFix, Region, Replacement, Report

# After proto/rdf/reviewdog.proto; its reader refuses fields that it does not know.
POSITION = {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}}
SEVERITY = {"enum": ["ERROR", "WARNING", "INFO"]}
TEXT = {"type": "string"}


def record(required: list[str], **fields: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


RANGE = record(["start", "end"], start=record(["line"], **POSITION), end=record(["line"], **POSITION))
DIAGNOSTIC = record(
    ["message", "location"],
    message=TEXT,
    location=record(["path"], path=TEXT, range=RANGE),
    severity=SEVERITY,
    code=record(["value"], value=TEXT, url=TEXT),
    suggestions={"type": "array", "items": record(["range", "text"], range=RANGE, text=TEXT)},
)
SCHEMA = record(
    ["diagnostics"],
    source=record(["name"], name=TEXT, url=TEXT),
    severity=SEVERITY,
    diagnostics={"type": "array", "items": DIAGNOSTIC},
)


def read(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(document)] == []
    diagnostics: list[dict[str, Any]] = document["diagnostics"]
    return diagnostics


def test_it_is_what_reviewdog_reads(report: Report, rendered: Callable[..., str]) -> None:
    diagnostics = read(rendered("rdjson", report))
    assert len(diagnostics) == len(report.active)
    assert {one["severity"] for one in diagnostics} == {"ERROR", "WARNING", "INFO"}
    (logged,) = (one for one in diagnostics if one["code"]["value"] == "secret-is-logged")
    assert logged["message"].splitlines()[1:] == [
        '- line 1 of src/client.py: read from os.environ["API_KEY"]', "- line 2 of src/client.py: put into headers",
        "- line 2 of src/log.py: printed",
    ]  # fmt: skip
    assert read(rendered("rdjson", Report("/", ()))) == []


def test_columns_are_bytes(report: Report, rendered: Callable[..., str]) -> None:
    by_path = {one["location"]["path"]: one["location"]["range"] for one in read(rendered("rdjson", report))}
    (key,) = (one for one in report.active if one.location.provenance.path == "src/i18n.json")
    start = len('\t"🔑 漢字": "'.encode()) + 1
    assert by_path["src/i18n.json"] == {
        "start": {"line": 1, "column": start}, "end": {"line": 1, "column": start + len(key.secret.value)},
    }  # fmt: skip
    assert by_path["src/tls.py"] == {"start": {"line": 1}, "end": {"line": 5}}


def at(report: Report, before: str, after: str) -> Finding:
    """Return a finding of ten letters in a line."""
    column = len(before) + 1
    place = Location(report.active[0].location.provenance, 100, 110, Region(3, column, 3, column + 10),
                     Excerpt(f"{before}********{after}", len(before), len(before) + 8))  # fmt: skip
    return replace(report.active[0], location=place)


def fixed(finding: Finding, *replacements: tuple[Region, str]) -> Finding:
    return replace(finding, fixes=(ProposedFix("t", tuple(Replacement(*one) for one in replacements)),))


def test_a_cropped_or_masked_line_has_no_columns(report: Report, rendered: Callable[..., str]) -> None:
    whole = at(report, 'k = "', '"')
    cropped = replace(whole, location=replace(whole.location, region=Region(3, 400, 3, 410)))
    masked = at(report, 'a("********", "', '")')
    texts = read(rendered("rdjson", replace(report, findings=(whole, cropped, masked))))
    ranges = [one["location"]["range"]["start"] for one in texts]
    assert ranges == [{"line": 3, "column": 6}, {"line": 3}, {"line": 3}]


def test_a_fix_of_one_replacement_is_a_suggestion(report: Report, rendered: Callable[..., str]) -> None:
    finding = fixed(at(report, 'é = "', '" # x'), (Region(3, 5, 3, 17), "env()"))
    (one,) = read(rendered("rdjson", replace(report, findings=(finding,))))
    assert one["suggestions"] == [
        {"range": {"start": {"line": 3, "column": 6}, "end": {"line": 3, "column": 18}}, "text": "env()"}
    ]


@pytest.mark.parametrize(
    "replacements",
    [
        [(Region(1, 1, 1, 1), "import os\n"), (Region(3, 5, 3, 17), "env()")],  # half of it would not run
        [(Region(1, 1, 1, 1), "import os\n")],
        [(Region(3, 5, 4, 1), "env()")],
        [(Region(3, 5, 3, 9), "env()")],
        [(Region(3, 5, 3, 17), '"********"')],
    ],
    ids=["two", "elsewhere", "lines", "part", "masked"],
)
def test_others_are_not(replacements: list[tuple[Region, str]], report: Report, rendered: Callable[..., str]) -> None:
    finding = fixed(at(report, 'k = "', '"'), *replacements)
    (one,) = read(rendered("rdjson", replace(report, findings=(finding,))))
    assert "suggestions" not in one
