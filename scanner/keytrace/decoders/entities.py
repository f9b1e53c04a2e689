"""HTML and XML entities: &#65;, &#x41;, &quot;."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.decoders import tokens

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

TRIGGERS = (tokens.near("&(?:#0{0,4}[0-9]{2,3}|#[xX]0{0,4}[2-7][0-9A-Fa-f]|[A-Za-z]{2,8});"),)

TOKEN = rb"&(?:#(?P<decimal>[0-9]{1,7})|#[xX](?P<hex>[0-9A-Fa-f]{1,6})|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:  # noqa: ARG001
    return tokens.stretches(data, TOKEN, decode)


def decode(token: re.Match[bytes]) -> bytes | None:
    """Return the character of an entity, None when there is none of that name."""
    if name := token["name"]:
        from html.entities import html5  # some milliseconds: only when there is an entity

        text = html5.get(name.decode() + ";")
        return text.encode() if text else None
    code = int(token["decimal"]) if token["decimal"] else int(token["hex"], 16)
    return chr(code).encode("utf-8", "replace") if code <= 0x10FFFF else None
