"""Private keys of cryptocurrencies: Base58Check, the order of the curve, a public key that must fit."""

from __future__ import annotations

from hashlib import sha512

from keytrace.checks.verdict import Verdict
from keytrace.scoring.checksummed import base58check, bech32, crc16_base32, unbase58

_WIF_NETWORKS = {0x80: "Bitcoin", 0xEF: "the Bitcoin test network"}
_SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_SMALL = 1 << 64  # nobody's random key is as small
_STELLAR_SEED = 18 << 3


def bitcoin_wif_key(value: bytes) -> Verdict:
    """Find a network byte, 32 bytes and, for a compressed public key, 0x01: en.bitcoin.it/wiki/Wallet_import_format."""
    content = base58check(value)
    if content is None:
        return Verdict(False, "its Base58 checksum fails: not a genuine key, or altered")
    network = _WIF_NETWORKS.get(content[0])
    if not network or not (len(content) == 33 or (len(content) == 34 and content[33] == 1)):
        return Verdict(False, "not a private key in Wallet Import Format, though its checksum holds")
    return Verdict(True, f"its Base58 checksum holds; a private key for {network}")


def extended_private_key(value: bytes) -> Verdict:
    """78 bytes with a checksum, a zero byte before the key of 32: BIP 32, serialization format."""
    content = base58check(value)
    if content is None:
        return Verdict(False, "its Base58 checksum fails: not a genuine key, or altered")
    if len(content) != 78 or content[45]:
        return Verdict(False, "not an extended private key, though its checksum holds")
    if not content[4]:
        return Verdict(True, "its Base58 checksum holds; the master key of a whole wallet")
    return Verdict(True, f"its Base58 checksum holds; a key of depth {content[4]} and all below it")


def secp256k1_key(value: bytes) -> Verdict:
    """Find a number below the order of the curve (SEC 2, 2.4.1), as Bitcoin and Ethereum use it."""
    try:
        number = int(value.removeprefix(b"0x"), 16)
    except ValueError:
        return Verdict(False, "not a private key: it is no number in hexadecimal digits")
    if number >= _SECP256K1_ORDER:
        return Verdict(False, "not a private key: it is beyond the order of the curve secp256k1")
    return Verdict(False, "no private key of anybody: too small a number") if number < _SMALL else Verdict(None)


def stellar_secret_seed(value: bytes) -> Verdict:
    """Base32 of a version byte, 32 bytes and a CRC16 (XMODEM, low byte first): SEP 23."""
    content = crc16_base32(value)
    if content is None:
        return Verdict(False, "its CRC16 checksum fails: not a genuine seed, or altered")
    if len(content) != 33 or content[0] != _STELLAR_SEED:
        return Verdict(False, "not a Stellar seed, though its checksum holds")
    return Verdict(True, "the CRC16 checksum at its end holds")


def ripple_seed(value: bytes) -> Verdict:
    """16 bytes behind the kind of key, in the Base58 of the XRP Ledger: xrpl.org, base58 encodings."""
    content = base58check(value, ripple=True)
    if content is None:
        return Verdict(False, "its Base58 checksum fails: not a genuine seed, or altered")
    if content[:1] == b"\x21" and len(content) == 17:
        return Verdict(True, "its Base58 checksum holds; a seed for secp256k1")
    if content[:3] == b"\x01\xe1\x4b" and len(content) == 19:
        return Verdict(True, "its Base58 checksum holds; a seed for Ed25519")
    return Verdict(False, "not a seed of the XRP Ledger, though its checksum holds")


def nostr_secret_key(value: bytes) -> Verdict:
    """32 bytes in Bech32: NIP 19."""
    parts = bech32(value)
    if parts is None:
        return Verdict(False, "its Bech32 checksum fails: not a genuine key, or altered")
    return Verdict(True, "its Bech32 checksum holds") if parts[0] == "nsec" and len(parts[1]) == 52 else Verdict(False)


def solana_key_pair(value: bytes) -> Verdict:
    """32 bytes of seed and the Ed25519 public key that belongs to it: solana.com/docs, Keypair."""
    raw = unbase58(value) or b""
    if len(raw) != 64:
        return Verdict(False, "not a Solana key pair: it does not decode to 64 bytes")
    if ed25519_public_key(raw[:32]) == raw[32:]:
        return Verdict(True, "its public key belongs to its private key")
    return Verdict(False, "its public key does not belong to its private key: made up, or altered")


# --- Ed25519 (RFC 8032, 5.1.5 and 5.1.4) ------------------------------------------------------------------------------

_PRIME = 2**255 - 19
_D2 = 2 * -121665 * pow(121666, -1, _PRIME) % _PRIME
_Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
_BASE_Y = 4 * pow(5, -1, _PRIME) % _PRIME
_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE: _Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _PRIME)


def _added(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % _PRIME
    c, d = one[3] * _D2 * other[3] % _PRIME, 2 * one[2] * other[2] % _PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME)


def ed25519_public_key(seed: bytes) -> bytes:
    digest = sha512(seed).digest()[:32]
    scalar = int.from_bytes(digest, "little") & ((1 << 254) - 8) | 1 << 254
    point: _Point = (0, 1, 1, 0)
    addend = _BASE
    while scalar:
        if scalar & 1:
            point = _added(point, addend)
        addend = _added(addend, addend)
        scalar >>= 1
    inverse = pow(point[2], -1, _PRIME)
    x, y = point[0] * inverse % _PRIME, point[1] * inverse % _PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")
