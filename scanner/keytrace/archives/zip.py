"""zip and its kin: jar, war, whl, egg, apk, aab, ipa, nupkg, vsix, docx, xlsx, pptx."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from keytrace.archives.compressed import MAKE, Unpacked, zstd_library
from keytrace.archives.content import MOST_MEMBERS, Content, DamagedError, Format, Left, LimitError, Member
from keytrace.model import Reason

_LOCAL, _LAST = b"PK\x03\x04", b"PK\x05\x06"
_REACH = 2**16 + 22  # bytes from the end in which the last record is
_ENCRYPTED = 0x1 | 0x40
_HAS_END = 0x2  # of a member by lzma: its data says where it ends
_STORED, _LZMA, _ZSTD = 0, 14, 93
# What makes an object that unpacks a member, by the number of its method; that of lzma takes it as a file has it.
_MAKE: dict[int, Callable[[], Any]] = {
    8: lambda: zlib.decompressobj(-15),
    12: MAKE[b"B"],
    _LZMA: MAKE[b"\x5d"],
    _ZSTD: MAKE[b"\x28"],
    95: MAKE[b"\xfd"],
}
_UNREAD = {1: "shrinking", 6: "imploding", 9: "Deflate64", 98: "PPMd"}
_HEADER = 30  # bytes of a member's header at least
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
                yield Member(info.filename, content.unpacked(_lazily(partial(_named, file, info, content))))
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


def _text(comment: bytes, content: Content) -> Content:
    return Content(BytesIO(comment).read, content.budget)


def _directory_size(file: BinaryIO) -> int:
    """Return how many bytes the directory has: all of it is read at once, whatever it is."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _REACH))
    tail = file.read(_REACH)
    at = tail.rfind(_LAST)
    told = int(struct.unpack_from("<L", tail, at + 12)[0]) if 0 <= at <= len(tail) - 22 else 0
    return min(told, size)


def _named(file: BinaryIO, info: ZipInfo, content: Content) -> Callable[[int], bytes]:
    """Return what reads a member that the directory names, by where it begins, how long it is, and its sum."""
    file.seek(max(0, info.header_offset))
    header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(_LOCAL):
        raise DamagedError("its header is damaged")
    start = info.header_offset + _HEADER + sum(struct.unpack_from("<HH", header, _LENGTHS))
    packed = Content(_from(file, start), content.budget).part(info.compress_size)
    size = None if info.flag_bits & _HAS_END else info.file_size
    return _summed(_unpacked(info.compress_type if info.compress_size else _STORED, packed, size), info.CRC)


def _summed(read: Callable[[int], bytes], expected: int) -> Callable[[int], bytes]:
    """Return what reads the same; raise DamagedError at the end of what has not the sum that is expected."""
    total = 0

    def summed(size: int) -> bytes:
        nonlocal total
        data = read(size)
        total = zlib.crc32(data, total)
        if not data and total != expected:
            raise DamagedError("its data is damaged")
        return data

    return summed


def _from(file: BinaryIO, start: int) -> Callable[[int], bytes]:
    """Return what reads a file from there on, whoever else reads it meanwhile."""

    def read(size: int) -> bytes:
        nonlocal start
        file.seek(start)
        data = file.read(size)
        start += len(data)
        return data

    return read


def _unpacked(method: int, packed: Content, size: int | None) -> Callable[[int], bytes]:
    """Return what unpacks a member; `size` is what it unpacks to, None where the data says where it ends. Raise
    DamagedError where nothing here unpacks it.
    """
    if method == _STORED:
        return packed.read
    make = _MAKE.get(method)
    if make is None:
        raise DamagedError(f"it is compressed by {_UNREAD.get(method, f'method {method}')}, which is not read")
    if method == _ZSTD and zstd_library() is None:
        raise DamagedError("it is compressed by zstd; pip install 'keytrace[zstd]' reads that")
    if method == _LZMA:  # its settings stand behind a version and their size; a file has them with its size in front
        head = packed.exactly(9)[4:] + (b"\xff" * 8 if size is None else struct.pack("<Q", size))
        packed = Content(_after(head, packed.read), packed.budget)
    return Unpacked(make, packed, once=True).read


def _after(head: bytes, read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Return what reads `head`, and then what else there is."""

    def both(size: int) -> bytes:
        nonlocal head
        data, head = head, b""
        return data or read(size)

    return both


def _lazily(make: Callable[[], Callable[[int], bytes]]) -> Callable[[int], bytes]:
    """Return what reads a member and is made when it is read: what is wrong with it is told then."""
    made: Callable[[int], bytes] | None = None

    def read(size: int) -> bytes:
        nonlocal made
        made = made or make()
        return made(size)

    return read


def _salvaged(data: bytes, content: Content) -> Iterator[Member | Left]:
    at = data.find(_LOCAL)
    while 0 <= at <= len(data) - _HEADER:
        flags, method = struct.unpack_from("<HH", data, at + 6)
        packed_size, size, length, extra = struct.unpack_from("<LLHH", data, at + 18)
        start = at + _HEADER + length + extra
        name = data[at + _HEADER : at + _HEADER + length].decode("utf-8", "surrogateescape")
        if flags & _ENCRYPTED:
            yield Left(name, Reason.ENCRYPTED)
        elif method != _STORED or packed_size:
            packed = Content(_from(BytesIO(data), start), content.budget)
            packed = packed if method != _STORED else packed.part(min(packed_size, len(data) - start))
            told = None if flags & _HAS_END else size
            yield Member(name, content.unpacked(_lazily(partial(_unpacked, method, packed, told))))
        at = data.find(_LOCAL, max(at + 4, start + packed_size if start + packed_size < len(data) else start))


FORMAT = Format("zip", _members)
