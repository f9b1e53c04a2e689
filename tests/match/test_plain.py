"""Without Hyperscan: a trigger is looked for where one of its literals stands, wherever that is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrace.match.plain import RegexIndex
from keytrace.match.trigger import Trigger, ends_of

WORDS = ("a", "bc", "def", "ghij", "klmno", "GHIJkl", "é", "")
TRIGGERS = tuple(Trigger(word or "x+", (word.lower(),) if word else ()) for word in WORDS)


@given(st.lists(st.sampled_from([*WORDS, "x", " ", "\0"])).map("".join))
def test_a_literal_is_found_wherever_it_stands(text: str) -> None:
    data = text.encode()
    expected = {number: ends for number, one in enumerate(TRIGGERS) if (ends := ends_of(one, data))}
    assert RegexIndex(TRIGGERS).scan(data) == expected


def test_a_trigger_with_several_literals_is_looked_for_once() -> None:
    assert RegexIndex((Trigger("a+", ("aa", "aaaa", "aaaaaa")),)).scan(b"aaaaaaa") == {0: [7]}


def test_patience_has_an_end() -> None:
    index = RegexIndex((Trigger(r"k(?:x|xx)+y(?!z)", ("k",)),))
    with pytest.raises(TimeoutError):
        index.scan(b"k" + b"x" * 60 + b"zyz", patience=0.05)
