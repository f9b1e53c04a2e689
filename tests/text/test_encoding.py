"""Any bytes become UTF-8, or are told to be binary."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.text.encoding import decode, is_binary

TEXT = "name: Zoë 🔑\r\nkey: value\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
)
def test_unicode(raw: bytes) -> None:
    assert decode(raw) == TEXT.encode()


def test_latin_1() -> None:
    assert decode("Schlüssel = ä\n".encode("latin-1")) == "Schlüssel = ä\n".encode()


def test_broken_utf_8_keeps_what_is_ascii() -> None:
    assert decode(b"key = 1 \xff\xfe\n") == "key = 1 ÿþ\n".encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_cut_in_the_middle(encoding: str) -> None:
    bom = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else codecs.BOM_UTF16_BE
    text = decode(bom + "key = 🔑".encode(encoding)[:-1])
    assert text == "key = \ufffd".encode()


@pytest.mark.parametrize("raw", [b"", b"\n", b"x", b"key = 1\n", b"\x1b[31mred\x1b[0m", codecs.BOM_UTF8])
def test_small_texts(raw: bytes) -> None:
    assert decode(raw) == raw.removeprefix(codecs.BOM_UTF8)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 20,
        b"%PDF-1.7\n\xe2\xe3\xcf\xd3\nstream\x01",
        b"PK\x03\x04" + b"\xff" * 20,
        b"\x7fELF\x02\x01\x01" + bytes(9),
        bytes(100),
        random.Random(0).randbytes(10_000),
    ],
)
def test_binary(raw: bytes) -> None:
    assert is_binary(raw)
    assert decode(raw) is None


def test_a_nul_after_the_sample_does_not_make_a_text_binary() -> None:
    raw = b"key = 1\n" * 2000 + b"\0"
    assert decode(raw) == raw


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_become_utf_8(raw: bytes) -> None:
    text = decode(raw)
    if text is not None:
        text.decode("utf-8")


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_any_text_with_a_byte_order_mark(text: str) -> None:
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == text.encode()
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == text.encode()
    assert decode(codecs.BOM_UTF32_BE + text.encode("utf-32-be")) == text.encode()


@pytest.mark.parametrize("text", ["RIFF é", "ID3 é", "BZh é", "%PDF-é", "GIF89a é"])
def test_a_text_that_begins_like_a_binary_file_is_text(text: str) -> None:
    assert decode(text.encode()) == text.encode()
