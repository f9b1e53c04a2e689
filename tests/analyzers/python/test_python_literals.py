"""Literals under names: how sure it is that they are credentials."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from string import ascii_letters, digits

import pytest

from keytrace.analyzers.python.interpret.state import World
from keytrace.analyzers.python.literals import Weighed
from keytrace.model import Confidence, Severity

RANDOM = Random(7)
KEY = "".join(RANDOM.sample(ascii_letters + digits, 20))
WEAK = RANDOM.choice("dragon letmein winter qwerty".split())
PHRASE = " ".join(RANDOM.sample("horse battery staple window garden river".split(), 4))
SHORT = "abc{}def{}".format(*RANDOM.choice([(123, 4), (456, 7)]))
HIGH, MEDIUM = Confidence.HIGH, Confidence.MEDIUM


Weigh = Callable[..., Weighed | None]


@pytest.fixture
def weigh(make_world: Callable[[str], World]) -> Weigh:
    def weigh(name: str, text: str, *, sdk: bool = False, path: str = "app/x.py") -> Weighed | None:
        return make_world(path).literals.weigh(name, text, "assign", sdk)

    return weigh


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("api_key", KEY + KEY[::-1], None),
        ("password", WEAK, Severity.LOW),
        ("password", PHRASE, Severity.LOW),
        ("secret", SHORT, Severity.MEDIUM),
        ("Authorization", "Bearer " + KEY + KEY[::-1], None),
        ("private_key", "-----BEGIN PRIVATE KEY-----" + "M" * 100, None),
    ],
)
def test_credentials(weigh: Weigh, name: str, text: str, severity: Severity | None) -> None:
    weighed = weigh(name, text)
    assert weighed is not None
    assert weighed.counts
    assert weighed.severity is severity


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("colour", KEY), ("password", "changeme"), ("password", "your-password"), ("password", "<password>"),
        ("password", "password"), ("password", "${PASSWORD}"), ("password_field", "user_password"), ("token", "abc"),
        ("Authorization", "Basic bm90aGluZw=="), ("salt_minion", KEY), ("ask_password", "yes"),
    ],
)  # fmt: skip
def test_no_credentials(weigh: Weigh, name: str, text: str) -> None:
    weighed = weigh(name, text)
    assert weighed is None or not weighed.counts


def test_in_a_text(weigh: Weigh) -> None:
    connection = f"Server=db;User Id=sa;Password={KEY};"
    assert (weighed := weigh("conn", connection)) is not None
    assert weighed.value == KEY
    assert (header := weigh("Authorization", "Bearer " + KEY + KEY)) is not None
    assert header.value == KEY + KEY


def test_a_parameter_that_takes_a_secret(weigh: Weigh) -> None:
    assert weigh("anything", KEY) is None
    assert (weighed := weigh("anything", KEY, sdk=True)) is not None
    assert weighed.counts


def test_weak_values_are_made_up_in_tests(weigh: Weigh) -> None:
    assert (weak := weigh("password", WEAK)) is not None
    assert (weak.severity, weak.counts) == (Severity.LOW, True)
    assert (made_up := weigh("password", WEAK, path="tests/test_x.py")) is not None
    assert not made_up.counts


def test_might_be(make_world: Callable[[str], World]) -> None:
    literals = make_world("app/x.py").literals
    assert literals.might_be("api_key", KEY + KEY)
    assert not literals.might_be("api_key", "abc")
    assert not literals.might_be("password", WEAK, listed=True)
    assert literals.is_plural("api_keys")
    assert not literals.is_plural("api_key")


def test_halves_of_surrogates(weigh: Weigh) -> None:
    assert weigh("password", "ab\ud800cd") is not None
