"""Documents: offsets become lines and columns, excerpts hide what they must."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.model import Excerpt, FileProvenance, Region
from keytrace.text.document import Document

MASK = "********"


def document(text: str | bytes) -> Document:
    return Document(FileProvenance("a.txt"), text.encode() if isinstance(text, str) else text)


# --- encodings --------------------------------------------------------------------------------------------------------


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one", ["one"]),
        ("one\n", ["one", ""]),
        ("one\ntwo", ["one", "two"]),
        ("one\r\ntwo\r\n", ["one", "two", ""]),
        ("one\rtwo\r", ["one", "two", ""]),
        ("one\n\r\n\rtwo", ["one", "", "", "two"]),
        ("one\x0btwo\x0cthree\x85\u2028four\n", ["one\x0btwo\x0cthree\x85\u2028four", ""]),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    subject = document(text)
    assert [subject.line(number).decode() for number in range(1, len(subject.line_starts) + 1)] == lines
    assert subject.line(0) == subject.line(len(lines) + 1) == b""


@pytest.mark.parametrize(
    ("text", "marked", "region"),
    [
        ("key = secret", "secret", Region(1, 7, 1, 13)),
        ("one\nkey = secret\n", "secret", Region(2, 7, 2, 13)),
        ("one\r\nkey = secret\r\n", "secret", Region(2, 7, 2, 13)),
        ("one\rkey = secret\r", "secret", Region(2, 7, 2, 13)),
        ("é = secret", "secret", Region(1, 5, 1, 11)),
        ("🔑 = secret", "secret", Region(1, 6, 1, 12)),
        ("key = 🔑x", "🔑x", Region(1, 7, 1, 10)),
        ("one\ntwo\nthree", "wo\nthr", Region(2, 2, 3, 4)),
        ("one\r\ntwo", "one\r\n", Region(1, 1, 1, 6)),
    ],
)
def test_region(text: str, marked: str, region: Region) -> None:
    data = text.encode()
    start = data.index(marked.encode())
    assert document(data).region(start, start + len(marked.encode())) == region


def test_region_of_nothing() -> None:
    assert document("").region(0, 0) == Region(1, 1, 1, 1)
    assert document("one\n").region(4, 4) == Region(2, 1, 2, 1)


def offset_of(text: str, line: int, column: int) -> int:
    """Find the place again, as an editor does that counts in UTF-16."""
    starts = [0, *(end.end() for end in re.finditer("\r\n|\n|\r", text))]
    rest = text[starts[line - 1] :].encode("utf-16-le")
    return len((text[: starts[line - 1]] + rest[: 2 * (column - 1)].decode("utf-16-le")).encode())


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(["a", "bc", "é", "漢", "🔑", "\n", "\r", "\r\n", "\x85", "\u2028"]), max_size=30),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=8),
)
def test_regions_map_back_to_offsets(pieces: list[str], places: list[tuple[int, int]]) -> None:
    text = "".join(pieces)
    subject = document(text)  # one for all spans: what it remembers must not matter
    for place in places:
        first, last = sorted(min(number, len(text)) for number in place)
        start, end = len(text[:first].encode()), len(text[:last].encode())
        region = subject.region(start, end)
        assert offset_of(text, region.start_line, region.start_column) == start
        assert offset_of(text, region.end_line, region.end_column) == end
        assert region == document(text).region(start, end)


# --- excerpts ---------------------------------------------------------------------------------------------------------


def excerpt(text: str, *secrets: str) -> Excerpt:
    """The excerpt around the first of `secrets`, with all of them masked."""
    data = text.encode()
    spans = [(start := data.index(secret.encode()), start + len(secret.encode())) for secret in secrets]
    return document(data).excerpt(*spans[0], sorted(spans))


@pytest.mark.parametrize(
    ("text", "secrets", "expected"),
    [
        ("key = SECRET  # sample", ["SECRET"], Excerpt(f"key = {MASK}  # sample", 6, 14)),
        ("one\nkey = SECRET\ntwo", ["SECRET"], Excerpt(f"key = {MASK}", 6, 14)),
        ("one\r\nkey = SECRET\r\ntwo", ["SECRET"], Excerpt(f"key = {MASK}", 6, 14)),
        ("schlüssel🔑 = SECRET", ["SECRET"], Excerpt(f"schlüssel🔑 = {MASK}", 13, 21)),
        ("a=FIRST;b=SECOND", ["SECOND", "FIRST"], Excerpt(f"a={MASK};b={MASK}", 13, 21)),
        ("a=FIRST;b=SECOND", ["FIRST", "SECOND"], Excerpt(f"a={MASK};b={MASK}", 2, 10)),
        ("key = BEGIN\nMIDDLE\nEND", ["BEGIN\nMIDDLE\nEND"], Excerpt(f"key = {MASK}", 6, 14)),
        ("key = ABCDEF", ["ABCD", "CDEF"], Excerpt(f"key = {MASK}{MASK}", 6, 14)),
        ("key = ABCDEF", ["ABCDEF", "CD"], Excerpt(f"key = {MASK}", 6, 14)),
    ],
)
def test_excerpt(text: str, secrets: list[str], expected: Excerpt) -> None:
    assert excerpt(text, *secrets) == expected


def test_excerpt_of_a_long_line_is_cropped() -> None:
    cut = excerpt("a" * 5000 + "SECRET" + "b" * 5000, "SECRET")
    assert cut == Excerpt("…" + "a" * 80 + MASK + "b" * 80 + "…", 81, 89)


def test_masked_line_does_not_depend_on_the_secret() -> None:
    lines = [
        document(f"key = {secret}  # x").masked_line(6, 6 + len(secret), [(6, 6 + len(secret))])
        for secret in ("SECRET", "ANOTHER-SECRET")
    ]
    assert lines == [b"key = ********  # x"] * 2


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.text("abc é🔑=\r\n", max_size=200), st.text("XYZ\n", min_size=4, max_size=1100)),
        min_size=1,
        max_size=4,
    )
)
def test_no_excerpt_shows_a_secret(parts: list[tuple[str, str]]) -> None:
    data, spans = b"", []
    for text, secret in parts:
        data += text.encode()
        spans.append((len(data), len(data) + len(secret)))
        data += secret.encode()
    for start, end in spans:
        shown = document(data).excerpt(start, end, spans)
        assert not set("XYZ") & set(shown.text)
        assert shown.text[shown.start : shown.end] in (MASK, "")
        assert not set(b"XYZ") & set(document(data).masked_line(start, end, spans))


def test_a_value_that_is_repeated_over_itself_is_masked_whole() -> None:
    document = Document(FileProvenance("a.py"), b"p = abcab; q = abcabcab")
    excerpt = document.excerpt(4, 9, [(4, 9)])
    assert excerpt.text.replace("*", "") == "p = ; q = "
