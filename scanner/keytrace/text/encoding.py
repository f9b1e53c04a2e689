"""What is text, and in which encoding: any bytes become UTF-8, or are told to be binary."""

from __future__ import annotations

import codecs

_SAMPLE = 8192  # bytes looked at to tell binary from text
_TEXT_BYTES = bytes(range(0x20, 0x100)) + b"\t\n\r\f\b\v\x1b"
_MAX_CONTROL_SHARE = 0.03
_BINARY_MAGIC = (
    b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x7fELF", b"BZh", b"\xfd7zXZ",
    b"7z\xbc\xaf", b"MZ\x90", b"\xca\xfe\xba\xbe", b"\x28\xb5\x2f\xfd", b"wOFF", b"wOF2", b"\x00\x01\x00\x00",
    b"RIFF", b"OggS", b"ID3", b"SQLite format 3\x00",
)  # fmt: skip
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(raw: bytes) -> bytes | None:
    """Return the text of a file as UTF-8 without byte order mark, or None when the file is binary.

    UTF-8, UTF-16 and UTF-32 are told by their byte order marks, UTF-16 without one by its NUL bytes; what is not
    valid UTF-8 is read as Latin-1, which never fails and keeps every ASCII secret as it is.
    """
    if raw.isascii() and b"\0" not in raw[:_SAMPLE]:
        return raw
    if raw.startswith(codecs.BOM_UTF8):
        raw = raw[3:]
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "replace").encode("utf-8", "replace")
    if encoding := utf16_without_bom(raw[:_SAMPLE]):
        return raw.decode(encoding, "replace").encode("utf-8", "replace")
    if is_binary(raw):
        return None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode("utf-8")
    return raw


def is_binary(raw: bytes) -> bool:
    """Tell by magic numbers and by the share of control characters in the first 8 KiB."""
    sample = raw[:_SAMPLE]
    controls = len(sample.translate(None, _TEXT_BYTES))
    if raw.startswith(_BINARY_MAGIC):
        return controls > 0  # a text may begin with "RIFF", too
    return controls > len(sample) * _MAX_CONTROL_SHARE


def utf16_without_bom(sample: bytes) -> str:
    """ASCII text in UTF-16 has a NUL in every second place."""
    if len(sample) < 8 or b"\0" not in sample:
        return ""
    sample = sample[: len(sample) & ~1]
    half = len(sample) // 2
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""
