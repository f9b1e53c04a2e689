from __future__ import annotations

import pytest

from keytrace.fixers.edits import Refused, Target, newline_of
from keytrace.fixers.textual import behind, bound, line_of, literal, named, plain


def target(text: str, part: str, path: str = "a.js") -> Target:
    start = text.encode().index(part.encode())
    return Target(path, text.encode(), "rule", start, start + len(part.encode()), part.encode())


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("const apiKey = '", "apiKey"), ("  api-key: ", "api-key"), ('{"api_key": "', "api_key"), ("a.b.c=", "c"),
        ("key := ", "key"), ("x = new Client(", "x"), ('h["X-Key"] = "', "X-Key"), ("f(", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_name_before_a_value(before: str, name: str) -> None:
    text = f"first line: 1\n{before}".encode()
    assert bound(text, len(text)) == name


def test_lines() -> None:
    text = b"ab\r\ncd\ref\n"
    assert [line_of(text, at) for at in (0, 4, 7)] == [(0, 2), (4, 6), (7, 9)]
    assert [behind(text, at) for at in (0, 4, 7)] == [4, 7, 10]
    assert (newline_of(text), newline_of(b"x")) == (b"\r\n", b"\n")


def test_the_string_around_a_secret() -> None:
    found = literal(target("x = 'a', y = \"secret's\";", "secret"))
    assert (found.start, found.end, found.quote) == (13, 23, '"')
    for text in ("// secret", "x = secret", '/* "secret" */'):
        with pytest.raises(Refused, match="in no string"):
            literal(target(text, "secret"))


def test_what_is_no_plain_text() -> None:
    encoded = Target("a", b"c2VjcmV0", "rule", 0, 8, b"secret")
    with pytest.raises(Refused, match="encoded"):
        plain(encoded)
    with pytest.raises(Refused, match="several lines"):
        plain(target("a\nb", "a\nb"))

    for text in (r"a\nb", "a${b}", "it''s"):
        with pytest.raises(Refused, match=r"something else|backslash"):
            plain(target(text, text))


def test_names_of_variables() -> None:
    assert named(target("API_KEY: secret", "secret")) == "API_KEY"
    assert named(target("apiKey: secret", "secret")) == ""
