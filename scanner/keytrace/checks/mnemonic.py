"""Phrases that stand for the seed of a wallet: the words of BIP 39, which check each other."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from hmac import digest
from pathlib import Path

from keytrace.checks.verdict import Verdict

WORDS = Path(__file__).with_name("bip39.txt")  # github.com/bitcoin/bips, bip-0039/english.txt
_BITS = 11  # a word stands for
_ELECTRUM = (b"\x01", b"\x10")  # how the hash of a phrase begins: electrum.readthedocs.io, seed version


@cache
def _numbers() -> dict[bytes, int]:
    return {word: number for number, word in enumerate(WORDS.read_bytes().split())}


def mnemonic_phrase(value: bytes) -> Verdict:
    """Words of BIP 39 of which the last four to eight bits are the first ones of the SHA-256 of all before."""
    numbers = _numbers()
    words = value.replace(b",", b" ").split()
    if strange := sum(word not in numbers for word in words):
        return Verdict(False, f"no mnemonic of BIP 39: {strange} of its words are not in the list")
    if len(words) not in (12, 15, 18, 21, 24):
        return Verdict(False, f"no mnemonic of BIP 39: it has {len(words)} words")
    total = 0
    for word in words:
        total = total << _BITS | numbers[word]
    size = len(words) // 3  # bits of checksum
    entropy = (total >> size).to_bytes(len(words) * 4 // 3, "big")
    if len(set(words)) * 3 <= len(words):
        return Verdict(False, "a mnemonic that repeats a few words: made for tests")
    if sha256(entropy).digest()[0] >> 8 - size == total & (1 << size) - 1:
        return Verdict(True, f"{len(words)} words of BIP 39 whose checksum holds")
    if digest(b"Seed version", b" ".join(words), "sha512").startswith(_ELECTRUM):
        return Verdict(True, f"{len(words)} words that are a seed of Electrum: the version in their hash is right")
    return Verdict(False, "words of BIP 39, but their checksum fails: not a genuine phrase, or altered")
