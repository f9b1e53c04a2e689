"""Parameters of links that are no secrets: made to be shown or handed out, ids of pages, of what has expired."""

from __future__ import annotations

import re
import time

from keytrace.names.lexicon import Strength, judge
from keytrace.scoring.binding import Binding
from keytrace.scoring.value import UUID

_ADDRESS_TO = re.compile(rb"https?://[^\s\"'<>()]{1,580}[?&;]\Z")
_BADGE = re.compile(
    rb"https?://img\.shields\.io/|(?:[^\s\"'<>()]{0,200}[?&])?style=(?:svg|flat|plastic|social|for-the-badge)|\bbadges?[./?]"
)
_TO_JOIN = re.compile(rb"(?:[^\s\"'<>()]{0,200}[?&;])?(?:group_code|invite(?:_?code)?)=")
_UNTIL = re.compile(rb"[?&;](?:e|exp|expires?|expiry|deadline)=(1[0-9]{9})\b", re.IGNORECASE)


def in_a_link(data: bytes, binding: Binding) -> str:
    """Return why a parameter of an address is no secret, or an empty string."""
    if binding.form != "url" and not data.endswith(b"&amp;", 0, binding.start):
        return ""
    address = _ADDRESS_TO.search(data, max(0, binding.start - 600), binding.start)
    if address is None:
        return ""
    if _BADGE.search(address[0]) or _BADGE.match(data, binding.last):
        return "the token of a badge, which is made to be shown"
    if _TO_JOIN.search(address[0]) or _TO_JOIN.match(data, binding.last):
        return "the link is made to be handed out: whoever follows it joins a group"
    name = judge(binding.name)
    if name.strength is Strength.WEAK and not name.alone and UUID.fullmatch(binding.value):
        return "the key says which page of a site is meant"
    until = _UNTIL.search(address[0] + data[binding.last : binding.last + 200].split(b"\n")[0])
    return "the link says that it has expired" if until and int(until[1]) < time.time() else ""
