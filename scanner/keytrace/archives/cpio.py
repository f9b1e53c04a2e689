"""cpio: images of Linux, what is in an rpm; as text (`newc`, `odc`) and in binary, which `cpio -o` writes by itself."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keytrace.archives import HEAD, format_of
from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_CHUNK = 512
_LONGEST = 2**16  # bytes of a name
_OF_BINARY = 26  # bytes of a header
_KIND, _FOLDER = 0o170000, 0o040000
_KINDS = {0o010000, 0o020000, _FOLDER, 0o060000, 0o100000, 0o120000, 0o140000}
_LAST = b"TRAILER!!!"
_BEHIND = "(behind the archive)"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How headers look: what matches them, mode, size and length of the name in them, and what all is padded to."""

    size: int
    pattern: re.Pattern[bytes]
    numbers: Callable[[bytes], tuple[int, int, int]]
    padding: int = 1


def _of_binary(order: str) -> Callable[[bytes], tuple[int, int, int]]:
    def numbers(header: bytes) -> tuple[int, int, int]:
        _, _, _, mode, _, _, _, _, _, _, length, high, low = struct.unpack(f"{order}13H", header)
        return mode, high << 16 | low, length

    return numbers


_KINDS_OF_HEADERS = (
    _Kind(110, re.compile(rb"07070[12][0-9A-Fa-f]{104}"), lambda header: _at(header, 16, (14, 8), (54, 8), (94, 8)), 4),
    _Kind(76, re.compile(rb"070707[0-7]{70}"), lambda header: _at(header, 8, (18, 6), (65, 11), (59, 6))),
    _Kind(_OF_BINARY, re.compile(rb"\xc7\x71.{24}", re.DOTALL), _of_binary("<"), 2),
    _Kind(_OF_BINARY, re.compile(rb"\x71\xc7.{24}", re.DOTALL), _of_binary(">"), 2),
)


def _at(header: bytes, base: int, *fields: tuple[int, int]) -> tuple[int, int, int]:
    mode, size, length = (int(header[at : at + count], base) for at, count in fields)
    return mode, size, length


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    """Yield files, and links with their target as content; several archives may follow one another, and what is
    compressed behind them.
    """
    ended = False  # by a last member, behind which another archive may follow
    while start := content.peek(HEAD):
        kind = _kind(start)
        if kind is None:
            if content.budget.members and not start.strip(b"\0"):
                _pass_over_zeros(content)
                continue
            form = format_of(start) if content.budget.members else None
            if form and form.name == "compressed":
                yield Member(_BEHIND, content, is_all=True)
                return
            raise DamagedError("the header of a member is damaged" if len(start) >= 110 else "it ends too early")
        mode, size, length = kind.numbers(content.exactly(kind.size))
        if length > _LONGEST:
            raise DamagedError("the name of a member is too long")
        path = content.exactly(length).rstrip(b"\0")
        content.skip(-(kind.size + length) % kind.padding)
        if ended := path == _LAST:
            _pass_over_zeros(content)
            continue
        part = content.part(size)
        if size and mode & _KIND != _FOLDER:
            yield Member(path.decode("utf-8", "surrogateescape"), part)
        part.finish()
        content.read(-size % kind.padding)
    if not ended:
        raise DamagedError("it ends too early")


def _kind(start: bytes) -> _Kind | None:
    return next((one for one in _KINDS_OF_HEADERS if one.pattern.match(start)), None)


def _pass_over_zeros(content: Content) -> None:
    while (ahead := content.peek(_CHUNK)) and not ahead.strip(b"\0"):
        content.read(len(ahead))
    content.read(len(ahead) - len(ahead.lstrip(b"\0")))


def _is_like(start: bytes) -> bool:
    """Tell whether the first header says what one can say: two bytes, as a binary one begins with, are in anything."""
    kind = _kind(start)
    if kind is None or kind.size > _OF_BINARY:
        return kind is not None
    mode, _, length = kind.numbers(start[: kind.size])
    name = start[kind.size :][:length]
    return mode & _KIND in _KINDS | {0} and 1 < length <= _LONGEST and b"\0" not in name[: length - 1]


FORMAT = Format("cpio", _members, frozenset(("compressed", "cpio")), _is_like)
