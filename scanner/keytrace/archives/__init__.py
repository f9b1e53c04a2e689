"""Archives: what begins like one is opened wherever it is met; its members are artifacts. A new kind is one line."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.archives.content import Format

HEAD = 512  # bytes that tell what something is
IMAGES = {"oci-layout": "index.json", "manifest.json": "manifest.json"}  # of a folder: what tells of the images in it

# How each kind begins, by the module that reads it: imported when there is one.
FORMATS: dict[str, bytes] = {
    "zip": rb"PK(?:\x03\x04[\0-\x3f]\0|\x05\x06\0{8})",
    "compressed": (
        rb"\x1f\x8b\x08[\0-\x1f]|BZh[1-9](?:1AY&SY|\x17rE8P\x90)|\xfd7zXZ\0|\x28\xb5\x2f\xfd"
        rb"|\x5d\0\0..(?:\xff{8}|.{5}\0{3})\0"  # lzma alone: settings, sizes of dictionary and content, a zero
    ),
    "ar": rb"!<arch>\n(?:.{58}`\n|$)",
    "cpio": rb"07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}|\xc7\x71.{24}|\x71\xc7.{24}",
    "rpm": rb"\xed\xab\xee\xdb",
    "tar": rb".{257}ustar",
}
_ANY = re.compile(b"|".join(b"(?P<%s>%s)" % (name.encode(), start) for name, start in FORMATS.items()), re.DOTALL)


# What begins something that may have a zip behind it with a comment, programs and extensions of browsers, and how that
# ends: with the length of the comment, and that.
_PROGRAMS = (b"MZ", b"#!", b"\x7fELF", b"Cr24")
_END_OF_ZIP = b"PK\x05\x06"
_END = 22  # bytes without a comment
_REACH = 2**16 + _END


def format_of(data: bytes) -> Format | None:
    """Return the kind of archive that begins like this; None when it is something else. Where a zip may be behind
    something else, all must be given.
    """
    found = _ANY.match(data, 0, HEAD)
    kind = found.lastgroup if found else "zip" if _has_zip(data) else None
    if kind is None:
        return None
    form: Format = import_module(f"{__name__}.{kind}").FORMAT
    return form if form.is_like(data[:HEAD]) else None


def _has_zip(data: bytes) -> bool:
    at = len(data) - _END
    if data.startswith(_PROGRAMS):
        at = data.rfind(_END_OF_ZIP, max(0, len(data) - _REACH))
    is_end = at > 0 and data.startswith(_END_OF_ZIP, at)
    return is_end and int.from_bytes(data[at + 20 : at + 22], "little") == len(data) - at - _END
