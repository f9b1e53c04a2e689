"""Encodings that carry a checksum of their own: Base58Check, Bech32, Base32 with a CRC16. Whoever's key it is."""

from __future__ import annotations

from base64 import b32decode
from binascii import crc_hqx
from hashlib import sha256

_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"  # xrpl.org, base58 encodings
_TO_BASE58 = bytes.maketrans(_RIPPLE, _BASE58)
_DIGITS = {digit: number for number, digit in enumerate(_BASE58)}
_LONGEST = 120  # digits of Base58 that any of these keys has


def unbase58(text: bytes) -> bytes | None:
    """Decode Base58, a 1 in front is a zero byte; None when it is not Base58, or too long for a key."""
    number = 0
    if len(text) > _LONGEST:
        return None
    for digit in text:
        if digit not in _DIGITS:
            return None
        number = number * 58 + _DIGITS[digit]
    zeros = len(text) - len(text.lstrip(b"1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check(text: bytes, *, ripple: bool = False) -> bytes | None:
    """Return the content if the checksum holds: the first four bytes of its double SHA-256 (en.bitcoin.it/wiki)."""
    raw = unbase58(text.translate(_TO_BASE58) if ripple else text) or b""
    content, tail = raw[:-4], raw[-4:]
    return content if content and sha256(sha256(content).digest()).digest()[:4] == tail else None


def crc16_base32(text: bytes) -> bytes | None:
    """Return what a CRC16 (XMODEM, low byte first) covers in Base32, if it holds: NKeys of NATS, StrKeys of Stellar."""
    try:
        raw = b32decode(text + b"=" * (-len(text) % 8))
    except ValueError:
        return None
    return raw[:-2] if len(raw) > 2 and crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little") else None


# --- Bech32 (BIP 173, BIP 350) ----------------------------------------------------------------------------------------

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_REMAINDERS = (1, 0x2BC830A3)  # of Bech32, and of Bech32m


def bech32(text: bytes) -> tuple[str, str] | None:
    """Return the prefix, in lower case, and the digits before the checksum of six, if that holds."""
    word = text.decode("latin-1")
    prefix, _, digits = word.lower().rpartition("1")
    if word not in (word.lower(), word.upper()) or not prefix or len(digits) < 6 or not set(digits) <= set(BECH32):
        return None
    values = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    values += [BECH32.index(digit) for digit in digits]
    remainder = 1
    for number in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ number
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                remainder ^= generator
    return (prefix, digits[:-6]) if remainder in _REMAINDERS else None


# --- Ethereum (EIP 55): the case of the letters is a checksum --------------------------------------------------------

_RATE = 136  # bytes of Keccak-256 that take in text
_LANES = 0xFFFFFFFFFFFFFFFF
_ROTATIONS = (0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14)


def ethereum_address(text: bytes) -> bool:
    """Tell whether `text`, 0x and forty hexadecimal digits, has capitals where the hash of its digits wants them."""
    digits = text[2:].decode("latin-1")
    hashed = _keccak256(digits.lower().encode()).hex()
    wanted = "".join(
        digit.upper() if int(by, 16) > 7 else digit for digit, by in zip(digits.lower(), hashed, strict=False)
    )
    return digits == wanted and not digits.islower()


def _keccak256(short: bytes) -> bytes:
    """Hash up to 135 bytes with Keccak as it was before SHA-3 changed its padding (keccak.team, Keccak reference)."""
    block = bytearray(short.ljust(_RATE, b"\0"))
    block[len(short)] ^= 1
    block[-1] ^= 0x80
    state = [int.from_bytes(block[at : at + 8], "little") for at in range(0, _RATE, 8)] + [0] * 8
    register = 1
    for _ in range(24):
        columns = [state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)]
        mixed = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
        moved = [0] * 25
        for at, lane in enumerate(state):
            x, y = at % 5, at // 5
            moved[y + (2 * x + 3 * y) % 5 * 5] = _rotated(lane ^ mixed[x], _ROTATIONS[at])
        state = [
            moved[at] ^ ~moved[at // 5 * 5 + (at + 1) % 5] & moved[at // 5 * 5 + (at + 2) % 5] & _LANES
            for at in range(25)
        ]
        for place in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) & 0xFF
            state[0] ^= (register >> 1 & 1) << (1 << place) - 1
    return b"".join(lane.to_bytes(8, "little") for lane in state[:4])


def _rotated(lane: int, by: int) -> int:
    return (lane << by | lane >> 64 - by) & _LANES
