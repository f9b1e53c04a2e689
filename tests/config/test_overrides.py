"""Settings by keyword."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from keytrace.config import Config
from keytrace.config.overrides import Options, override
from keytrace.errors import ScannerError
from keytrace.model import Confidence, Severity

from .conftest import RULE, Write


def test_lists_add_up_and_the_rest_replaces(write: Write) -> None:
    file = write("acme.toml", RULE.format(id="acme-key"))
    config = Config(exclude=("a",), jobs=3, exclude_rules=("x-y",), rules=("b-c",))
    options = Options(
        exclude=["b"], jobs=1, exclude_rules=("z-z",), rules=["c-d"], rule_files=[file], min_severity="HIGH",
        min_confidence=Confidence.LOW, max_file_size="2k", baseline="known.jsonl",
    )  # fmt: skip
    assert override(config, options) == Config(
        exclude=("a", "b"), jobs=1, exclude_rules=("x-y", "z-z"), rules=("c-d",),
        rule_files=((str(file), RULE.format(id="acme-key")),), min_severity=Severity.HIGH,
        min_confidence=Confidence.LOW, max_file_size=2048, baseline=str(Path.cwd() / "known.jsonl"),
    )  # fmt: skip
    assert override(config, {}) == config


def test_what_is_wrong() -> None:
    with pytest.raises(ScannerError, match="min_severity: 'worst' is not one of info, low"):
        override(Config(), {"min_severity": "worst"})
    with pytest.raises(ScannerError, match="max_file_size: 'big' is not a size"):
        override(Config(), {"max_file_size": "big"})
    with pytest.raises(TypeError, match="there is no option 'min_severty'; did you mean 'min_severity'"):
        override(Config(), {"min_severty": "low"})
    with pytest.raises(TypeError, match="'exclude' takes a list, not one text"):
        override(Config(), {"exclude": "a"})


def test_each_option_is_a_field() -> None:
    assert set(Options.__annotations__) < {one.name for one in fields(Config)}
