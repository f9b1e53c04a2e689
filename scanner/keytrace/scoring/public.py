"""Values that prove to be public: addresses and public keys that are told from secrets by their own checksum."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode

from keytrace.scoring.checksummed import base58check, bech32, crc16_base32, ethereum_address, unbase58

# Account and public-key kinds of Base32 with CRC16, by their first byte: github.com/nats-io/nkeys, SEP 23 of Stellar.
_BASE32_PUBLIC = frozenset(number << 3 for number in (0, 2, 6, 13, 14, 19, 20, 23))
_SHAPES = re.compile(
    rb"(?P<base32>[A-Z][A-Z2-7]{55})|(?P<ethereum>0x[0-9a-fA-F]{40})|(?P<p256>B[\w-]{86}=?)|(?P<ipfs>Qm[1-9A-HJ-NP-Za-km-z]{44})"
    rb"|(?P<bech32>[a-z_]{1,20}1[02-9ac-hj-np-z]{30,100})|(?P<base58>[1-9A-HJ-NP-Za-km-z]{26,36}|[x-zt-v]pub[1-9A-HJ-NP-Za-km-z]{107})"
)
_SECRET_PREFIX = re.compile(r"se[ck]|sk|priv|prv")  # of Bech32: nsec, age-secret-key-, ed25519_sk, suiprivkey
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1  # P-256: FIPS 186-4, D.1.2
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_SHA256 = b"\x12\x20"  # the multihash of IPFS


def proves_public(value: bytes) -> bool:
    """Tell whether `value` is a public key or an address: of a wallet, of NATS, of age, of content in IPFS."""
    found = _SHAPES.fullmatch(value)
    return found is not None and _TESTS[found.lastgroup or ""](value)


def _base32(value: bytes) -> bool:
    content = crc16_base32(value)
    return content is not None and len(content) == 33 and content[0] in _BASE32_PUBLIC


def _bech32(value: bytes) -> bool:
    parts = bech32(value)
    return parts is not None and not _SECRET_PREFIX.search(parts[0])


def _ipfs(value: bytes) -> bool:
    raw = unbase58(value) or b""
    return len(raw) == 34 and raw.startswith(_SHA256)


def _base58(value: bytes) -> bool:
    """Know an address by its 20 bytes of hash and one for the kind, an extended key by what it says itself."""
    content = base58check(value) or base58check(value, ripple=True) or b""
    return len(content) == 21 or (len(content) == 78 and content[45] in (2, 3))


def _p256(value: bytes) -> bool:
    """Tell whether 65 bytes are a point of the curve, as a key of web push is (RFC 8292)."""
    point = urlsafe_b64decode(value.rstrip(b"=") + b"=")
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    return point[0] == 4 and (x * x * x - 3 * x + _B - y * y) % _PRIME == 0


_TESTS = {
    "base32": _base32, "bech32": _bech32, "ipfs": _ipfs, "base58": _base58, "p256": _p256, "ethereum": ethereum_address,
}  # fmt: skip
