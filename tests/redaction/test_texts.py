"""Words that quote what they speak of lose the secrets in it, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keytrace.engine import Engine
from keytrace.errors import ScannerError
from keytrace.model import Confidence, Rule, Severity
from keytrace.redaction.texts import as_bytes, found_in, hide, mask, safe, safe_rule, without_random, without_secrets
from tests.samples import marked, shown, spellings, unmarked

MARKED, UNMARKED = marked(1), unmarked(3)


def test_messages_of_errors() -> None:
    for message, expected in {
        f"unknown key '{MARKED}'": "unknown key '********'",
        f"keytrace.toml:3: unknown rule '{MARKED}'": "keytrace.toml:3: unknown rule '********'",
        f"no such file or folder: src/password={UNMARKED}/a.py": "no such file or folder: src/password=********",
        f"'{UNMARKED}' is not a size": "'********' is not a size",
        "unknown rule 'aws-acess-key-id'; did you mean 'aws-access-key-id'?": None,
        "no such file or folder: scanner/keytrace/test_2026_11_28.py": None,
        "git: fatal: bad revision 'main~3'": None,
    }.items():
        assert safe(message) == (expected or message)


def test_errors_and_rules() -> None:
    with pytest.raises(ScannerError, match=r"^bad \*{8}$") as caught, without_secrets():
        raise ScannerError(f"bad {MARKED}", f"remove {MARKED}")
    assert caught.value.hint == "remove ********"
    rule = Rule("own", f"a {MARKED}", Severity.LOW, Confidence.LOW, "pattern", regex=MARKED, keywords=("own", MARKED))
    assert safe_rule(rule) == replace(rule, name="a ********", regex="********", keywords=("own", "********"))


def test_known_values_in_any_spelling(engine: Engine) -> None:
    for name, form in spellings(UNMARKED).items():
        text = f"it is said to be {form} of the shop"
        hidden = hide([text, "nothing"], engine, [UNMARKED.encode(), b"root", b"password"])
        assert list(hidden) == [text], name
        assert not shown(UNMARKED, hidden[text]), name
        assert hidden[text].endswith(" of the shop"), name
    assert hide(["the password of root"], engine, [b"root", b"password"]) == {}


def test_one_text_says_nothing_of_another(engine: Engine) -> None:
    assert hide(["the name that promises a secret: password:", UNMARKED], engine) == {}
    assert found_in([b"x " + MARKED.encode(), b"", b"y"], engine) == [[(2, 42)], [], []]


def test_bytes_that_are_no_text() -> None:
    name = b"\xff\xfe-name\n.py".decode("utf-8", "surrogateescape")
    assert as_bytes(name) == b"\xff\xfe-name .py"
    assert mask(name, [(0, 2)]) == "********-name\n.py"


def test_random_words() -> None:
    assert without_random(f"rotate {UNMARKED} soon") == "rotate ******** soon"
    assert without_random("see https://example.org/issues/internationalization2024") == (
        "see https://example.org/issues/internationalization2024"
    )
