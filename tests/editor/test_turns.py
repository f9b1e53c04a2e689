"""Whose turn it is."""

from __future__ import annotations

from keytrace.editor.turns import Turns


def test_the_last_changed_first_once_it_rests() -> None:
    turns = Turns(pause=1)
    for now, uri in enumerate(["a", "b", "c", "a"]):
        turns.want(uri, now)
    assert len(turns) == 3
    assert [turns.take(3.5), turns.take(3.5), turns.take(3.5)] == ["c", "b", None]
    assert [turns.take(4), turns.take(4)] == ["a", None]


def test_one_that_is_closed_has_none() -> None:
    turns = Turns(pause=0)
    turns.want("a", 0)
    turns.drop("a")
    turns.drop("b")
    assert turns.take(5) is None
