"""Which rules an engine has."""

from __future__ import annotations

import random
import string
from dataclasses import replace
from datetime import date

import pytest

from keytrace.engine import Setup, load_engine, load_ruleset
from keytrace.errors import ScannerError
from keytrace.findings import find
from keytrace.model import (
    FileProvenance,
    Finding,
    Secret,
)
from keytrace.text.document import Document
from keytrace.text.encoding import decode

VALUE = "".join(random.Random(8).choices(string.ascii_letters + string.digits, k=32))
SMALL = Setup(only=("generic-api-key", "generic-password"), hyperscan=False, today=date(2026, 11, 23))


def scan(text: str | bytes, setup: Setup = SMALL, path: str = "app.py") -> tuple[Finding, ...]:
    data = decode(text.encode() if isinstance(text, str) else text)
    return tuple(find(load_engine(setup), Document(FileProvenance(path), data or b""), []))


# --- any bytes --------------------------------------------------------------------------------------------------------


# --- errors and numbers -----------------------------------------------------------------------------------------------


# --- rules and suppressions -------------------------------------------------------------------------------------------

ACME = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-zA-Z0-9]{16}"\nkeywords = ["acme_"]\n'
KEY = "acme_" + VALUE[:16]


def test_rules_of_the_user() -> None:
    setup = Setup(rule_files=(("a.toml", ACME),), only=("acme-key",))
    (finding,) = scan(f"x {KEY}", setup)
    assert (finding.rule_id, finding.secret) == ("acme-key", Secret(KEY.encode(), "acme_"))
    replaced = replace(setup, rule_files=(("a.toml", ACME), ("b.toml", ACME.replace("16", "17"))))
    assert scan(f"x {KEY}", replaced) == ()


def test_bad_rules_of_the_user() -> None:
    with pytest.raises(ScannerError, match=r"a\.toml:3: rule 'acme-key': bad regex"):
        load_engine(Setup(rule_files=(("a.toml", ACME.replace("[a-z", "[[")),)))


def test_selection() -> None:
    text = f'api_key = "{VALUE}"\npassword = "{VALUE}"\n'
    assert [finding.rule_id for finding in scan(text)] == ["generic-api-key", "generic-password"]
    assert [finding.rule_id for finding in scan(text, replace(SMALL, without=("generic-api-key",)))] == [
        "generic-password"
    ]
    everything = load_ruleset(Setup()).rules
    assert load_ruleset(Setup(without=("generic-api-key",))).rules == tuple(
        rule for rule in everything if rule.id != "generic-api-key"
    )


def test_no_rules() -> None:
    setup = replace(SMALL, without=SMALL.only)
    assert load_engine(setup).ruleset.rules == ()
    assert scan(f'api_key = "{VALUE}"', setup) == ()


def test_what_is_quiet() -> None:
    engine = load_engine(replace(SMALL, only=("generic-api-key", "secrets-file-password"), follow_uses=False))
    assert engine.is_quiet(b"ada * words of a text\n", "notes.txt")
    assert not engine.is_quiet(b"ada * words of a text\n", "chap-secrets")
    key = f'api_key = "{VALUE}"'.encode()
    assert not engine.is_quiet(key, "notes.txt")
    assert not load_engine(SMALL).is_quiet(key, "notes.txt")
