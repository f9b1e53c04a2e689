"""Text that markup cuts in pieces: office programs keep a word as several runs where a part of it was edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from keytrace.decoders import tokens

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

TRIGGERS = ("</[wa]:t>|</t></r>|</text:span>",)

# From the end of a run to the beginning of the next one: no end of a paragraph, a cell or a line, no tab.
_TAG = rb"\s{0,80}<(?!/?(?:[wa]:)?(?:p|si|is|tab|br|cr|tc|tr)[ />])[^<>]{1,400}>"
_TOKEN = rb"</([wa]:)?t>(?:" + _TAG + rb"){1,60}?\s{0,80}<(?(1)\1)t(?: [^<>]{0,80})?>|</?text:span(?: [^<>]{0,200})?>"


def find(data: bytes, hits: Sequence[int]) -> Iterator[Stretch]:  # noqa: ARG001
    for cluster in tokens.clusters(data, _TOKEN, _decode, lead=1):
        if stretch := cluster.stretch():
            yield stretch


def _decode(_token: re.Match[bytes]) -> bytes:
    return b""
