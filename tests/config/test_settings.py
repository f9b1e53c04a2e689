"""The table of settings: sizes, and the schema that is made of it."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped]

import keytrace
from keytrace.config import Config, load_config, parse_size
from keytrace.config.settings import ALLOWLIST, SETTINGS, json_schema
from keytrace.errors import ScannerError
from keytrace.rules.validate import ALLOWLIST_KEYS

from .conftest import Write

VALID = """
exclude = ["vendor/"]
max-file-size = "1.5 MB"
jobs = 0
min-severity = "high"
[[allowlists]]
paths = ["a"]
condition = "AND"
[python]
sdk = ["acme.Client: token@0"]
"""
INVALID = [
    "exclud = []", "exclude = 'a'", "exclude = [1]", "jobs = -1", "jobs = true", "max-file-size = 'big'",
    "min-severity = 'worst'", "baseline = ''", "gitignore = 1", "[python]\nsiks = []", "[python]\nsdk = ['a']",
    "[[allowlists]]\nregex = []", "[[allowlists]]\nregexTarget = 'x'",
]  # fmt: skip


def validate(text: str) -> None:
    Draft7Validator(json_schema()).validate(tomllib.loads(text))


def test_the_schema_takes_what_is_taken(tmp_path: Path, write: Write) -> None:
    Draft7Validator.check_schema(json_schema())
    write("keytrace.toml", VALID)
    load_config(str(tmp_path))
    validate(VALID)
    for text in INVALID:
        write("keytrace.toml", text)
        with pytest.raises(ScannerError):
            load_config(str(tmp_path))
        with pytest.raises(ValidationError):
            validate(text)


def test_the_schema_says_what_the_table_says() -> None:
    properties: dict[str, Any] = json_schema()["properties"]
    assert list(properties) == list(SETTINGS)
    assert all(one["description"].endswith(".") for one in properties.values())
    assert (properties["jobs"]["default"], properties["min-severity"]["default"]) == (0, "low")
    assert set(ALLOWLIST["properties"]) == ALLOWLIST_KEYS
    assert {one.field for one in SETTINGS.values()} < {one.name for one in fields(Config)}


def test_the_schema_that_is_shipped_is_that_of_the_table() -> None:
    shipped = Path(keytrace.__file__).parent / "keytrace.schema.json"
    assert json.loads(shipped.read_text()) == json_schema(), "run: keytrace config schema > that file"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500", 500),
        ("500b", 500),
        ("64k", 65_536),
        ("64 KB", 65_536),
        ("64KiB", 65_536),
        ("50MB", 52_428_800),
        (" 1.5 GiB ", 1_610_612_736),
    ],
)
def test_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1 TB", "1e6", "1,5MB", "50 M B", "nan"])
def test_bad_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a size; write for example 50MB"):
        parse_size(text)
