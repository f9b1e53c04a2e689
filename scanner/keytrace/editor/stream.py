"""Standard input that brings messages of any size, of which none that is too large is held."""

from __future__ import annotations

import json
import re
from typing import BinaryIO

LIMIT = 2**25  # bytes of a message
TOO_LARGE = "$/keytrace/tooLarge"  # the message in the place of one that was not read
_HEADER = 2**12  # bytes of a line of a header
_PIECE = 2**20
_LENGTH = re.compile(rb"Content-Length: \d+\r\n")  # as pygls reads it
_URI = re.compile(rb'"uri"\s*:\s*("(?:[^"\\]|\\.){1,4000}")')
_ID = re.compile(rb'"id"\s*:\s*(\d{1,18}|"[\w-]{1,100}")')


class BoundedInput:
    """What pygls reads from: lines of headers, and bodies of which those past `limit` are passed over."""

    def __init__(self, stream: BinaryIO, limit: int = LIMIT) -> None:
        self._stream, self._limit = stream, limit
        self.is_used = False  # something came
        self.is_broken = False  # a message came of which nobody can tell where it ends
        self._is_begun = self._is_measured = False  # lines of a header came; one was that of the length

    def readline(self) -> bytes:
        """Return a line; of one that never ends, pieces, none of which is a header. What stands behind a header
        without a length is as good as the end: no message after it would be understood.
        """
        line = self._stream.readline(_HEADER)
        self.is_used = self.is_used or bool(line)
        if line.strip():
            self._is_begun = True
            self._is_measured = self._is_measured or _LENGTH.fullmatch(line) is not None
        elif line:
            self.is_broken = self._is_begun and not self._is_measured
            self._is_begun = self._is_measured = False
        return b"" if self.is_broken else line

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
