"""Values that prove to be public: addresses and public keys that are told from secrets by their own checksum."""

from __future__ import annotations

import re

from keytrace.scoring.checksummed import base58check, bech32, crc16_base32, ethereum_address, unbase58

# Account and public-key kinds of Base32 with CRC16, by their first byte: github.com/nats-io/nkeys, SEP 23 of Stellar.
_BASE32_PUBLIC = frozenset(number << 3 for number in (0, 2, 6, 13, 14, 19, 20, 23))
_SHAPES = re.compile(
    rb"(?P<base32>[A-Z][A-Z2-7]{55})|(?P<ethereum>0x[0-9a-fA-F]{40})|(?P<ipfs>Qm[1-9A-HJ-NP-Za-km-z]{44})"
    rb"|(?P<bech32>[a-z_]{1,20}1[02-9ac-hj-np-z]{30,100})|(?P<base58>[1-9A-HJ-NP-Za-km-z]{26,36}|[x-zt-v]pub[1-9A-HJ-NP-Za-km-z]{107})"
)
_SECRET_PREFIX = re.compile(r"se[ck]|sk|priv|prv")  # of Bech32: nsec, age-secret-key-, ed25519_sk, suiprivkey
_SHA256 = b"\x12\x20"  # the multihash of IPFS


def proves_public(value: bytes) -> bool:
    """Tell whether `value` is a public key or an address: of a wallet, of NATS, of age, of content in IPFS."""
    found = _SHAPES.fullmatch(value)
    if found is None:
        return False
    if found.lastgroup == "base32":
        content = crc16_base32(value)
        return content is not None and len(content) == 33 and content[0] in _BASE32_PUBLIC
    if found.lastgroup == "bech32":
        parts = bech32(value)
        return parts is not None and not _SECRET_PREFIX.search(parts[0])
    if found.lastgroup == "ipfs":
        raw = unbase58(value) or b""
        return len(raw) == 34 and raw.startswith(_SHA256)
    if found.lastgroup == "ethereum":
        return ethereum_address(value)
    content = base58check(value) or base58check(value, ripple=True) or b""
    # the hash of a key has 20 bytes and one for its kind; an extended key says itself which it is
    return len(content) == 21 or (len(content) == 78 and content[45] in (2, 3))
