"""ar: Debian packages, which hold two tars, and static libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_MAGIC = b"!<arch>\n"
_HEADER = re.compile(rb"(.{16}).{32}(\d{1,10}) *`\n", re.DOTALL)
_LONGEST = 2**20  # bytes of a name, or of all long names together


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    content.exactly(len(_MAGIC))
    names = b""  # of GNU's: those that are longer than their field
    while header := content.read(60):
        found = _HEADER.fullmatch(header)
        if found is None:
            raise DamagedError("the header of a member is damaged" if len(header) == 60 else "it ends too early")
        name, size = found[1].rstrip(), int(found[2])
        if name == b"//" and size <= _LONGEST:
            names = content.exactly(size)
        else:
            length = min(int(name[3:]), size, _LONGEST) if re.fullmatch(rb"#1/\d+", name) else 0  # of BSD's
            name = content.exactly(length).rstrip(b"\0") if length else _long(name, names)
            part = content.part(size - length)
            yield Member(name.decode("utf-8", "surrogateescape"), part)
            part.finish()
        content.read(size % 2)  # a line feed, which may be missing at the end


def _long(name: bytes, names: bytes) -> bytes:
    if re.fullmatch(rb"/\d+", name):
        return names[int(name[1:]) :].partition(b"/\n")[0]
    return name.rstrip(b"/") or name


FORMAT = Format("ar", _members)
