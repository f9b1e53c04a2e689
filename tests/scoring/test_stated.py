"""What the grammar says of a value makes up for what its letters lack, and for no more."""

from __future__ import annotations

import pytest

from keytrace.model import Confidence, Evidence
from keytrace.scoring import weigh
from keytrace.scoring.binding import Binding
from keytrace.scoring.stated import lift

LITTLE = [Evidence("it reads like words", -2.0)]


def binding(value: str, form: str = "sql", name: str = "password", user: str = "", host: str = "") -> Binding:
    return Binding(name, 0, 0, len(value), value.encode(), form, False, user=user.encode(), host=host.encode())


def test_a_word_is_lifted_to_what_is_reported() -> None:
    more = lift(binding("Wintergarden"), LITTLE)
    assert more is not None
    assert weigh.confidence_of([*LITTLE, more]) is Confidence.MEDIUM
    assert lift(binding("Wintergarden"), [Evidence("it looks random", 9.0)]) is None


@pytest.mark.parametrize(
    "one",
    [
        binding("Wintergarden", "colon"),
        binding("changeme"),
        binding("archive.zip", "command-line"),
        binding("wintergarden", "column"),
        binding("kestrel41", "column", "token"),
        binding("p%40ss41", "connection-string"),
        binding("kestrel41", "connection-string", host="db.example.com"),
        binding("kestrel41", "connection-string", user="$USER"),
        binding("x-oauth-basic", "connection-string", user="ada"),
    ],
)
def test_what_is_no_secret_is_not_lifted(one: Binding) -> None:
    assert lift(one, LITTLE) is None
