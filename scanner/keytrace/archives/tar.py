"""tar: ustar, GNU and pax. Read by ourselves: a damaged header is an error, not the end, and no size is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from keytrace.archives.content import Content, DamagedError, Format, Left, Member

_BLOCK = 512
_LONGEST = 2**20  # bytes of a name, or of the records of a pax header
_LINKS, _SPARSE = b"12", b"S"
_EMPTY = b"123456"  # links, devices, folders, FIFOs: there is no content, whatever the size
_PAX_RECORD = re.compile(rb"\d+ (path|linkpath|size|comment|GNU\.sparse\.name)=([^\n]*)\n")


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    """Yield files, and links with their target as content; what follows the end is read, too."""
    told: dict[str, bytes] = {}  # by headers before, of the next member
    ended = False  # by zeros, behind which another archive may follow
    while header := content.read(_BLOCK):
        if ended := not header.strip(b"\0"):
            continue
        if len(header) < _BLOCK or not _is_header(header):
            raise DamagedError("the header of a member is damaged" if len(header) == _BLOCK else "it ends too early")
        kind = header[156:157]
        size = _number(told.get("size", header[124:136]))
        if kind in b"xgLK":
            told |= _told(kind, _bounded(content, size))
            yield from _comment(told, None, content, kind)
            continue
        name = told.get("GNU.sparse.name") or told.get("path") or _name_of(header)
        yield from _comment(told, name, content, kind)
        if kind == _SPARSE:
            _pass_over_the_map(content, header)
        if kind in _LINKS:
            target = told.get("linkpath") or header[157:257].rstrip(b"\0")
            yield Member(_text(name), Content(BytesIO(target).read, content.budget))
        elif kind not in _EMPTY and not name.endswith(b"/"):
            part = content.part(size)
            yield Member(_text(name), part)
            part.finish()
            content.skip(-size % _BLOCK)
        told = {}
    if not ended:
        raise DamagedError("it ends too early")


def _is_header(header: bytes) -> bool:
    """Tell by the sum of its bytes."""
    total = sum(header) - sum(header[148:156]) + 8 * 0x20
    return total == _number(header[148:156])


def _number(field: bytes) -> int:
    """Return a number in octal or, where it is large, in binary, or that of a pax record, in decimal."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.strip(b" \0") or b"0", 8)
    except ValueError as error:
        raise DamagedError("the header of a member is damaged") from error


def _told(kind: bytes, data: bytes) -> dict[str, bytes]:
    """Return what a header tells of the next member."""
    if kind == b"x":
        records = {key.decode(): value for key, value in _PAX_RECORD.findall(data)}
        if "size" in records:
            records["size"] = b"%o" % int(records["size"]) if records["size"].isdigit() else b"?"
        return records
    if kind == b"g":  # of all that follow: only what is a text for itself
        comments = [value for key, value in _PAX_RECORD.findall(data) if key == b"comment"]
        return {"comment": b"\n".join(comments)} if comments else {}
    return {"path" if kind == b"L" else "linkpath": data.rstrip(b"\0")}


def _comment(told: dict[str, bytes], name: bytes | None, content: Content, kind: bytes) -> Iterator[Member]:
    """Yield what headers tell as a comment: on all members, or on the one of that name once it is known."""
    if (name is not None or kind == b"g") and (comment := told.pop("comment", b"")):
        yield Member(f"{_text(name or b'')} (comment)".lstrip(), Content(BytesIO(comment).read, content.budget))


def _bounded(content: Content, size: int) -> bytes:
    if size > _LONGEST:
        raise DamagedError("the name of a member is too long")
    data = content.exactly(size)
    content.skip(-size % _BLOCK)
    return data


def _pass_over_the_map(content: Content, header: bytes) -> None:
    """Pass over the blocks that say where the holes of a GNU sparse file are; only what is stored is read."""
    more = header[482:483]
    while more not in (b"\0", b""):
        more = content.exactly(_BLOCK)[504:505]


def _name_of(header: bytes) -> bytes:
    name = header[:100].partition(b"\0")[0]
    prefix = header[345:500].partition(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _is_tar(head: bytes) -> bool:
    try:
        return len(head) == _BLOCK and _is_header(head)
    except DamagedError:
        return False


FORMAT = Format("tar", _members, is_like=_is_tar)
