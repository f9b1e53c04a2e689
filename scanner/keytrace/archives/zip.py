"""zip and its kin: jar, war, whl, egg, apk, aab, ipa, nupkg, vsix, docx, xlsx, pptx."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from keytrace.archives.compressed import Unpacked
from keytrace.archives.content import MOST_MEMBERS, Content, DamagedError, Format, Left, LimitError, Member
from keytrace.model import Reason

_LOCAL, _LAST = b"PK\x03\x04", b"PK\x05\x06"
_REACH = 2**16 + 22  # bytes from the end in which the last record is
_ENCRYPTED = 0x1 | 0x40
_STORED, _DEFLATED = 0, 8
_LENGTHS = 26  # bytes of a member's header before those of its name and of what is told besides
_OF_ENTRY = 128  # bytes of the directory, about: names of 80 bytes
_BEFORE = "(before the archive)"


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    """Yield what the directory at the end names, then what it does not name; where it is damaged, all that looks like a
    member.
    """
    file = content.file or BytesIO(content.whole())
    if _directory_size(file) > MOST_MEMBERS * _OF_ENTRY:
        raise LimitError(f"holds more than {MOST_MEMBERS:,} members; none was scanned")
    try:
        archive = ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        file.seek(0)
        yield from _salvaged(file.read(content.budget.limit), content)
        raise DamagedError("its directory is missing or damaged") from error
    with archive:
        for info in archive.infolist():
            if info.flag_bits & _ENCRYPTED:
                yield Left(info.filename, Reason.ENCRYPTED)
            elif not info.is_dir():
                read = _Opened(archive, info).read if info.file_size or info.compress_size else _nothing
                yield Member(info.filename, content.unpacked(read))
            if info.comment:
                yield Member(f"{info.filename} (comment)", _text(info.comment, content))
        if archive.comment:
            yield Member("(comment)", _text(archive.comment, content))
        for start, end in _gaps(file, archive):
            file.seek(start)
            if start == 0:  # a program that unpacks what is behind it
                yield Member(_BEFORE, Content(file.read, content.budget).part(end))
            elif _LOCAL in (rest := file.read(min(end - start, content.budget.limit))):
                yield from _salvaged(rest, content)
    content.check()


def _gaps(file: BinaryIO, archive: ZipFile) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a file, up to the directory, that none of its entries takes."""
    at = 0
    for info in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if at < info.header_offset:
            yield at, info.header_offset
        file.seek(max(0, info.header_offset) + _LENGTHS)
        lengths = file.read(4)
        sizes = struct.unpack("<HH", lengths) if len(lengths) == 4 else (0, 0)
        at = max(at, info.header_offset + _LENGTHS + 4 + sum(sizes) + info.compress_size)
    if at < archive.start_dir:
        yield at, archive.start_dir


def _nothing(_size: int) -> bytes:
    return b""


def _text(comment: bytes, content: Content) -> Content:
    return Content(BytesIO(comment).read, content.budget)


class _Opened:
    """A member of a zip, which is opened when it is read."""

    def __init__(self, archive: ZipFile, info: ZipInfo) -> None:
        self._archive, self._info = archive, info
        self._stream: IO[bytes] | None = None

    def read(self, size: int) -> bytes:
        if self._stream is None:
            self._stream = self._archive.open(self._info)
        return self._stream.read(size)


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes the directory has: all of it is read at once, whatever it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _REACH))
    tail = file.read(_REACH)
    at = tail.rfind(_LAST)
    told = int(struct.unpack_from("<L", tail, at + 12)[0]) if 0 <= at <= len(tail) - 22 else 0
    return min(told, size)


def _salvaged(data: bytes, content: Content) -> Iterator[Member | Left]:
    at = data.find(_LOCAL)
    while 0 <= at <= len(data) - 30:
        flags, method = struct.unpack_from("<HH", data, at + 6)
        size, length, extra = struct.unpack_from("<L4xHH", data, at + 18)
        start = at + 30 + length + extra
        name = data[at + 30 : at + 30 + length].decode("utf-8", "surrogateescape")
        if flags & _ENCRYPTED:
            yield Left(name, Reason.ENCRYPTED)
        elif method == _DEFLATED:
            stream = BytesIO(data)
            stream.seek(start)
            unpacked = Unpacked(lambda: zlib.decompressobj(-15), Content(stream.read, content.budget), once=True)
            yield Member(name, content.unpacked(unpacked.read))
        elif method == _STORED and size:
            yield Member(name, content.unpacked(BytesIO(data[start : start + size]).read))
        at = data.find(_LOCAL, max(at + 4, start + size if start + size < len(data) else start))


FORMAT = Format("zip", _members)
