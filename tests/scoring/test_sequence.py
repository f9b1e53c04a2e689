"""Values that count or repeat themselves are told from random ones, in any alphabet."""

from __future__ import annotations

import random
import string

from keytrace.scoring.sequence import share_foretold, share_of_runs

MADE_UP = """
11111111-2222-3333-4444-555555555555  12345678-1234-1234-1234-123456789012  a1b2c3d4-e5f6-7890-abcd-ef1234567890
00000000-0000-0000-0000-000000000001  aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee  0123456789abcdef0123456789abcdef
fedcba9876543210fedcba9876543210      00112233445566778899aabbccddeeff      abcd1234abcd1234abcd1234
AbCdEfGhIjKlMnOpQrStUvWxYz            1a2b3c4d5e6f7g8h9i0j                  xxxxxxxx-xxxx-xxxx
"""


def test_what_nobody_drew_by_lot() -> None:
    assert [word for word in MADE_UP.split() if share_foretold(word.encode()) < 0.6] == []
    assert share_foretold(b"") == share_foretold(b"k") == 0


def test_random_values_are_not_foretold() -> None:
    lot = random.Random(5)
    for alphabet, most in ((string.digits, 0.6), (string.hexdigits[:16], 0.45), (string.ascii_letters, 0.3)):
        for size in (12, 16, 32, 40):
            shares = [share_foretold("".join(lot.choices(alphabet, k=size)).encode()) for _ in range(300)]
            assert max(shares) < most


def test_marks_of_bytes_are_no_digits() -> None:
    octets = random.Random(3).randbytes(16)
    assert share_foretold("".join(f"\\x{byte:02x}" for byte in octets).encode()) < 0.3
    assert share_foretold(", ".join(f"0x{byte:02x}" for byte in octets).encode()) < 0.3
    assert share_foretold(b"".join(b"\\x%02x" % number for number in range(16, 32))) > 0.6


def test_runs() -> None:
    assert share_of_runs(b"abcdefgh12345") == 1
    assert share_of_runs(b"qwertyuiop") == 1
    assert share_of_runs(b"k3x9qz71mf") == 0
