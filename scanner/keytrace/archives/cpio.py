"""cpio of the kind `newc`: images of Linux, and what is in an rpm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_HEADER = re.compile(rb"07070[12][0-9A-Fa-f]{104}")
_CHUNK = 512
_LONGEST = 2**16  # bytes of a name
_KIND, _FOLDER = 0o170000, 0o040000
_LAST = b"TRAILER!!!"


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    """Yield files, and links with their target as content; several archives may follow one another."""
    while header := content.read(110):
        if not _HEADER.fullmatch(header):
            if content.budget.members and not header.strip(b"\0"):
                continue  # padding
            raise DamagedError("the header of a member is damaged" if len(header) == 110 else "it ends too early")
        mode, size, length = (int(header[at : at + 8], 16) for at in (14, 54, 94))
        if length > _LONGEST:
            raise DamagedError("the name of a member is too long")
        name = content.exactly(length).rstrip(b"\0")
        content.skip(-(110 + length) % 4)
        if name == _LAST:
            _pass_over_zeros(content)
            continue
        part = content.part(size)
        if size and mode & _KIND != _FOLDER:
            yield Member(name.decode("utf-8", "surrogateescape"), part)
        part.finish()
        content.read(-size % 4)


def _pass_over_zeros(content: Content) -> None:
    while (ahead := content.peek(_CHUNK)) and not ahead.strip(b"\0"):
        content.read(len(ahead))
    content.read(len(ahead) - len(ahead.lstrip(b"\0")))


FORMAT = Format("cpio", _members)
