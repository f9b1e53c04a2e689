"""Any bytes become UTF-8, or are told to be binary."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.text.encoding import decode, is_binary, is_compressed, readable

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
    assert decode("Mật khẩu\n".encode() + "Schlüssel\r\n".encode("latin-1")) == "Mật khẩu\nSchlüssel\r\n".encode()


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
        b"SQLite format 3\0" + bytes(range(20)) * 9 + b"create table keys (name text)",
        random.Random(0).randbytes(10_000),
    ],
)
def test_binary(raw: bytes) -> None:
    assert is_binary(raw)
    assert decode(raw) is None


def test_a_nul_after_the_sample_does_not_make_a_text_binary() -> None:
    raw = b"key = 1\n" * 2000 + b"\0"
    assert decode(raw) == raw.replace(b"\0", b" ")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"PATH=/bin\0KEY=a\0B=2\0", "PATH=/bin\nKEY=a\nB=2\n"),
        (b"KEY=a\0\0\0\0" + bytes(5000) + b"B=2", "KEY=a\nB=2"),
        ("NAME=Zoë\0B=2".encode(), "NAME=Zoë\nB=2"),
    ],
)
def test_a_nul_ends_a_record(raw: bytes, text: str) -> None:
    assert decode(raw) == text.encode()


WIDE = [
    "说" * 5000 + "\n" + TEXT * 9,
    "丁一七" * 3000 + "\n" + TEXT,  # each of these has a NUL or is ASCII twice
    "コード = 鍵\nkey: value\n",
    "ключ: значение\nkey: value\n",
]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [TEXT, *WIDE])
def test_wide_characters_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text.encode()


@pytest.mark.parametrize("page", ["cp037", "cp500", "cp1140"])
def test_ebcdic(page: str) -> None:
    text = "user = bob\nfolder = 'Kx7-Qw9.Zr'\n" * 9
    for raw in (text.encode(page), text.replace("\n", "\x85").encode(page)):
        assert decode(raw) == text.encode()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gbk", "说明 这是一个文件\nkey = 1\n"),
        ("shift_jis", "説明 カタカナ\nkey = 1\n"),
        ("koi8-r", "ключ\nkey = 1\n"),
    ],
)
def test_eight_bits_are_not_taken_for_something_else(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding) * 99)
    assert decoded is not None
    assert b"key = 1\n" in decoded


@pytest.mark.parametrize(
    "start",
    [b"ID3=0 #\x01\xc3\xa9\n", b"GIF8=1/*\x01\xc3\xa9*/\n", b"RIFF=1 #\x02\xe9\n", b"# \xe9" + b"\x01" * 60 + b"\n"],
)
def test_a_program_cannot_make_itself_binary(start: bytes) -> None:
    program = b"import os\n\nfolder = 'Kx7Qw9Zr'\n"
    text = decode(start + program)
    assert text is not None
    assert program in text


def test_what_is_readable_keeps_its_place() -> None:
    raw = bytes(range(256))
    text = readable(raw)
    assert len(text) == 256
    assert text[0x20:0x7F] == raw[0x20:0x7F]
    assert (text[0], text[1], text[10], text[0xFF]) == (ord("\t"), ord(" "), 10, ord(" "))


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


@pytest.mark.parametrize(
    "start",
    [
        b"Rar!\x1a\x07\1\0", b"\x1f\x9d\x90", b"\x04\x22\x4d\x18", b"LZIP\1", b"\x89LZO\0\r\n\x1a\n", b"MSCF\0\0\0\0",
        b"xar!\0\x1c", b"hsqs", b"7z\xbc\xaf\x27\x1c", b"\x5d\0\0\x80",
    ],
)  # fmt: skip
def test_what_is_compressed_is_told(start: bytes) -> None:
    raw = start + bytes(range(256)) * 9
    assert decode(raw) is None
    assert is_compressed(raw)
    assert decode(start[:4].decode("latin-1").translate(dict.fromkeys(range(32))).encode() + b" is a text") is not None
