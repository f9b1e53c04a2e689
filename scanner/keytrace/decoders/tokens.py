"""Text in which single characters are encoded: what percent-encoding, escapes, entities and quoted-printable share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keytrace.decoders.stretch import Stretch

GAP = 24  # bytes between two encoded characters that are near each other; Hyperscan takes no more exactly
_WORD = 512  # bytes
LEAST = 3  # encoded characters near each other

Decode = Callable[[re.Match[bytes]], bytes | None]  # None: what looked like an encoded character is none


def near(token: str, gap: int = GAP) -> str:
    """Return the trigger for so many of `token` near each other."""
    return f"(?:{token}.{{0,{gap}}}){{{LEAST - 1}}}{token}"


class Cluster:
    """Encoded characters near each other, as they come."""

    def __init__(self, start: int) -> None:
        from keytrace.decoders.stretch import Origins  # most scans find nothing encoded

        self.start = self.end = start
        self.counted = 0  # of the encoded characters, those that could stand in a key
        self._decoded: list[bytes] = []
        self._pieces: list[bytes] = []
        self._origins = Origins()

    def add(self, data: bytes, token: re.Match[bytes], decoded: bytes, counts: bool) -> None:
        start, end = token.span()
        self._pieces += (data[self.end : start], decoded)
        self._origins.add(self.end, 1, 1, start - self.end)
        self._origins.add(start, len(decoded), end - start)
        self._decoded.append(decoded)
        self.counted += counts
        self.end = end

    def stretch(self) -> Stretch | None:
        """Return the cluster decoded, or None when its encoded characters are no text."""
        from keytrace.decoders.stretch import Stretch, is_text

        text = b"".join(self._pieces)
        if not text or not is_text(b"".join(self._decoded)):
            return None
        return Stretch(self.start, self.end, text, (self._origins,))


def clusters(data: bytes, token: bytes, decode: Decode, *, gap: int = GAP, lead: int = 0) -> Iterator[Cluster]:
    """Yield every cluster of the regex `token`, with up to `lead` bytes before it. Printable characters count."""
    cluster: Cluster | None = None
    for found in re.compile(token).finditer(data):  # cached by re
        decoded = decode(found)
        if decoded is None:
            continue
        if cluster is None or not _near(data, cluster.end, found.start(), gap):
            if cluster is not None:
                yield cluster
            cluster = Cluster(max(found.start() - lead, cluster.end if cluster else 0))
        cluster.add(data, found, decoded, len(decoded) == 1 and b" " <= decoded <= b"~")
    if cluster is not None:
        yield cluster


def _near(data: bytes, end: int, start: int, gap: int) -> bool:
    """Tell whether two encoded characters are near each other, or in one word: of a long key, all are decoded."""
    between = start - end
    return between <= gap or (between <= _WORD and re.search(rb"[\s\"'<>]", data[end:start]) is None)


def stretches(data: bytes, token: bytes, decode: Decode) -> Iterator[Stretch]:
    """Yield the clusters of at least three encoded characters."""
    for cluster in clusters(data, token, decode):
        if cluster.counted >= LEAST and (stretch := cluster.stretch()):
            yield stretch
