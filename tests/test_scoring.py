"""Evidence: what speaks for and against a value, and what it amounts to."""

from __future__ import annotations

import random
import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model import Confidence, Evidence
from scanner.scoring import REJECT, confidence_of, placeholder, shannon, weigh_named

_RANDOM = random.Random(3)
RANDOM_VALUE = "".join(_RANDOM.choices(string.ascii_letters + string.digits, k=32))
HEX_VALUE = "".join(_RANDOM.choices("0123456789abcdef", k=40))
LETTERS_VALUE = "".join(_RANDOM.choices(string.ascii_letters, k=24))


@pytest.mark.parametrize(
    ("value", "bits"), [(b"", 0), (b"aaaa", 0), (b"abab", 1), (b"abcd", 2), (bytes(range(256)), 8)]
)
def test_shannon(value: bytes, bits: float) -> None:
    assert shannon(value) == pytest.approx(bits)


@pytest.mark.parametrize(
    "value",
    [
        "ghp_" + "x" * 36,
        "ghp_" + "01" * 18,
        "sk_test_" + "abcabcabcabcabcabcabcabc",
        "AKIAIOSFODNN7EXAMPLE",
        "key-" + "example" + HEX_VALUE,
        "token_" + "1234567890" * 3,
        "secret_" + "abcdefghijklmnopqrstuvwxyz",
        "your-" + RANDOM_VALUE,
        "changeme",
        "insert_key_here",
        "qwertyuiopasdfghjkl",
    ],
)
def test_placeholder(value: str) -> None:
    assert placeholder(value.encode())


@pytest.mark.parametrize("value", [RANDOM_VALUE, HEX_VALUE, LETTERS_VALUE, "ghp_" + RANDOM_VALUE, "Tr0ub4" + "dor7Xq"])
def test_no_placeholder(value: str) -> None:
    assert placeholder(value.encode()) is None


def test_one_repeated_character_overrules_a_format() -> None:
    doubt = placeholder(b"ghp_" + b"x" * 36)
    assert doubt
    assert doubt.weight <= REJECT


@pytest.mark.parametrize(
    ("weights", "confidence"),
    [
        ((), None),
        ((0.5,), None),
        ((1.0,), Confidence.LOW),
        ((2.5, 0.4), Confidence.LOW),
        ((2.5, 0.5), Confidence.MEDIUM),
        ((2.5, 3.0), Confidence.HIGH),
        ((2.5, 3.0, -0.6), Confidence.MEDIUM),
        ((9.0, REJECT), None),
    ],
)
def test_confidence_is_the_sum(weights: tuple[float, ...], confidence: Confidence | None) -> None:
    assert confidence_of(Evidence("", weight) for weight in weights) is confidence


HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


@pytest.mark.parametrize(
    ("value", "name", "strong", "confidence"),
    [
        # the same value under a strong and a weak name
        (RANDOM_VALUE, "api_key", True, HIGH),
        (RANDOM_VALUE, "key", False, MEDIUM),
        (HEX_VALUE, "secret", True, HIGH),
        (LETTERS_VALUE, "token", True, HIGH),
        ("Tr0ub4" + "dor7Xq", "password", True, MEDIUM),
        ("vK9#mQ" + "2x!Lw7", "password", True, HIGH),
        ("hunter2", "password", True, MEDIUM),
        ("correct horse", "password", True, None),
        # words, stand-ins and common passwords
        ("monkey", "password", True, LOW),
        ("letmein", "password", True, LOW),
        ("changeme", "password", True, None),
        ("my-secret-token", "token", True, None),
        ("userNameField", "password", True, None),
        ("login.password.label", "password", True, None),
        # what cannot be a secret
        ("abc", "password", True, None),
        ("none", "password", True, None),
        ("************", "password", True, None),
        ("${DB_PASSWORD}", "password", True, None),
        ("{{ password2 }}", "password", True, None),
        ("$DB_PASSWORD2", "password", True, None),
        ("process.env.TOKEN2", "token", True, None),
        ("https://api.example.org/v2?k=" + RANDOM_VALUE, "token", True, None),
        ("enter your new password", "password", True, None),
        ("password1", "password1", True, None),
        ("2026-11-23", "token", True, None),
        ("x" * 2001, "password", True, None),
        # other kinds of values
        ("123e4567-e89b-" + "42d3-a456-426614174000", "token", True, MEDIUM),
        ("$2b$12$" + RANDOM_VALUE, "password", True, LOW),
        ("/etc/ssl/private/server2.pem", "private_key", True, LOW),
    ],
)
def test_named(value: str, name: str, strong: bool, confidence: Confidence | None) -> None:
    evidence = weigh_named(value.encode(), name, strong, "app.py", quoted=True)
    assert confidence_of(evidence) is confidence, [(item.text, item.weight) for item in evidence]


def score(value: str, name: str = "password", path: str = "app.py") -> float:
    return sum(item.weight for item in weigh_named(value.encode(), name, True, path, quoted=True))


def test_the_place_and_a_made_up_name_speak_against() -> None:
    value = "Tr0ub4" + "dor7Xq"
    assert score(value, path="tests/test_app.py") < score(value)
    assert score(value, path="docs/setup.md") < score(value)
    assert score(value, path="latest/contests.py") == score(value)
    assert score(value, "wrong_password") < score(value)
    assert score(value, "admin_password") == score(value)


def test_evidence_speaks_in_words() -> None:
    evidence = weigh_named(RANDOM_VALUE.encode(), "api_key", True, "tests/test_app.py", quoted=True)
    assert [item.text.partition(" (")[0] for item in evidence] == [
        "the name 'api_key' promises a secret",
        "32 characters that look random",
        "the file is a test",
    ]


@settings(max_examples=200)
@given(st.binary(max_size=100), st.text(max_size=20), st.booleans(), st.booleans())
def test_any_value(value: bytes, name: str, strong: bool, quoted: bool) -> None:
    evidence = weigh_named(value, name, strong, "app.py", quoted)
    assert all(item.text for item in evidence)
    doubt = placeholder(value)
    assert doubt is None or doubt.weight < 0


def test_hostile_values_take_no_time() -> None:
    started = time.process_time()
    for piece in ("api_key_", "a-", "foobar", "pass", "test1", "/a", "aB", "a.", "my_", "0-", "{", "%(", "[1]"):
        for end in ("", "!", "~~", "\x00"):
            value = (piece * 2000)[:1990].encode() + end.encode()
            weigh_named(value, "password", True, "a.py", True)
            placeholder(value)
    assert time.process_time() - started < 5  # of hours, if one pattern went back and forth
