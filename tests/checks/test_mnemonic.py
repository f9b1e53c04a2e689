"""Phrases of BIP 39: the words, and the bits by which they check each other."""

from __future__ import annotations

import random
from hashlib import sha256

from keytrace.checks import CHECKS, Verdict
from keytrace.checks.mnemonic import WORDS

LIST = WORDS.read_text("ascii").split()
CHECK = CHECKS["mnemonic-phrase"]


def phrase(size: int, seed: int = 0) -> list[str]:
    """Make a phrase bit by bit, unlike the check."""
    entropy = random.Random(seed).randbytes(size * 4 // 3)
    bits = "".join(f"{byte:08b}" for byte in entropy)
    bits += f"{sha256(entropy).digest()[0]:08b}"[: size // 3]
    return [LIST[int(bits[at : at + 11], 2)] for at in range(0, len(bits), 11)]


def test_the_list_is_that_of_the_standard() -> None:
    assert sha256(WORDS.read_bytes()).hexdigest().startswith("2f5eed53a4727b4b")
    assert len({word[:4] for word in LIST}) == len(LIST) == 2048


def test_genuine_phrases() -> None:
    for size in (12, 15, 18, 21, 24):
        words = phrase(size)
        assert CHECK(" ".join(words).encode()) == Verdict(True, f"{size} words of BIP 39 whose checksum holds")
        swapped = " ".join([words[1], words[0], *words[2:]]).encode()
        assert CHECK(swapped).holds is False
    assert CHECK(", ".join(phrase(12)).encode()).holds is True


def test_what_is_no_phrase() -> None:
    words = phrase(12)
    assert CHECK(" ".join([*words[:10], "keytrace", "zzz"]).encode()).note.endswith(
        "2 of its words are not in the list"
    )
    assert CHECK(" ".join(words[:11]).encode()).note.endswith("it has 11 words")
    assert CHECK(b"test " * 11 + b"junk") == Verdict(False, "a mnemonic that repeats a few words: made for tests")
    assert CHECK(b"").holds is False


def test_a_seed_of_electrum() -> None:
    """The vector is that of Electrum's own documentation of its seeds: not one of BIP 39."""
    words = "wild father tree among universe such mobile favorite target dynamic credit identify"
    assert CHECK(words.encode()).note.endswith("the version in their hash is right")
