"""Compressed text in base64."""

from __future__ import annotations

import base64
import gzip
import os
import textwrap
import zlib

from .reading import TEXT, decoded


def packed(text: bytes) -> str:
    return base64.b64encode(gzip.compress(text, mtime=0)).decode()


def test_gzip() -> None:
    for code in (
        packed(TEXT.encode()),
        packed(TEXT.encode()).rstrip("="),
        packed(TEXT.encode()).translate({43: "-", 47: "_"}),
    ):
        assert decoded("gzip in base64", f"content: {code}\n") == [TEXT.encode()]
    assert decoded("gzip in base64", packed(TEXT.encode("utf-16-le"))) == [TEXT.encode()]


def test_lines() -> None:
    text = "".join(f"key{number} = {os.urandom(9).hex()}\n" for number in range(40)).encode()
    assert decoded("gzip in base64", "content: |\n  " + "\n  ".join(textwrap.wrap(packed(text), 76)) + "\n") == [text]


def test_what_is_no_text_and_what_is_broken() -> None:
    code = packed(TEXT.encode())
    for other in (packed(os.urandom(200)), "H4sI" + "A" * 60, code[:24] + "AAAA" * 9):
        assert decoded("gzip in base64", other) == []
    (start,) = decoded("gzip in base64", code[:56])  # cut short: what there is
    assert TEXT.encode().startswith(start)


def test_a_bomb_is_cut() -> None:
    (text,) = decoded("gzip in base64", base64.b64encode(gzip.compress(b"password " * 2_000_000)))
    assert len(text) <= 64 * 32_000
    assert zlib.crc32(text[:9]) == zlib.crc32(b"password ")
