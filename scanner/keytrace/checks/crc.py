"""Keys that carry a checksum of their own: a CRC in their last characters, or Bech32."""

from __future__ import annotations

import string
from base64 import b32decode
from binascii import crc_hqx
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from keytrace.checks import jwt
from keytrace.checks.verdict import Verdict, unbase64

_BASE36 = string.digits + string.ascii_lowercase
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE62_LOWER_FIRST = string.digits + string.ascii_letters


def _in_digits(digits: str, size: int) -> Callable[[int], bytes]:
    def encode(number: int) -> bytes:
        text = ""
        while number:
            number, digit = divmod(number, len(digits))
            text = digits[digit] + text
        return text.rjust(size, digits[0]).encode()

    return encode


def _lower_hex(number: int) -> bytes:
    return b"%08x" % number


def _upper_hex(number: int) -> bytes:
    return b"%08X" % number


def _little_endian_hex(number: int) -> bytes:
    return number.to_bytes(4, "little").hex().encode()


_FAILS = "its CRC32 checksum fails: not a genuine token, or altered"
_NO_MARKER = (b"",)


@dataclass(frozen=True, slots=True)
class _Tail:
    """A token that ends in the CRC32 of its body; the marker and the separator before the tail are left out of it."""

    encode: Callable[[int], bytes]
    size: int
    markers: tuple[bytes, ...] = _NO_MARKER
    separator: bytes = b""

    def __call__(self, value: bytes) -> Verdict:
        marker = next((marker for marker in self.markers if value.startswith(marker)), None)
        body, tail = value[: -self.size], value[-self.size :]
        if marker is None or len(body) <= len(marker) + len(self.separator) or not body.endswith(self.separator):
            return Verdict(None)  # not of the form that is known to carry a checksum
        covered = body[len(marker) : len(body) - len(self.separator)]
        if self.encode(crc32(covered)) == tail:
            return Verdict(True, f"the CRC32 checksum in its last {self.size} characters holds")
        return Verdict(False, _FAILS)


apify_token = _Tail(_in_digits(_BASE62_LOWER_FIRST, 6), 6)
atlassian_token = _Tail(_upper_hex, 8)
bitbucket_app_password = _Tail(_upper_hex, 8)
canva_token = _Tail(_lower_hex, 8)
cloudflare_token = _Tail(_lower_hex, 8, (b"cfut_", b"cfat_", b"cfk_"))
grafana_service_account = _Tail(_little_endian_hex, 8, separator=b"_")
npm_token = _Tail(_in_digits(_BASE62, 6), 6, (b"npm_",))
saladcloud_key = _Tail(_in_digits(_BASE62, 6), 6, (b"salad_cloud_org_", b"salad_cloud_user_"))
vercel_token = _Tail(_in_digits(_BASE62, 6), 6, (b"vcp_", b"vci_", b"vca_", b"vcr_", b"vck_"))
zuplo_key = _Tail(_lower_hex, 8, (b"zpka_",), separator=b"_")

_github_opaque = _Tail(_in_digits(_BASE62, 6), 6, (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_"))


def github_token(value: bytes) -> Verdict:
    if value.startswith(b"ghs_") and b"." in value:
        return jwt.json_web_token(value[max(4, value.find(b"eyJ")) :])  # ghs_<app id>_<JWT>
    verdict = _github_opaque(value)
    # only tokens of 40 characters are known to carry the checksum
    return verdict if verdict.holds or len(value) == 40 else Verdict(None)


_gitlab_crc = _in_digits(_BASE36, 7)


def gitlab_routable_token(value: bytes) -> Verdict:
    """<marker><payload>.<payload length><CRC32> or, since 2025, <marker><payload>.<version>.<payload length><CRC32>."""
    # runner tokens get their marker after the checksum was computed on some versions, so both are tried
    for token in {value, value.removeprefix(b"glrt-")}:
        if len(token) > 9 and _gitlab_crc(crc32(token[:-7])) == token[-7:]:
            return Verdict(True, "the CRC32 checksum in its last seven characters holds")
    payload = value.partition(b".")[0].partition(b"-")[2]
    length = _in_digits(_BASE36, 2)(len(payload))
    if value[-9:-7] == length and b"o:" in (unbase64(payload) or b""):
        return Verdict(None, "its payload decodes, but its CRC32 checksum does not cover this marker")
    return Verdict(False, _FAILS)


# --- Bech32 (BIP 173) -------------------------------------------------------------------------------------------------

_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_AGE_PREFIXES = ("age-secret-key-", "age-secret-key-pq-")
_AGE_DIGITS = 58  # 32 bytes in groups of five bits, and six digits of checksum


def _bech32_remainder(prefix: str, digits: str) -> int:
    values = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    values += [_BECH32.index(digit) for digit in digits]
    remainder = 1
    for number in values:
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ number
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                remainder ^= generator
    return remainder


def age_secret_key(value: bytes) -> Verdict:
    text = value.decode("latin-1")
    prefix, _, digits = text.lower().rpartition("1")
    mixed_case = text not in (text.lower(), text.upper())
    if mixed_case or prefix not in _AGE_PREFIXES or len(digits) != _AGE_DIGITS or not set(digits) <= set(_BECH32):
        return Verdict(False, "not an age identity: wrong length or characters")
    if _bech32_remainder(prefix, digits) == 1:
        return Verdict(True, "its Bech32 checksum holds")
    return Verdict(False, "its Bech32 checksum fails: not a genuine identity, or altered")


def nats_nkey_seed(value: bytes) -> Verdict:
    """Base32 of two prefix bytes, 32 bytes and a CRC16 (XMODEM, low byte first): github.com/nats-io/nkeys."""
    try:
        raw = b32decode(value + b"=" * (-len(value) % 8))
    except (ValueError, TypeError):
        return Verdict(False, "does not decode to a seed")
    if len(raw) == 36 and crc_hqx(raw[:-2], 0) == int.from_bytes(raw[-2:], "little"):
        return Verdict(True, "the CRC16 checksum at its end holds")
    return Verdict(False, "its CRC16 checksum fails: not a genuine seed, or altered")
