"""Addresses without the user and the password that they may hold."""

from __future__ import annotations

import re

# The last @ ends them, for a password may hold one or a slash; as ssh takes an address, they stand before its path.
_USER = re.compile(r"(?s)^(?:(?P<scheme>[A-Za-z][\w+.-]*://).*|[^/]*)@")


def without_user(address: str) -> str:
    return _USER.sub(lambda found: found["scheme"] or "", address)
