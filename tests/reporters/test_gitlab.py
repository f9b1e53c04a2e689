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

_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "pattern": "^(https?|ftp)://.+"}
_TOOL = {
    "type": "object",
    "required": ["id", "name", "version", "vendor"],
    "properties": {
        "id": _TEXT,
        "name": _TEXT,
        "version": _TEXT,
        "vendor": {"type": "object", "required": ["name"], "properties": {"name": _TEXT}},
    },
}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"}
# What GitLab's schema 15.0.7 requires of what a report has, in our words:
# lib/gitlab/ci/parsers/security/validators/schemas/15.0.7/secret-detection-report-format.json of gitlabhq/gitlabhq.
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
                "messages": {
                    "type": "array",
                    "items": {
                        "required": ["level", "value"],
                        "properties": {"level": {"enum": ["info", "warn", "fatal"]}, "value": _TEXT},
                    },
                },
            },
        },
        "vulnerabilities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "identifiers", "location"],
                "properties": {
                    "id": _TEXT,
                    "name": {"type": "string", "maxLength": 255},
                    "description": {"type": "string", "maxLength": 1048576},
                    "solution": {"type": "string", "maxLength": 7000},
                    "severity": {"enum": ["Info", "Unknown", "Low", "Medium", "High", "Critical"]},
                    "identifiers": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "required": ["type", "name", "value"],
                            "properties": {"type": _TEXT, "name": _TEXT, "value": _TEXT, "url": _URL},
                        },
                    },
                    "links": {"type": "array", "items": {"required": ["url"], "properties": {"url": _URL}}},
                    "location": {
                        "required": ["commit", "file", "start_line"],
                        "properties": {
                            "commit": {"required": ["sha"], "properties": {"sha": _TEXT}},
                            "start_line": {"type": "integer"},
                            "end_line": {"type": "integer"},
                        },
                    },
                    "tracking": {
                        "required": ["items"],
                        "properties": {
                            "type": {"const": "source"},
                            "items": {
                                "type": "array",
                                "items": {
                                    "required": ["signatures"],
                                    "properties": {
                                        "file": {"type": "string"},
                                        "signatures": {
                                            "type": "array",
                                            "minItems": 1,
                                            "items": {"required": ["algorithm", "value"]},
                                        },
                                    },
                                },
                            },
                        },
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
