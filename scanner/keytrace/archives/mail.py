"""Mail: the archives that are attached to it in base64. Its text, and attached text, are scanned where they stand."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from io import BytesIO

from keytrace.archives import HEAD, format_of
from keytrace.archives.content import Content, Format, Left, Member
from keytrace.model import Reason
from keytrace.text.encoding import is_compressed

_ENCODED = re.compile(rb"(?im)^content-transfer-encoding:[ \t]*base64\b")
_NAME = re.compile(rb'(?i)name="?([^"\r\n;]{1,200})')
_HEADERS = 2**14  # bytes of the headers of a part
_BLANK = re.compile(rb"\r?\n\r?\n")
_BODY = re.compile(rb"[A-Za-z0-9+/\s]*")  # the line that ends a part begins with a hyphen


def holds_archive(raw: bytes) -> bool:
    """Tell whether something is a mail with an archive, or a file that is compressed, attached to it."""
    return next(_attached(raw), None) is not None


def _members(content: Content, _name: str) -> Iterator[Member | Left]:
    for name, body in _attached(content.whole()):
        data = _decoded(body)
        if format_of(data):
            yield Member(name, Content(BytesIO(data).read, content.budget, charged=True))
        else:
            yield Left(name, Reason.COMPRESSED)


def _attached(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the base64 of each part that unpacks to something."""
    if b"content-transfer-encoding" not in raw.lower():  # four times as fast as the regex, which minds no case
        return
    done = number = 0
    for found in _ENCODED.finditer(raw):
        blank = _BLANK.search(raw, found.end(), found.end() + _HEADERS) if found.start() >= done else None
        if blank is None:
            continue
        body = _BODY.match(raw, blank.end())
        assert body
        headers = raw[max(done, raw.rfind(b"\n--", done, found.start()), found.start() - _HEADERS) : blank.start()]
        done = body.end()
        number += 1
        head = _decoded(body[0][: 2 * HEAD])
        if is_compressed(head) or format_of(head):
            name = _NAME.search(headers)
            yield name[1].decode("utf-8", "replace") if name else f"attachment {number}", body[0]


def _decoded(body: bytes) -> bytes:
    code = b"".join(body.split())
    size = len(code) - (len(code) % 4 == 1)
    return binascii.a2b_base64(code[:size] + b"=" * (-size % 4))


FORMAT = Format("mail", _members)
