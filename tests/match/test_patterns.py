"""One dialect of regular expressions, and the stretches around hits that they are run over."""

from __future__ import annotations

import pytest

from keytrace.match.patterns import compile_pattern, compile_text_pattern, secret_span, windows


def test_the_dialect_is_that_of_re2() -> None:
    assert compile_pattern(r"^\W+_a\z").search("é_a".encode())
    assert compile_pattern("a(?i)b|c").fullmatch(b"aB")
    assert compile_text_pattern(r"\.env\z").search("a/.env")


@pytest.mark.parametrize("source", ["(", "*", "(" * 5000, "a{4294967296}"])
def test_what_does_not_compile(source: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        compile_pattern(source)
    with pytest.raises(ValueError, match=r"."):
        compile_text_pattern(source)


@pytest.mark.parametrize(
    ("ends", "merged"),
    [([], []), ([3], [(0, 5)]), ([12, 14], [(2, 16)]), ([12, 40], [(2, 14), (30, 42)]), ([99], [(89, 100)])],
)
def test_windows(ends: list[int], merged: list[tuple[int, int]]) -> None:
    assert list(windows(ends, 100, before=10, after=2)) == merged


@pytest.mark.parametrize(
    ("source", "group", "secret"),
    [("abc", 0, b"abc"), ("(x)?a(b)c", 0, b"b"), ("(a)(b)c", 2, b"b"), ("(?P<checked>a(b)c)", 0, b"b")],
)
def test_the_secret_of_a_match(source: str, group: int, secret: bytes) -> None:
    found = compile_pattern(source).search(b"--abc--")
    assert found
    assert b"--abc--"[slice(*secret_span(found, group))] == secret
