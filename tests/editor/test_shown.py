"""Places in the units that an editor counts in."""

from __future__ import annotations

import pytest

from keytrace.editor.looking import Action
from keytrace.editor.shown import Shown
from keytrace.model import Region

TEXT = "a\r\n𝄞é x\ry"


@pytest.mark.parametrize(("encoding", "column"), [("utf-16", 4), ("utf-8", 7), ("utf-32", 3)])
def test_units(encoding: str, column: int) -> None:
    found = Shown("file:///a", TEXT, encoding).range(Region(2, 5, 2, 6))
    assert (found.start.line, found.start.character, found.end.character) == (1, column, column + 1)


def test_an_action() -> None:
    action = Action("Do", "rule", Region(1, 1, 1, 2), ((Region(1, 1, 1, 1), "x"),), True)
    made = Shown("file:///a", TEXT, "utf-16").action(action, [])
    assert (made.title, made.is_preferred) == ("Do", True)
    assert made.edit
    assert made.edit.changes
    assert [one.new_text for one in made.edit.changes["file:///a"]] == ["x"]


def test_what_could_not_be_looked_at() -> None:
    (told,) = Shown("file:///a", TEXT, "utf-16").diagnostics([], ["took too long"])
    assert told.message == "not looked at: took too long"
