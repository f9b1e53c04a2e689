"""The letter model tells words and identifiers from random letters."""

from __future__ import annotations

import random
import string
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.scoring.rarity import TABLE, bits_per_letter

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
