"""Base32 of text, padded or not, also wrapped; a random secret in base32, as of one-time codes, is no text."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.decoders.runs import Alphabet
    from keytrace.decoders.stretch import Origins, Stretch

# Five bytes of ASCII text make eight characters, of which five cannot be any.
_ASCII = "[BE-P][ABEFIJMNQRUVYZ45][A-Z2-7][AC-HQS-X][ACEGIKMOQSUWY246][CDI-Z2-7][A-DI-LQ-TY-Z23][A-Z2-7]"
TRIGGERS = (f"(?:{_ASCII}){{3}}",)

_CORE = re.compile(f"(?:{_ASCII}){{3}}".encode())
_LOOKED_AT = 65_536  # characters of a run in which its phase is looked for
_SIZES = (0, 2, 4, 5, 7)  # characters of a last group


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:
    from keytrace.decoders.runs import stretches  # here and below: most scans find nothing encoded

    return stretches(data, hits, _alphabet(), _decode)


@cache
def _alphabet() -> Alphabet:
    from keytrace.decoders.runs import Alphabet

    return Alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def _decode(text: bytes) -> Iterator[tuple[int, bytes, tuple[Origins, ...]]]:
    from keytrace.decoders.stretch import Origins, as_text

    body = text.rstrip(b"=")
    core = _CORE.search(body, 0, _LOOKED_AT)
    for start in dict.fromkeys((core.start() % 8, core.start())) if core else ():
        size = len(body) - start
        while size % 8 not in _SIZES:
            size -= 1
        code = body[start : start + size]
        raw = base64.b32decode(code + b"=" * (-size % 8))
        if found := as_text(raw):
            origins = Origins()
            groups, rest = divmod(len(raw), 5)
            origins.add(start, 5, 8, groups)
            origins.add(start + 8 * groups, rest, size - 8 * groups)
            yield start, found[0], (*found[1], origins)
            return
