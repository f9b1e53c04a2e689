"""What programs read of Rails' credentials, which are a file that is encrypted as a whole, its names too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keytrace.lifecycle.key import Holds, Mention, Role

FORM = "rails-credentials"
_READ = re.compile(rb"\bcredentials(?P<path>(?:[ \t]*(?:&?\.\w+[!?]?|\[:\w+\]|\((?:[ \t]*:\w+[ \t]*,?)+\)))+)")
_PART = re.compile(rb"\w+")
_METHODS = (b"dig", b"fetch")


def reads(data: bytes) -> Iterator[Mention]:
    """Yield each name, with the names of what it is in: stripe.secret_key."""
    for found in _READ.finditer(data):
        parts = [part for part in _PART.findall(found["path"]) if part not in _METHODS]
        if parts:
            line = data.count(b"\n", 0, found.start()) + 1
            yield Mention(Role.READ, b".".join(parts).decode(), line, FORM, holds=Holds.NAME)
