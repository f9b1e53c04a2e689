"""Archives: what begins like one is opened wherever it is met; its members are artifacts. A new kind is one line."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.archives.content import Format

HEAD = 512  # bytes that tell what something is

# How each kind begins, by the module that reads it: imported when there is one.
FORMATS: dict[str, bytes] = {
    "zip": rb"PK(?:\x03\x04[\0-\x3f]\0|\x05\x06\0{8})",
    "compressed": rb"\x1f\x8b\x08[\0-\x1f]|BZh[1-9](?:1AY&SY|\x17rE8P\x90)|\xfd7zXZ\0|\x28\xb5\x2f\xfd",
    "ar": rb"!<arch>\n(?:.{58}`\n|$)",
    "cpio": rb"07070[12][0-9A-Fa-f]{104}",
    "rpm": rb"\xed\xab\xee\xdb",
    "tar": rb".{257}ustar",
}
_ANY = re.compile(b"|".join(b"(?P<%s>%s)" % (name.encode(), start) for name, start in FORMATS.items()), re.DOTALL)


# What a program begins with that may have a zip behind it, and how that ends: with the length of a comment, and that.
_PROGRAMS = (b"MZ", b"#!", b"\x7fELF")
_END_OF_ZIP = b"PK\x05\x06"
_REACH = 2**16 + 22  # bytes


def format_of(data: bytes) -> Format | None:
    """Return the kind of archive that begins like this; None when it is something else. Of a program that unpacks
    itself all must be given.
    """
    found = _ANY.match(data, 0, HEAD)
    kind = found.lastgroup if found else "zip" if data.startswith(_PROGRAMS) and _has_zip(data) else None
    if kind is None:
        return None
    form: Format = import_module(f"{__name__}.{kind}").FORMAT
    return form if form.is_like(data[:HEAD]) else None


def _has_zip(data: bytes) -> bool:
    at = data.rfind(_END_OF_ZIP, max(0, len(data) - _REACH))
    return at > 0 and int.from_bytes(data[at + 20 : at + 22], "little") == len(data) - at - 22
