"""The escapes of JSON and of string literals."""

from __future__ import annotations

from .reading import decoded


def test_json_with_escaped_slashes_and_pairs() -> None:
    assert decoded("escapes", r"https:\/\/host.io\/a\/b\n") == [b"//host.io/a/b\n"]
    assert decoded("escapes", r"\u0041\u0042\u0043\ud83d\udd11\"") == ['ABC\U0001f511"'.encode()]
    assert decoded("escapes", r"\\u0041\\u0042\\u0043") == [rb"\u0041\u0042" + b"\\"]
    assert decoded("escapes", r"\uZZZZ \x4 \U00110000 \1") == []
