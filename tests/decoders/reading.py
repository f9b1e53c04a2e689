"""How the tests of decoders ask one of them, and with both ways to search."""

from __future__ import annotations

import base64

from keytrace.decoders import DECODERS, OWNERS, TRIGGERS
from keytrace.decoders.stretch import Stretch
from keytrace.match.multipattern import build_index

FAST, SLOW = build_index(TRIGGERS), build_index(TRIGGERS, hyperscan=False)
TEXT = "The quick brown fox: jumps_over=the+lazy/dog?"


def stretches(name: str, data: bytes, *, hyperscan: bool = True) -> list[Stretch]:
    hits = (FAST if hyperscan else SLOW).scan(data)
    ends = sorted({end for number, of_one in hits.items() if OWNERS[number] == name for end in of_one})
    return list(DECODERS[name].find(data, ends)) if ends else []


def decoded(name: str, text: str | bytes) -> list[bytes]:
    data = text.encode() if isinstance(text, str) else text
    found = stretches(name, data)
    assert found == stretches(name, data, hyperscan=False) or [s.data for s in found] == [
        s.data for s in stretches(name, data, hyperscan=False)
    ]
    return [stretch.data for stretch in found]


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()
