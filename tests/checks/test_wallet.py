"""Private keys of cryptocurrencies, made here from random bytes."""

from __future__ import annotations

import random
from base64 import b32encode
from binascii import crc_hqx
from hashlib import sha256

import pytest

from keytrace.checks import CHECKS, Verdict

RANDOM = random.Random(23)
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(raw: bytes) -> bytes:
    number, text = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = DIGITS[digit] + text
    return ("1" * (len(raw) - len(raw.lstrip(b"\0"))) + text).encode()


def checked(content: bytes) -> bytes:
    return base58(content + sha256(sha256(content).digest()).digest()[:4])


def altered(value: bytes) -> bytes:
    return value[:-1] + (b"2" if value[-1:] != b"2" else b"3")


@pytest.mark.parametrize(
    ("content", "first", "network"),
    [
        (b"\x80" + RANDOM.randbytes(32), b"5", "Bitcoin"),
        (b"\x80" + RANDOM.randbytes(32) + b"\1", b"KL", "Bitcoin"),
        (b"\xef" + RANDOM.randbytes(32) + b"\1", b"c", "the Bitcoin test network"),
    ],
)  # fmt: skip
def test_wallet_import_format(content: bytes, first: bytes, network: str) -> None:
    value = checked(content)
    assert value[:1] in first
    check = CHECKS["bitcoin-wif-key"]
    assert check(value) == Verdict(True, f"its Base58 checksum holds; a private key for {network}")
    assert check(altered(value)) == Verdict(False, "its Base58 checksum fails: not a genuine key, or altered")


@pytest.mark.parametrize("content", [b"\0" + bytes(32), b"\x80" + bytes(20), b"\x80" + bytes(32) + b"\2"])
def test_other_content_with_a_checksum(content: bytes) -> None:
    verdict = CHECKS["bitcoin-wif-key"](checked(content))
    assert verdict == Verdict(False, "not a private key in Wallet Import Format, though its checksum holds")


def extended(depth: int, zero: int = 0, size: int = 32) -> bytes:
    head = bytes.fromhex("0488ade4") + bytes([depth]) + RANDOM.randbytes(4 + 4 + 32)
    return checked(head + bytes([zero]) + RANDOM.randbytes(size))


def test_extended_private_keys() -> None:
    check = CHECKS["extended-private-key"]
    assert extended(0).startswith(b"xprv")
    assert check(extended(0)) == Verdict(True, "its Base58 checksum holds; the master key of a whole wallet")
    assert check(extended(3)) == Verdict(True, "its Base58 checksum holds; a key of depth 3 and all below it")
    assert check(altered(extended(0))).holds is False
    public = Verdict(False, "not an extended private key, though its checksum holds")
    assert check(extended(0, zero=2)) == public
    assert check(extended(0, size=31)) == public


def test_numbers_of_secp256k1() -> None:
    check = CHECKS["secp256k1-key"]
    assert check(RANDOM.randbytes(32).hex().encode()) == Verdict(None)
    assert check(b"0x" + b"7f" * 32) == Verdict(None)
    assert check(b"f" * 64) == Verdict(False, "not a private key: it is beyond the order of the curve secp256k1")
    assert check(b"0" * 63 + b"1") == Verdict(False, "no private key of anybody: too small a number")
    assert check(b"0xzz").holds is False


def test_stellar_seeds() -> None:
    content = bytes([144]) + RANDOM.randbytes(32)
    value = b32encode(content + crc_hqx(content, 0).to_bytes(2, "little"))
    check = CHECKS["stellar-secret-seed"]
    assert value.startswith(b"S")
    assert check(value) == Verdict(True, "the CRC16 checksum at its end holds")
    assert check(value[:-1] + (b"A" if value[-1:] != b"A" else b"B")).holds is False
    assert check(b"S1").holds is False
    account = bytes([48]) + RANDOM.randbytes(32)
    assert check(b32encode(account + crc_hqx(account, 0).to_bytes(2, "little"))) == Verdict(
        False, "not a Stellar seed, though its checksum holds"
    )


def test_ripple_seeds() -> None:
    """The vectors are those of xrpl.org: the seed of the genesis account."""
    check = CHECKS["ripple-seed"]
    genesis = b"snoPBrXtMeMyMHUV" + b"TgbuqAfg1SUTb"
    assert check(genesis) == Verdict(True, "its Base58 checksum holds; a seed for secp256k1")
    assert check(altered(genesis)).holds is False
    account = b"rHb9CJAWyB4rj91V" + b"RWn96DkukG4bwdtyTh"
    assert check(account) == Verdict(False, "not a seed of the XRP Ledger, though its checksum holds")


def test_nostr_secret_keys() -> None:
    """The vectors are those of NIP 19."""
    check = CHECKS["nostr-secret-key"]
    published = b"nsec1vl029mgpspedva04g90vltkh6fvh24" + b"0zqtv9k0t9af8935ke9laqsnlfe5"
    assert check(published) == Verdict(True, "its Bech32 checksum holds")
    assert check(altered(published)).holds is False
    assert check(b"npub180cvv07tjdrrgpa0j7j7tmnyl2yr6yr7l8j4s3evf6u64th6gkwsyjh6w6").holds is False


def test_solana_key_pairs() -> None:
    """The vectors are those of RFC 8032, section 7.1."""
    check = CHECKS["solana-key-pair"]
    for halves in (
        ("9d61b19deffd5a60ba844af492ec2cc4", "4449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a", "0ee172f3daa62325af021a68f707511a"),
        ("4ccd089b28ff96da9db6c346ec114e0f", "5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc", "9c982ccf2ec4968cc0cd55f12af4660c"),
    ):  # fmt: skip
        raw = bytes.fromhex("".join(halves))
        assert check(base58(raw)) == Verdict(True, "its public key belongs to its private key")
        wrong = Verdict(False, "its public key does not belong to its private key: made up, or altered")
        assert check(base58(raw[:-1] + b"\1")) == wrong
    assert check(b"5" * 60) == Verdict(False, "not a Solana key pair: it does not decode to 64 bytes")
