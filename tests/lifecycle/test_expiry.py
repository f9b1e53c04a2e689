"""When a key expires."""

from __future__ import annotations

import base64
import json

from keytrace.lifecycle.expiry import expires


def token(claims: object) -> bytes:
    parts = ({"alg": "HS256"}, claims)
    return b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts) + b".sig"


def test_tokens() -> None:
    assert expires(b"Bearer " + token({"exp": 1764547200})) == "2025-12-01"
    assert expires(token({"iat": 1})) == expires(token([])) == expires(b"ey.ey.") == expires(b"key") == ""
    assert expires(token({"exp": 1e30})) == ""


def test_certificates() -> None:
    der = b"\x30\x17\x0d" + b"250101000000Z" + b"\x17\x0d" + b"270301000000Z"
    pem = b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der) + b"\n-----END CERTIFICATE-----"
    assert expires(pem) == "2027-03-01"
    assert expires(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END") == ""
