"""The encodings a secret may hide in. A new one is one file here and one line in `DECODERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keytrace.decoders import base32, base64, entities, escapes, gzip, hex, markup, percent, quoted_printable  # noqa: A004
from keytrace.match.multipattern import Trigger

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch


@dataclass(frozen=True, slots=True)
class Decoder:
    """Where one of the triggers fired, `find` yields the encoded stretches: in order, apart, and only if they are text.

    It gets the document's bytes and the ends of the triggers' matches, ascending.
    """

    triggers: tuple[str, ...]
    find: Callable[[bytes, Sequence[int]], Iterator[Stretch]]


DECODERS: dict[str, Decoder] = {  # by the name that reports have for the encoding
    "base64": Decoder(base64.TRIGGERS, base64.find),
    "gzip in base64": Decoder(gzip.TRIGGERS, gzip.find),
    "base32": Decoder(base32.TRIGGERS, base32.find),
    "hex": Decoder(hex.TRIGGERS, hex.find),
    "percent-encoding": Decoder(percent.TRIGGERS, percent.find),
    "escapes": Decoder(escapes.TRIGGERS, escapes.find),
    "HTML entities": Decoder(entities.TRIGGERS, entities.find),
    "quoted-printable": Decoder(quoted_printable.TRIGGERS, quoted_printable.find),
    "markup": Decoder(markup.TRIGGERS, markup.find),
}

TRIGGERS = tuple(Trigger(regex) for decoder in DECODERS.values() for regex in decoder.triggers)
OWNERS = tuple(name for name, decoder in DECODERS.items() for _ in decoder.triggers)  # of the triggers
