"""What an edit makes of a file."""

from __future__ import annotations

import pytest

from keytrace.agents.edits import Edit, applied, edits_of, edits_of_patch


@pytest.mark.parametrize(
    ("text", "edits", "after"),
    [
        (b"a = 1\n", [Edit("1", "2")], b"a = 2\n"),
        (b"1 1", [Edit("1", "2")], b"2 1"),
        (b"1 1", [Edit("1", "2", everywhere=True)], b"2 2"),
        (b"1 1", [Edit("1", "2"), Edit("2 1", "3")], b"3"),
        (b"a\r\nb\r\n", [Edit("a\nb", "c")], b"c\n"),
        (b"\xff a", [Edit("a", "\u00e9")], b"\xff \xc3\xa9"),
        (b"a", [Edit("b", "c")], None),
        (b"a", [Edit("", "c")], None),
    ],
)
def test_the_file_after_edits(text: bytes, edits: list[Edit], after: bytes | None) -> None:
    assert applied(text, edits) == after


def test_which_texts_are_edits() -> None:
    one, other = {"old_string": "1", "new_string": "2"}, {"oldString": "3", "newString": "4", "replaceAll": True}
    assert edits_of([{"file_path": "a"}, one, other]) == (Edit("1", "2"), Edit("3", "4", everywhere=True))
    assert edits_of([one, {"content": "x"}]) == ()
    assert edits_of([{"old_string": "1"}]) == ()


def test_the_hunks_of_a_patch() -> None:
    body = "*** Move to: b.py\n@@ def f\n a\n-b\n+c\n@@\n-d\n*** End Patch"
    assert [*edits_of_patch(body)] == [Edit("a\nb", "a\nc"), Edit("d", "")]
