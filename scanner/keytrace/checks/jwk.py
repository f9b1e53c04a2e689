"""JSON Web Keys: private ones hold a number that belongs to the public part beside it."""

from __future__ import annotations

import re
from hashlib import sha256

from keytrace.checks.verdict import Verdict, unbase64
from keytrace.checks.wallet import ed25519_public_key

_FIELD = re.compile(rb"""(?<![\w-])(kty|crv|n|e|d|p|q|x|y|k)\\?["']?\s*:\s*\\?["']([\w+/=-]+)""")
_SMALLEST_SECRET = 14  # bytes, 112 bits: the least that NIST SP 800-107 lets a key of HMAC have
# Published keys, by SHA-256 so that this file holds none.
_SAMPLES = {
    "8b1b17a9740c068accab5c3d0d652c8e3cc13206e70bb73b42ea41d4c2de3c12": "RFC 7515",
    "0330b11998cbc9abd5a585e755cb5df2f73f1a5632fdcc2abb19e05e3eceddb9": "RFC 7520",
    "57afc11665beb68de7ccd6df1b38453be8682ac63bb8ccdf67cce63c2db9afd2": "RFC 7517",
    "a45404ae333dd955dcff82cf28972e0f81b1e673cb70e2fc2d7d0d4c42a893bc": "RFC 7517",
    "5ccf2edb4f070f0b180f1adadb1be7c568d04181e7938433c4503db2d2bf8b3e": "RFC 7515",
    "190edf59d5736c3b3ea6bb36d57f5eb415a9b79f3201b381b8f3cb089135981f": "RFC 8037",
}

# Curves y² = x³ + ax + b: the prime, a, and the base point (SEC 2; FIPS 186-4, D.1.2).
_CURVES = {
    b"P-256": (
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        -3,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
    b"P-384": (
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        -3,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
    b"secp256k1": (
        2**256 - 2**32 - 977,
        0,
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
    ),
}
_Point = tuple[int, int] | None  # None: the point at infinity


def json_web_key(value: bytes) -> Verdict:
    """Judge a key by its members: RFC 7517, RFC 7518 (6.2 to 6.4), RFC 8037."""
    fields = dict(_FIELD.findall(value))
    kind = fields.get(b"kty", b"")
    if name := _SAMPLES.get(sha256(fields.get(b"k" if kind == b"oct" else b"d", b"")).hexdigest()):
        return Verdict(False, f"the sample key of {name}")
    if kind == b"oct":
        return _symmetric(fields.get(b"k", b""))
    raw = {name: unbase64(text) or b"" for name, text in fields.items()}
    number = {name: int.from_bytes(content, "big") for name, content in raw.items()}
    secret = number.get(b"d", 0)
    if not secret:
        return Verdict(False, "no private key: its d does not decode")
    if kind == b"RSA":
        return _rsa(number, secret)
    curve = fields.get(b"crv", b"")
    if curve == b"Ed25519" and b"x" in raw:
        return _fits(len(raw[b"d"]) == 32 and ed25519_public_key(raw[b"d"]) == raw[b"x"])
    if curve in _CURVES and {b"x", b"y"} <= raw.keys():
        return _fits(_times(secret, curve) == (number[b"x"], number[b"y"]))
    return Verdict(None, "a private JSON web key")


def _symmetric(key: bytes) -> Verdict:
    size = len(unbase64(key) or b"")
    if size < _SMALLEST_SECRET:
        return Verdict(False, "no symmetric key: its k does not decode, or is too short for one")
    return Verdict(None, f"a symmetric JSON web key of {size * 8} bits")


def _rsa(number: dict[bytes, int], secret: int) -> Verdict:
    modulus, exponent = number.get(b"n", 0), number.get(b"e", 0)
    if modulus.bit_length() < 512 or not exponent or modulus.bit_length() > 8192:
        return Verdict(None, "a private JSON web key")
    return _fits(pow(pow(2, exponent, modulus), secret, modulus) == 2)


def _fits(holds: bool) -> Verdict:
    if holds:
        return Verdict(True, "its private part belongs to its public part")
    return Verdict(False, "its private part does not belong to its public part: made up, or altered")


def _times(scalar: int, curve: bytes) -> _Point:
    """Multiply the base point of a curve."""
    prime, a, x, y = _CURVES[curve]
    point: _Point = None
    addend: _Point = (x, y)
    for bit in range(min(scalar.bit_length(), prime.bit_length())):
        if scalar >> bit & 1:
            point = _added(point, addend, prime, a)
        addend = _added(addend, addend, prime, a)
    return point


def _added(one: _Point, other: _Point, prime: int, a: int) -> _Point:
    if one is None or other is None:
        return one or other
    if one[0] == other[0]:
        if (one[1] + other[1]) % prime == 0:
            return None
        slope = (3 * one[0] * one[0] + a) * pow(2 * one[1], -1, prime) % prime
    else:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, prime) % prime
    x = (slope * slope - one[0] - other[0]) % prime
    return x, (slope * (one[0] - x) - one[1]) % prime
