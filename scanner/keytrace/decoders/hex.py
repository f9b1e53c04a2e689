"""Text written in hexadecimal digits, two for each byte, also wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.decoders.runs import Alphabet
    from keytrace.decoders.stretch import Origins, Stretch

TRIGGERS = (r"(?:[2-7][0-9A-Fa-f](?:00)?){16}",)  # the bytes of ASCII text, in UTF-16 with a NUL behind each

_CORE = rb"(?:[2-7][0-9A-Fa-f](?:00)?){4}(?:[2-7][0-9A-Fa-f]|0[09adAD])*+"
_LOOKED_AT = 65_536  # digits of a run in which it is looked for where it starts


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:
    from keytrace.decoders.runs import stretches  # here and below: most scans find nothing encoded

    return stretches(data, hits, _alphabet(), _decode)


@cache
def _alphabet() -> Alphabet:
    from keytrace.decoders.runs import Alphabet

    return Alphabet(b"0123456789abcdefABCDEF")


def _decode(text: bytes) -> Iterator[tuple[int, bytes, tuple[Origins, ...]]]:
    from keytrace.decoders.stretch import Origins, as_text

    digits = text.rstrip(b"=")
    cores = [core.span() for core in re.compile(_CORE).finditer(digits, 0, _LOOKED_AT)]
    longest = max(cores, key=lambda core: core[1] - core[0], default=(0, 0))[0]
    for start in (longest % 2, longest):
        size = (len(digits) - start) & ~1
        found = as_text(bytes.fromhex(digits[start : start + size].decode()))
        if found:
            origins = Origins()
            origins.add(start, 1, 2, size // 2)
            yield start, found[0], (*found[1], origins)
            return
