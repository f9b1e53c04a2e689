"""The letter model tells words and identifiers from random letters."""

from __future__ import annotations

import random
import string
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.scoring.rarity import TABLE, bits_per_letter, is_random

_RANDOM = random.Random(2)
NOISE = ["".join(_RANDOM.choices(string.ascii_lowercase, k=24)) for _ in range(100)]


def test_the_table_covers_all_trigrams() -> None:
    assert TABLE.stat().st_size == 27**3


@pytest.mark.parametrize(
    "text",
    ["password", "configuration", "the quick brown fox", "getUserName", "AbstractFactory", "DATABASE_URL", "servers"],
)
def test_words_and_identifiers_are_common(text: str) -> None:
    assert bits_per_letter(text) < 4.2


def test_random_letters_are_rare() -> None:
    rarities = [bits_per_letter(text) for text in NOISE]
    assert mean(rarities) > 6
    assert sum(rarity > 5.2 for rarity in rarities) >= 98


@pytest.mark.parametrize("text", ["", "1234", "-_/+", "äöü"])
def test_without_letters(text: str) -> None:
    assert bits_per_letter(text) == 0.0


def test_words_are_told_apart_by_camel_case_and_separators() -> None:
    apart = bits_per_letter("user name")
    assert bits_per_letter("userName") == bits_per_letter("user_name") == bits_per_letter("USER-NAME") == apart


@settings(max_examples=100)
@given(st.text())
def test_any_text(text: str) -> None:
    assert 0 <= bits_per_letter(text) <= 255 / 8


def test_random_values_are_told_whatever_their_alphabet() -> None:
    chance = random.Random(11)
    base62 = string.ascii_letters + string.digits
    for alphabet, size in (
        (base62, 16), (base62, 40), (string.hexdigits[:16], 16), (string.hexdigits[:16].upper(), 32),
        (base62 + "+/", 44), (base62 + "-_", 43), (string.ascii_letters, 24),
    ):  # fmt: skip
        values = ["".join(chance.choices(alphabet, k=size)) for _ in range(300)]
        assert sum(map(is_random, values)) >= 290, (alphabet, size)
    assert is_random("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed")
    assert is_random("QX4T-LA7Z-9FAP-M2QB-K36H")
    assert not is_random("SHIP-2024-UNIT-0001-AREA")
    assert is_random("acme_live_" + "4Kd9sPq2LmX7vRt1")


@pytest.mark.parametrize(
    "text",
    [
        "", "password", "Wintergarden", "kestrel41", "AuthenticationProvider", "correct-horse-battery-staple",
        "oauth2AccessTokenProvider", "com.acme.shop.LoginService", "config/locales/en.yml", "1234567890123456",
        "aaaaaaaaaaaaaaaaaaaaaaaa", "SECRET_KEY_FALLBACKS", "sha256-with-rsa-encryption",
        "00000000-0000-0000-0000-000000000000",
    ],
)  # fmt: skip
def test_words_and_numbers_are_not_random(text: str) -> None:
    assert not is_random(text)
