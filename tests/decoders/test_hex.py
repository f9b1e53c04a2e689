"""Hexadecimal digits."""

from __future__ import annotations

import textwrap

from .reading import TEXT, decoded


def test_hex() -> None:
    for digits in (TEXT.encode().hex(), TEXT.encode().hex().upper()):
        for before in ("", "0x", "x'", "\\x", "a"):
            assert decoded("hex", f"{before}{digits};") == [TEXT.encode()]
    assert decoded("hex", "\n".join(textwrap.wrap((TEXT * 3).encode().hex(), 60))) == [(TEXT * 3).encode()]
    assert decoded("hex", TEXT.encode("utf-16-le").hex()) == [TEXT.encode()]
