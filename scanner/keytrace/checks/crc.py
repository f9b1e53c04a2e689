"""Keys that carry a checksum of their own: a CRC in their last characters, or Bech32."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from keytrace.checks import jwt
from keytrace.checks.verdict import Verdict, unbase64
from keytrace.scoring.checksummed import bech32, crc16_base32

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
netbird_token = _Tail(_in_digits(_BASE62, 6), 6, (b"nbp_",))
npm_token = _Tail(_in_digits(_BASE62, 6), 6, (b"npm_",))
polar_token = _Tail(_in_digits(_BASE62, 6), 6, (b"polar_oat_", b"polar_pat_"))
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


_AGE_PREFIXES = ("age-secret-key-", "age-secret-key-pq-")
_AGE_DIGITS = 52  # 32 bytes in groups of five bits


def age_secret_key(value: bytes) -> Verdict:
    """32 bytes in Bech32: age-encryption.org/v1."""
    parts = bech32(value)
    if parts is None:
        return Verdict(False, "its Bech32 checksum fails: not a genuine identity, or altered")
    if parts[0] not in _AGE_PREFIXES or len(parts[1]) != _AGE_DIGITS:
        return Verdict(False, "not an age identity: wrong length or characters")
    return Verdict(True, "its Bech32 checksum holds")


_NKEY_SEED = 18 << 3
_NKEY_KINDS = {
    0: "account", 2 << 3: "cluster", 13 << 3: "server", 14 << 3: "operator", 20 << 3: "user", 23 << 3: "curve",
}  # fmt: skip


def nats_nkey_seed(value: bytes) -> Verdict:
    """Base32 of two prefix bytes, 32 bytes and a CRC16 (XMODEM, low byte first): github.com/nats-io/nkeys."""
    content = crc16_base32(value)
    if content is None:
        return Verdict(False, "its CRC16 checksum fails: not a genuine seed, or altered")
    kind = _NKEY_KINDS.get((content[0] & 7) << 5 | content[1] >> 3) if len(content) == 34 else None
    if kind is None or content[0] & 0xF8 != _NKEY_SEED:
        return Verdict(False, "not a seed, though its checksum holds")
    return Verdict(True, f"the seed of {'an' if kind[0] in 'ao' else 'a'} {kind}: the CRC16 checksum at its end holds")
