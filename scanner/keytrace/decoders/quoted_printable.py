"""Quoted-printable, as in mail: =3D, and lines that go on behind a = at their end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.decoders import tokens

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

_HEADER_WORDS = "quoted-printable"
# `x=20` stands in every program; an encoded `=` twice, or three in a row, does not.
_SURE = "=3D(?s:.{0,24}){3}=3D|(?:=[2-7][0-9A-F]){3}"
TRIGGERS = (f"{_SURE}|(?i:{_HEADER_WORDS})",)

_LINE = 100  # bytes; the lines of mail are shorter
_TOKEN = rb"=(?:([0-9A-F]{2})|[ \t]{0,4}\r?\n)"
_HEADER = rb"(?i)content-transfer-encoding:[ \t]*quoted-printable"


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:  # noqa: ARG001
    header = re.search(_HEADER, data)
    for cluster in tokens.clusters(data, _TOKEN, _decode, gap=_LINE, lead=1):  # a line end alone decodes to nothing
        declared = header is not None and cluster.start >= header.end()
        if declared or re.compile(_SURE.encode()).search(data, cluster.start, cluster.end):
            stretch = cluster.stretch()
            if stretch:
                yield stretch


def _decode(token: re.Match[bytes]) -> bytes:
    return bytes.fromhex(token[1].decode()) if token[1] else b""
