"""Standard input that brings messages of any size, of which none that is too large is held."""

from __future__ import annotations

import json
import re
from typing import BinaryIO

LIMIT = 2**25  # bytes of a message
TOO_LARGE = "$/keytrace/tooLarge"  # the message in the place of one that was not read
_HEADER = 2**12  # bytes of a line of a header
_PIECE = 2**20
_URI = re.compile(rb'"uri"\s*:\s*("(?:[^"\\]|\\.){1,4000}")')
_ID = re.compile(rb'"id"\s*:\s*(\d{1,18}|"[\w-]{1,100}")')


class BoundedInput:
    """What pygls reads from: lines of headers, and bodies of which those past `limit` are passed over."""

    def __init__(self, stream: BinaryIO, limit: int = LIMIT) -> None:
        self._stream, self._limit = stream, limit
        self.is_used = False  # something came

    def readline(self) -> bytes:
        """Return a line; of one that never ends, pieces, none of which is a header."""
        line = self._stream.readline(_HEADER)
        self.is_used = self.is_used or bool(line)
        return line

    def read(self, size: int) -> bytes:
        """Return a body, or in the place of one that is too large what says so."""
        if size <= self._limit:
            return self._stream.read(size)
        start = self._stream.read(min(size, _PIECE))
        left = size - len(start)
        while left > 0 and (piece := self._stream.read(min(left, _PIECE))):
            left -= len(piece)
        if left:
            return b""  # it ended before its time
        uri, request = _URI.search(start), _ID.search(start[:500])
        told = {
            "uri": json.loads(uri[1]) if uri else "",
            "size": size,
            "id": json.loads(request[1]) if request else None,
        }
        return json.dumps({"jsonrpc": "2.0", "method": TOO_LARGE, "params": told}).encode()
