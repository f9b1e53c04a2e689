"""Base64 of text: both alphabets, padded or not, also wrapped; of UTF-16 text, as PowerShell takes it, too."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.decoders.runs import Alphabet
    from keytrace.decoders.stretch import Origins, Stretch

# Three bytes of ASCII text make four characters, of which three cannot be any: that tells base64 of text from base64
# of anything else, from identifiers and from paths.
_1, _2, _3, _4 = "[CDI-Za-f]", "[AC-HQS-Xgi-nwyz0-3]", "[ABEFIJMNQRUVYZcdghklopstwx014589]", r"[A-Za-z0-9+/_\-]"
_ASCII = f"{_1}{_2}{_3}{_4}"
_UTF_16 = f"[I-Za-f][AQgw][AB]{_4}A[C-H][AEIMQUYcgkosw048]A"  # every second byte is NUL
_ASCII_3 = f"(?:{_ASCII}){{3}}"
TRIGGERS = (
    # At the start of a run, because everywhere it costs Hyperscan twice the time; and at the end, if that is padded:
    # text may start with other characters than ASCII.
    f"(?:^|[^A-Za-z0-9+]){_ASCII_3}{_1}{_2}[ABEFIJMNQRUVYZcdghklopstwx014589=]",
    f"{_ASCII_3}{_1}(?:[AQgw]==|{_2}[AEIMQUYcgkosw048]=)",
    f"(?:{_UTF_16}){{2}}",
)

_CORE = f"{_ASCII_3}(?:{_ASCII})*+|(?:{_UTF_16})++".encode()
_LOOKED_AT = 65_536  # characters of a run in which its phase is looked for
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:
    from keytrace.decoders.runs import stretches  # here and below: most scans find nothing encoded

    return stretches(data, hits, _alphabet(), _decode)


@cache
def _alphabet() -> Alphabet:
    from keytrace.decoders.runs import Alphabet

    return Alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-")


def _decode(text: bytes) -> Iterator[tuple[int, bytes, tuple[Origins, ...]]]:
    from keytrace.decoders.stretch import Origins, as_text

    body = text.rstrip(b"=")
    for start in _starts(body):
        size = len(body) - start
        size -= size % 4 == 1
        code = body[start : start + size].translate(_URL_SAFE)
        raw = binascii.a2b_base64(code + b"=" * (-size % 4))
        found = as_text(raw)
        if found:
            origins = Origins()
            groups, rest = divmod(len(raw), 3)
            origins.add(start, 3, 4, groups)
            if rest:
                padding = min(len(text) - len(body), 3 - rest)
                origins.add(start + 4 * groups, rest, rest + 1 + padding)
            yield start, found[0], (*found[1], origins)
            return


def _starts(body: bytes) -> Iterator[int]:
    """Yield where the encoding may start: something else of the same letters, as of a path, may stand before it."""
    cores = list(re.compile(_CORE).finditer(body, 0, _LOOKED_AT))
    if not cores:
        yield 0
        return
    phase = max(cores, key=lambda core: core.end() - core.start()).start() % 4
    yield phase
    first = next(core.start() for core in cores if core.start() % 4 == phase)
    if first != phase:
        yield first
