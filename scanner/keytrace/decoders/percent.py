"""Percent-encoding, as in URLs and forms: %41."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.decoders import tokens

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

TRIGGERS = (tokens.near("%[2-7][0-9A-Fa-f]"),)

TOKEN = rb"%([0-9A-Fa-f]{2})"


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:  # noqa: ARG001
    return tokens.stretches(data, TOKEN, decode)


def decode(token: re.Match[bytes]) -> bytes:
    """Return the byte that a token stands for."""
    return bytes.fromhex(token[1].decode())
