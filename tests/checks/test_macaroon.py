"""PyPI tokens: macaroons built field by field."""

from __future__ import annotations

import json
import random
from base64 import urlsafe_b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

SIGNATURE = random.Random(0).randbytes(32)
FUTURE, PAST = 4_102_444_800, 1_000_000_000
UNREADABLE = Verdict(False, "not a PyPI token: it does not decode as a macaroon")
FOREIGN = Verdict(False, "not a PyPI token: its macaroon is not one of PyPI")


def field(kind: int, content: bytes) -> bytes:
    size = len(content)
    return bytes([kind, size] if size < 128 else [kind, size & 127 | 128, size >> 7]) + content


def macaroon(*caveats: object, location: bytes = b"pypi.org", signature: bytes = SIGNATURE) -> bytes:
    parts = b"\x02" + field(1, location) + field(2, b"d0c1c8f4-6b1f-4f0e-8d1c-1f2e3d4c5b6a") + b"\0"
    for caveat in caveats:
        parts += field(2, json.dumps(caveat).encode()) + b"\0"
    return parts + b"\0" + field(6, signature)


def check(raw: bytes) -> Verdict:
    return CHECKS["pypi-token"](b"pypi-" + urlsafe_b64encode(raw).rstrip(b"="))


@pytest.mark.parametrize(
    ("caveats", "limits"),
    [
        ([], "for all projects of its user"),
        ([[3, "user-id"]], "for all projects of its user"),
        ([{"version": 1, "permissions": "user"}], "for all projects of its user"),
        ([{"version": 1, "permissions": {"projects": ["acme"]}}], "for project acme"),
        ([[1, ["acme"]], [2, ["id"]], [3, "user-id"]], "for project acme"),
        ([[1, ["acme", "acme-core"]]], "for projects acme, acme-core"),
        ([[1, ["a"] * 40]], "for certain projects"),
        ([[1, ["a\x1b[31m"]]], "for certain projects"),
        ([[2, ["id"]]], "for certain projects"),
        ([[0, FUTURE, PAST], [4, "id", ["acme"]]], "until 2100-01-01, for a trusted publisher"),
        ([None, "x", [], {}, [0, "soon"]], "for all projects of its user"),
    ],
)
def test_what_a_token_is_for(caveats: list[object], limits: str) -> None:
    assert check(macaroon(*caveats)) == Verdict(True, f"a macaroon of PyPI, {limits}")
    test = macaroon(*caveats, location=b"test.pypi.org")
    assert check(test) == Verdict(True, f"a macaroon of TestPyPI, {limits}")


def test_the_marker_that_every_token_has() -> None:
    token = b"pypi-" + urlsafe_b64encode(macaroon())
    assert token.startswith(b"pypi-" + b"AgEIcHlwaS5vcmc")


def test_a_token_that_expired_stays_open() -> None:
    assert check(macaroon([0, PAST, 1])) == Verdict(None, "a macaroon of PyPI that expired on 2001-09-09", expired=True)


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (macaroon()[:-1], UNREADABLE),
        (macaroon()[:-34], UNREADABLE),
        (b"", UNREADABLE),
        (b"\x02" + b"\xff" * 40, UNREADABLE),
        (macaroon() + b"\0", FOREIGN),
        (macaroon(signature=SIGNATURE[:31]), FOREIGN),
        (macaroon(location=b"acme.dev"), FOREIGN),
        (b"\x01" + macaroon()[1:], FOREIGN),
    ],
)
def test_what_is_no_token(raw: bytes, verdict: Verdict) -> None:
    assert check(raw) == verdict
