"""What a check answers, and the decoding that checks share; nothing here raises on hostile bytes."""

from __future__ import annotations

import binascii
import json
import math
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

_PLAIN = re.compile(r"[\w@:/. -]{1,80}", re.ASCII)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_MILLISECONDS = 1e11  # a larger time stamp counts milliseconds, as seconds it would lie past the year 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`holds` is True (the value is genuine), False (it cannot be), or None (nothing can be said); `note` says why.

    What is `expired` opens nothing any more, and is less bad than its rule says.
    """

    holds: bool | None
    note: str = ""
    expired: bool = False


def unbase64(text: bytes) -> bytes | None:
    """Decode either alphabet, padded or not; None when it is not base64."""
    body = text.rstrip(b"=").translate(_URL_SAFE)
    try:
        return binascii.a2b_base64(body + b"=" * (-len(body) % 4), strict_mode=True)
    except ValueError:
        return None


def json_object(data: bytes | None) -> dict[str, object] | None:
    """Return the JSON object in `data`, or None."""
    if data is None:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def plain(text: object) -> str:
    """Return a name that is safe to show on one line, else an empty string."""
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else ""


def moment(stamp: object) -> datetime | None:
    """Return the time that a number of seconds or milliseconds since 1970 stands for."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float) or not math.isfinite(stamp) or stamp <= 0:
        return None
    seconds = stamp / 1000 if stamp > _MILLISECONDS else stamp
    return datetime.fromtimestamp(seconds, UTC) if seconds < _MILLISECONDS else None


def is_past(time_of: datetime) -> bool:
    return time_of.timestamp() < time.time()
