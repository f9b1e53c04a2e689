"""When a key expires, where it tells so itself: a JSON Web Token in its claims, a certificate in its dates."""

from __future__ import annotations

import re
from base64 import b64decode

from keytrace.checks.verdict import json_object, moment, unbase64

_JWT = re.compile(rb"\bey[A-Za-z0-9_-]+\.(ey[A-Za-z0-9_-]+)\.")
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END")
_TIMES = re.compile(rb"\x17\x0d(\d{12})Z|\x18\x0f(\d{14})Z")  # UTCTime and GeneralizedTime of DER


def expires(value: bytes) -> str:
    """Return the day on which a key expires, empty where that is not known."""
    if found := _JWT.search(value):
        return _of_claims(found[1])
    return _of_certificate(found[1]) if (found := _CERTIFICATE.search(value)) else ""


def _of_claims(part: bytes) -> str:
    until = moment((json_object(unbase64(part)) or {}).get("exp"))
    return until.date().isoformat() if until is not None else ""


def _of_certificate(text: bytes) -> str:
    try:
        der = b64decode(b"".join(text.split()), validate=True)
    except ValueError:
        return ""
    times = [one[0] or one[1] for one in _TIMES.findall(der)]
    if len(times) < 2:
        return ""
    until = times[1].decode()
    if len(until) == 12:
        until = ("19" if until >= "50" else "20") + until
    return f"{until[:4]}-{until[4:6]}-{until[6:8]}"
