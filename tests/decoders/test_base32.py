"""Base32 of text."""

from __future__ import annotations

import base64
import random
import textwrap

from .reading import TEXT, decoded


def packed(text: bytes) -> str:
    return base64.b32encode(text).decode()


def test_base32() -> None:
    for size in range(24, len(TEXT)):  # every length of the last group
        text = TEXT[:size].encode()
        for code in (packed(text), packed(text).rstrip("=")):
            assert decoded("base32", f"config: {code}\n") == [text]
    assert decoded("base32", "path/" + packed(TEXT.encode())) == [TEXT.encode()]
    assert decoded("base32", "\n".join(textwrap.wrap(packed(TEXT.encode() * 3), 64))) == [TEXT.encode() * 3]


def test_chance_is_no_text() -> None:
    chance = random.Random(5)
    codes = ["".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=32)) for _ in range(3000)]
    assert [code for code in codes if decoded("base32", f"secret: {code};")] == []
