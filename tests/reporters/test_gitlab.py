"""The report for GitLab has what its schema requires."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from keytrace.model import Report

_TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {"vendor": {"type": "object", "required": ["name"]}},
}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"}
# What GitLab's schema 15.0.7 requires of a report, in our words; its file could not be had.
SCHEMA = {
    "type": "object",
    "required": ["version", "scan", "vulnerabilities"],
    "properties": {
        "version": {"const": "15.0.7"},
        "scan": {
            "type": "object",
            "required": ["analyzer", "scanner", "start_time", "end_time", "status", "type"],
            "properties": {
                "analyzer": _TOOL,
                "scanner": _TOOL,
                "start_time": _TIME,
                "end_time": _TIME,
                "status": {"enum": ["success", "failure"]},
                "type": {"const": "secret_detection"},
            },
        },
        "vulnerabilities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "identifiers", "location"],
                "properties": {
                    "name": {"type": "string", "maxLength": 255},
                    "solution": {"type": "string", "maxLength": 7000},
                    "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                    "identifiers": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"required": ["type", "name", "value"], "properties": {"value": {"type": "string"}}},
                    },
                    "links": {"type": "array", "items": {"required": ["url"]}},
                    "location": {
                        "required": ["commit", "file", "start_line"],
                        "properties": {"commit": {"required": ["sha"]}, "start_line": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


def read(text: str) -> Any:
    data = json.loads(text)
    assert [error.message for error in Draft7Validator(SCHEMA).iter_errors(data)] == []
    return data


def test_the_canonical_report(report: Report, rendered: Callable[..., str]) -> None:
    data = read(rendered("gitlab", report))
    assert len(data["vulnerabilities"]) == len(report.active)
    assert data["scan"]["status"] == "failure"  # something could not be scanned
    ids = [UUID(one["id"]) for one in data["vulnerabilities"]]
    assert len(set(ids)) == len(ids)
    assert {one["location"]["commit"]["sha"] for one in data["vulnerabilities"]} == {"0000000"}
    assert read(rendered("gitlab", report))["vulnerabilities"] == data["vulnerabilities"]


def test_a_clean_report(report: Report, rendered: Callable[..., str]) -> None:
    data = read(rendered("gitlab", replace(report, findings=(), errors=())))
    assert data["scan"]["status"] == "success"
    assert data["vulnerabilities"] == []


def test_the_commit_that_is_checked_out(report: Report, rendered: Callable[..., str], tmp_path: Path) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for arguments in (("init", "-q"), (*who, "commit", "-q", "--allow-empty", "-m", "one")):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    data = read(rendered("gitlab", replace(report, root=str(tmp_path))))
    assert re.fullmatch(r"[0-9a-f]{40}", data["vulnerabilities"][0]["location"]["commit"]["sha"])
