"""What is text, and in which encoding: any bytes become UTF-8, or are told to be binary."""

from __future__ import annotations

import codecs
import re

_SAMPLE = 8192  # bytes looked at to tell binary from text
_HEAD = 2**20  # bytes looked at where the sample leaves a doubt
_TEXT_BYTES = bytes(range(0x20, 0x100)) + b"\t\n\r\f\b\v\x1b"
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\n\r\f"
_MAX_CONTROL_SHARE = 0.03
# zip, gzip, bzip2, xz, 7z, zstd, PDF, lzma, rar, compress, lz4, lzip, lzop, cab, xar, squashfs
_COMPRESSED_MAGIC = (
    b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd", b"%PDF-", b"\x5d\0\0",
    b"Rar!\x1a\x07", b"\x1f\x9d", b"\x04\x22\x4d\x18", b"LZIP", b"\x89LZO\0", b"MSCF\0", b"xar!", b"hsqs", b"sqsh",
)  # fmt: skip
_BINARY_MAGIC = (
    *_COMPRESSED_MAGIC,
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe", b"wOFF", b"wOF2",
    b"\x00\x01\x00\x00", b"RIFF", b"OggS", b"ID3", b"SQLite format 3\x00",
)  # fmt: skip
_READABLE = b"\t" + bytes(code if code in _PRINTABLE else 0x20 for code in range(1, 256))
_CLEAN_LINE = re.compile(rb"^[\t\f\x20-\x7e]+(?=\r?$)", re.MULTILINE)
_NULS = re.compile(rb"\0+")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# EBCDIC: letters, digits, space, line ends and the punctuation that its code pages agree on.
_EBCDIC = "cp500"
_EBCDIC_BYTES = bytes(
    code for code in range(256) if (char := bytes([code]).decode(_EBCDIC)).isascii() and char.isprintable()
) + b"\x05\x0d\x15\x25"  # fmt: skip
_EBCDIC_LETTERS = bytes(
    code for code in range(256) if (char := bytes([code]).decode(_EBCDIC)).isascii() and char.isalnum()
)


def decode(raw: bytes) -> bytes | None:
    """Return the text of a file as UTF-8 without byte order mark, or None when the file is binary.

    UTF-8, UTF-16 and UTF-32 are told by their byte order marks, without one by what they decode to; NULs end
    records as line feeds do where there are more of them; EBCDIC has no ASCII space; what else is not valid UTF-8 is
    read as Latin-1, line by line, which never fails and keeps every ASCII secret as it is.
    """
    nul = b"\0" in raw
    if not nul and raw.isascii():
        return raw
    if raw.startswith(codecs.BOM_UTF8):
        raw = raw[3:]
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _recoded(raw[len(bom) :], encoding)
    if nul:
        if encoding := utf16_without_bom(raw[:_SAMPLE]) or _wide(raw):
            return _recoded(raw, encoding)
        raw = _without_nuls(raw)
    elif _is_ebcdic(raw[:_SAMPLE]):
        return _recoded(raw, _EBCDIC)
    if is_binary(raw):
        return None
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return b"\n".join(map(_line, raw.split(b"\n")))
    return raw


def _line(raw: bytes) -> bytes:
    """Return a line of text that is not all UTF-8."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _recoded(raw, "latin-1")
    return raw


def _recoded(raw: bytes, encoding: str) -> bytes:
    text = raw.decode(encoding, "replace")
    if encoding == _EBCDIC:
        text = text.replace("\x85", "\n")  # its line end
    return text.encode("utf-8", "replace")


def readable(raw: bytes) -> bytes:
    """Return a binary file's ASCII, and blanks instead of all else: tabs for NULs. Nothing changes its place."""
    return raw.translate(_READABLE)


def is_binary(raw: bytes) -> bool:
    """Tell by magic numbers and by the share of control characters in the first 8 KiB; not so where lines of plain text
    are a good part of the whole: a program may begin with `ID3`, and have anything in a comment.
    """
    sample = raw[:_SAMPLE]
    controls = len(sample.translate(None, _TEXT_BYTES))
    if raw.startswith(_BINARY_MAGIC):
        return controls > 0 and not _has_lines(raw)
    return controls > len(sample) * _MAX_CONTROL_SHARE and not _has_lines(raw)


def is_compressed(raw: bytes) -> bool:
    """Tell whether a binary file is an archive or another one of compressed texts, which are not looked at."""
    return raw.startswith(_COMPRESSED_MAGIC)


def _has_lines(raw: bytes) -> bool:
    """Tell whether lines of plain ASCII make a program or a configuration of it."""
    head = raw[:_HEAD]
    share = 0.97 if raw.startswith(b"%PDF-") else 0.9 if b"\0" in head else 0.3
    some = head[::17]  # a few tell as much, in most cases
    if len(some.translate(None, _PRINTABLE)) > (1.1 - share) * len(some):
        return False
    return sum(len(line) + 1 for line in _CLEAN_LINE.findall(head)) >= share * len(head)


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


def _wide(raw: bytes) -> str:
    """Return the encoding of text in UTF-32, or in UTF-16 with few ASCII characters, such as Chinese; else nothing."""
    sample = raw[:_SAMPLE]
    if len(sample.translate(None, _PRINTABLE)) < 0.1 * len(sample):
        return ""  # as it stands it is ASCII
    if b"\0\0\0" not in raw[:_HEAD]:  # no U+0000 in two bytes a character
        encodings = ["utf-16-le", "utf-16-be"]
    else:
        encodings = [name for name, first in (("utf-32-be", 0), ("utf-32-le", 3)) if not sample[first::4].strip(b"\0")]
    best, most = "", 0
    for encoding in encodings:
        text = _decoded(raw[:_HEAD], encoding)
        ascii_ones = sum(map(text.count, "\n e=:")) if _is_legible(text[:_SAMPLE]) else 0
        if ascii_ones > most:
            best, most = encoding, ascii_ones
    return best


def _decoded(data: bytes, encoding: str) -> str:
    """Return text, but for a character that is cut at its end; nothing when it is not of this encoding."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        return data[: error.start].decode(encoding) if error.start >= len(data) - 3 else ""


def _is_legible(text: str) -> bool:
    legible = sum(char.isprintable() or char in "\t\n\r\f" for char in text)
    return len(text) >= 2 and legible >= 0.97 * len(text)


def _without_nuls(raw: bytes) -> bytes:
    """Return text with line feeds for NULs that end its records, as in an environment, or blanks for stray ones, so
    that lines keep their numbers; other bytes as they are.
    """
    for data in (raw[:_SAMPLE], raw):
        rest = data.translate(None, b"\0")
        if not rest or len(rest.translate(None, _TEXT_BYTES)) > len(rest) * 0.003:
            return raw
        if not rest.isascii() and not _decoded(rest, "utf-8"):
            return raw
    if sum(1 for _ in _NULS.finditer(raw)) > raw.count(b"\n"):
        return _NULS.sub(b"\n", raw)
    return raw.replace(b"\0", b" ")


def _is_ebcdic(sample: bytes) -> bool:
    """Tell EBCDIC from Latin-1 and its like: these have ASCII spaces and line feeds, and not so many of its letters."""
    if b" " in sample or b"\n" in sample or not any(end in sample for end in (b"\x40", b"\x15", b"\x25")):
        return False
    known = len(sample) - len(sample.translate(None, _EBCDIC_BYTES))
    letters = len(sample) - len(sample.translate(None, _EBCDIC_LETTERS))
    return known >= 0.97 * len(sample) and letters >= 0.4 * len(sample)
