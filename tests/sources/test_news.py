"""Each line counts once, with some around it; what is skipped of a version is what the one before it had."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keytrace.sources import news
from keytrace.sources.news import News

LINES = [b"first line", b"second line", b"third line", b"short", b"", b"  ", b"with \r in it", b"last line"]
TEXTS = st.lists(
    st.tuples(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from([b"\n", b""])).map(
        lambda drawn: b"\n".join(drawn[0]) + drawn[1]
    ),
    max_size=6,
)


def naive(seen: set[bytes], text: bytes) -> tuple[bytes, frozenset[int]] | None:
    """What `of` returns, line by line."""
    lines = text.splitlines()
    fresh = set(lines) - seen
    seen |= fresh
    new = [number for number, line in enumerate(lines) if line in fresh and len(line.strip()) >= 6]
    if not new:
        return None
    kept = {*range(min(5, len(lines)))}
    kept |= {near for number in new for near in range(number - 5, number + 6) if 0 <= near < len(lines)}
    if len(kept) < 0.7 * len(lines):
        text = b"\n".join(line if number in kept else b"" for number, line in enumerate(lines))
    return text, frozenset(number + 1 for number in kept)


@given(TEXTS)
def test_what_the_version_before_had_is_skipped_and_nothing_else(versions: list[bytes]) -> None:
    told, seen = News(), set[bytes]()
    for text in versions:
        assert told.of("kind", "path", text) == naive(seen, text)


def test_a_line_of_a_long_file() -> None:
    told = News()
    lines = [b"line number %d" % number for number in range(100)]
    assert told.of("kind", "path", b"\n".join(lines)) == (b"\n".join(lines), frozenset(range(1, 101)))
    lines[50:50] = [b"one that is new"]
    numbers = {*range(1, 6), *range(46, 57)}
    shown = b"\n".join(line if number in numbers else b"" for number, line in enumerate(lines, 1))
    assert told.of("kind", "path", b"\n".join(lines)) == (shown, frozenset(numbers))
    assert told.of("kind", "path", b"\n".join(lines)) is None
    assert told.of("kind", "other", b"line number 7") is None
    assert told.of("another kind", "path", b"line number 7") == (b"line number 7", frozenset({1}))


def test_what_is_known_is_not_new() -> None:
    told = News()
    told.know("kind", b"known line\nanother one")
    assert told.of("kind", "path", b"another one\nknown line\n") is None


def test_of_many_versions_the_latest_are_kept(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(news, "_ROOM", 40)
    told, seen = News(), set[bytes]()
    told._left = 40
    for number in range(30):
        text = b"n%06d\n" % (number // 3)
        assert told.of("kind", f"path{number % 7}", text) == naive(seen, text)
        assert sum(map(len, told._latest.values())) == 40 - told._left <= 40
