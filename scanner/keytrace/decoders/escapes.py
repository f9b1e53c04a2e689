r"""Escapes of string literals: \u0041, \u{41}, \U00000041, \x41, \101, and \/ as in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.decoders import tokens

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

_HEX = "[0-9A-Fa-f]"
_NUMBER = (
    rf"u(?:\{{0{{0,4}}[2-7]{_HEX}\}}|00[2-7]{_HEX})|U000000[2-7]{_HEX}|x(?:\{{0{{0,4}}[2-7]{_HEX}\}}|[2-7]{_HEX})"
    r"|0[4-7][0-7]|1[0-7][0-7]"
)
TRIGGERS = (tokens.near(rf"\\(?:{_NUMBER}|/)"),)

TOKEN = (
    rb"\\(?:u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    rb"|(?:u\{|x\{)(?P<braced>[0-9A-Fa-f]{1,8})\}|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})"
    rb"|x(?P<byte>[0-9A-Fa-f]{2})|(?P<octal>[0-3][0-7]{2})|(?P<slashes>\\(?=\\*+[uUx/0-7]))|(?P<char>[^\w\s]|[nrtbf]))"
)
_NUMBER_LENGTH = 9  # the number of an escape whose backslash is escaped is not a part of the cluster
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:  # noqa: ARG001
    trigger = re.compile(TRIGGERS[0].encode())
    for cluster in tokens.clusters(data, TOKEN, decode):
        if cluster.counted >= tokens.LEAST and trigger.search(data, cluster.start, cluster.end + _NUMBER_LENGTH):
            stretch = cluster.stretch()
            if stretch:
                yield stretch


def decode(token: re.Match[bytes]) -> bytes | None:
    """Return what an escape stands for, None when it is none."""
    if char := token["char"]:
        return _NAMED.get(char, char)
    if token["slashes"]:
        return b"\\"
    if token["high"]:
        return chr(0x10000 + (int(token["high"], 16) - 0xD800) * 0x400 + int(token["low"], 16) - 0xDC00).encode()
    if token["byte"]:
        return bytes.fromhex(token["byte"].decode())
    if token["octal"]:
        return bytes((int(token["octal"], 8),))
    code = int(token["braced"] or token["four"] or token["eight"], 16)
    return chr(code).encode("utf-8", "replace") if code <= 0x10FFFF else None
