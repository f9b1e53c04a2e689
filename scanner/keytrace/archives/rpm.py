"""rpm: behind a lead and two headers a compressed cpio; the second header holds scripts and names."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_LEAD = 96
_MAGIC = b"\x8e\xad\xe8\x01"  # of a header
_LONGEST = 2**25  # bytes of a header


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    content.exactly(_LEAD)
    signature = _header(content)
    content.skip(-len(signature) % 8)
    yield Member("header", Content(BytesIO(_header(content)).read, content.budget))
    yield Member("payload", content, is_all=True)


def _header(content: Content) -> bytes:
    """Return the values of a header."""
    start = content.exactly(16)
    count, size = struct.unpack(">LL", start[8:])
    if not start.startswith(_MAGIC) or count * 16 + size > _LONGEST:
        raise DamagedError("its header is damaged")
    content.exactly(count * 16)
    return content.exactly(size)


FORMAT = Format("rpm", _members, frozenset(("compressed", "cpio")))
