"""Text on a page of so many columns."""

from __future__ import annotations

import pytest

from keytrace.reporters.layout import cells, cropped, framed, joined_notes, printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain äöü 漢字 🔑", "plain äöü 漢字 🔑"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b2J\x00\x7f", r"\x9b2J\x00\x7f"),
        ("a\tb\r\nc", r"a\tb\r\nc"),
        ("\u202e\u2066\u200f\u200b\ufeff", r"\u202e\u2066\u200f\u200b\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("caf\udce9 \ud800", r"caf\xe9 \ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("[bold]", "[bold]"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_cropped() -> None:
    assert cropped("abcdef", 6) == "abcdef"
    assert cropped("abcdef", 4) == "abc…"
    assert cropped("abcdef", 4, end=False) == "…def"
    assert cropped("漢字漢字", 5) == "漢字…"
    assert cells(cropped("漢字漢字", 6)) <= 6
    assert cropped("abc", 0) == "…"


@pytest.mark.parametrize(("before", "after"), [(3, 200), (200, 3), (200, 200), (0, 0), (30, 30)])
@pytest.mark.parametrize("size", [8, 60])
def test_the_frame_shows_what_is_marked(before: int, after: int, size: int) -> None:
    for width in (20, 60, 71):
        parts = framed("b" * before, "m" * size, "a" * after, width)
        assert sum(map(cells, parts)) <= width
        assert "m" in parts[1]
        if size < width // 2:
            assert parts[1] == "m" * size


def test_notes_of_one_kind_are_one() -> None:
    notes = [
        f"old/m{number}.py: not valid Python 3.11 (line {number % 2}): searched as text only" for number in range(30)
    ]
    notes += ["a.env: line 3: 'keytrace:ignore' does not hold: it expired on 2020-01-02"]
    notes += ["b.env: line 4: 'keytrace:ignore' does not hold: it expired on 2021-01-02"]
    notes += ["c.env: line 4: 'keytrace:ignore' does not hold: its date must have the form until=YYYY-MM-DD"]
    notes += ["something is so"]
    assert list(joined_notes(notes)) == [
        "not valid Python 3.11 (line …): searched as text only (30 files: old/m0.py, old/m1.py, old/m2.py and 27 more)",
        "'keytrace:ignore' does not hold: it expired on … (2 places: a.env:3, b.env:4)",
        "c.env: line 4: 'keytrace:ignore' does not hold: its date must have the form until=YYYY-MM-DD",
        "something is so",
    ]
