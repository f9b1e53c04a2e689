"""JSON web keys: a private part that belongs to the public one, one that does not, and none."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

CHECK = CHECKS["json-web-key"]
FITS = Verdict(True, "its private part belongs to its public part")
WRONG = Verdict(False, "its private part does not belong to its public part: made up, or altered")


def b64(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")).rstrip(b"=").decode()


P, Q = 2**521 - 1, 2**607 - 1  # both prime
RSA = {"kty": "RSA", "n": b64(P * Q), "e": "AQAB", "d": b64(pow(65537, -1, (P - 1) * (Q - 1)))}
# Private keys that nobody has: the number two, and its multiple of the base point (SEC 2; NIST's vectors for P-256).
TWO = {
    "P-256": (
        0x7CF27B188D034F7E8A52380304B51AC3C08969E277F21B35A60B48FC47669978,
        0x07775510DB8ED040293D9AC69F7430DBBA7DADE63CE982299E04B79D227873D1,
    ),
    "secp256k1": (
        0xC6047F9441ED7D6D3045406E95C07CD85C778E4B8CEF3CA7ABAC09B95C709EE5,
        0x1AE168FEA63DC339A3C58419466CEAEEF7F632653266D0E1236431A950CFE52A,
    ),
}


@pytest.mark.parametrize(
    "key", [RSA, *({"kty": "EC", "crv": c, "x": b64(x), "y": b64(y), "d": "Ag"} for c, (x, y) in TWO.items())]
)
def test_the_private_part_belongs_to_the_public_one(key: dict[str, str]) -> None:
    assert CHECK(json.dumps(key).encode()) == FITS
    assert CHECK(json.dumps(json.dumps(key)).encode()) == FITS  # JSON in a string
    assert CHECK(str(key).encode()) == FITS
    assert CHECK(json.dumps({**key, "d": "Aw"}).encode()) == WRONG


def test_edwards_curves() -> None:
    published = {"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuws" + "xERJxWl7MmkZcDusAxyuf2A"}
    assert CHECK(json.dumps(published).encode()) == Verdict(False, "the sample key of RFC 8037")
    other = {"kty": "OKP", "crv": "Ed25519", "d": b64(2**255 + 1), "x": b64(2**250 + 1)}
    assert CHECK(json.dumps(other).encode()) == WRONG
    assert CHECK(json.dumps({**other, "crv": "X448"}).encode()) == Verdict(None, "a private JSON web key")


def test_symmetric_keys() -> None:
    assert CHECK(b'{"kty":"oct","k":"' + b"qZ" * 16 + b'"}') == Verdict(None, "a symmetric JSON web key of 192 bits")
    assert CHECK(b'{"kty":"oct","k":"c2hvcnQ"}').holds is False
    assert CHECK(b'{"kty":"oct","k":"GawgguF' + b'yGrWKav7AX4VKUg"}') == Verdict(False, "the sample key of RFC 7517")


def test_what_is_no_key() -> None:
    assert CHECK(b"") == CHECK(b'{"kty":"RSA","d":"..."}') == Verdict(False, "no private key: its d does not decode")
    assert CHECK(b'{"kty":"RSA","d":"Ag","n":"Ag","e":"AQAB"}') == Verdict(None, "a private JSON web key")
