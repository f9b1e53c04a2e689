"""Errors of TOML files name the line."""

from __future__ import annotations

import pytest

from keytrace.errors import ScannerError
from keytrace.rules.validate import parse_rules

RULE = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-z]{8}"\n'


def error(text: str) -> tuple[str, str]:
    with pytest.raises(ScannerError) as caught:
        parse_rules(text, "acme.toml")
    return caught.value.message, caught.value.hint


@pytest.mark.parametrize(
    ("text", "line"), [(RULE + "regex = x", 4), (RULE + 'id = "again"\n', 4), ("[[rules]\n", 1), ('title = "Acme\n', 1)]
)
def test_syntax_error(text: str, line: int) -> None:
    assert error(text)[0].startswith(f"acme.toml:{line}: not valid TOML: ")


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, RULE.replace("acme_", "(" * 5000)])
def test_hostile_nesting(text: str) -> None:
    assert "recursion" in error(text)[0]
