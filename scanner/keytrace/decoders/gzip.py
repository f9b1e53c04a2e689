"""Text that is compressed and in base64, as cloud-init (`gz+b64`), Helm and many a tool keep it, also wrapped."""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.decoders.runs import Alphabet
    from keytrace.decoders.stretch import Origins, Stretch

TRIGGERS = (r"H4sI[A-Za-z0-9+/_\-]{24}",)  # how gzip begins

_MAGIC = b"H4sI"
_MOST = 1024 * 1024  # bytes of text, and
_GROWTH = 64  # times the encoded size: what grows more is made to fill memory
_GZIP = 31  # the format, to zlib
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:
    from keytrace.decoders.runs import stretch_of  # here and below: most scans find nothing encoded

    done = 0
    for hit in hits:
        if hit > done:
            pieces = _alphabet().lines(data, _alphabet().piece(data, hit - 1, done), done)
            done = max(hit, pieces[-1][1])
            if found := stretch_of(data, pieces, _decode):
                yield found


@cache
def _alphabet() -> Alphabet:
    from keytrace.decoders.runs import Alphabet

    return Alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")


def _decode(text: bytes) -> Iterator[tuple[int, bytes, tuple[Origins, ...]]]:
    from keytrace.decoders.stretch import Origins, as_text

    start = text.find(_MAGIC)  # a path of the same letters may stand before it
    code = text[start:].rstrip(b"=").translate(_URL_SAFE)
    code = code[: len(code) - (len(code) % 4 == 1)]
    try:
        raw = zlib.decompressobj(_GZIP).decompress(
            binascii.a2b_base64(code + b"=" * (-len(code) % 4)), min(_MOST, _GROWTH * len(code))
        )
    except zlib.error:
        return
    found = as_text(raw) if raw else None
    if found:
        origins = Origins()
        origins.add(start, len(raw), len(text) - start)  # any byte of it may come from any of the code
        yield start, found[0], (*found[1], origins)
