"""Tokens that carry a checksum: genuine ones hold, an altered character fails."""

from __future__ import annotations

import random
import string
import zlib
from base64 import b32encode, urlsafe_b64encode
from binascii import crc_hqx
from collections.abc import Callable

import pytest

from keytrace.checks import CHECKS, Verdict

LETTERS_LAST = string.digits + string.ascii_uppercase + string.ascii_lowercase
LOWER_FIRST = string.digits + string.ascii_lowercase + string.ascii_uppercase
BASE36 = string.digits + string.ascii_lowercase
FAILS = Verdict(False, "its CRC32 checksum fails: not a genuine token, or altered")


def body(size: int, seed: int = 0) -> str:
    return "".join(random.Random(seed).choices(LETTERS_LAST, k=size))


def crc(text: str) -> int:
    return zlib.crc32(text.encode())


def digits(number: int, alphabet: str, size: int) -> str:
    """Fixed places, most significant first: written unlike the loop under test, which pads."""
    base = len(alphabet)
    return "".join(alphabet[number // base**place % base] for place in range(size - 1, -1, -1))


def base62_tail(marker: str, size: int) -> Callable[[int], str]:
    return lambda seed: marker + (text := body(size, seed)) + digits(crc(text), LETTERS_LAST, 6)


def apify(seed: int) -> str:
    text = "apify_" + "api_" + body(30, seed)
    return text + digits(crc(text), LOWER_FIRST, 6)


def grafana(seed: int) -> str:
    text = "glsa_" + body(32, seed)
    return f"{text}_{crc(text).to_bytes(4, 'little').hex()}"


def zuplo(seed: int) -> str:
    text = random.Random(seed).randbytes(16).hex()
    return f"zpka_{text}_{crc(text):08x}"


def upper_hex(marker: str, size: int) -> Callable[[int], str]:
    return lambda seed: (text := marker + body(size, seed)) + f"{crc(text):08X}"


def atlassian(seed: int) -> str:
    text = "ATATT3xFfGF0" + body(171, seed) + "="
    return f"{text}{crc(text):08X}"


def canva(seed: int) -> str:
    text = "cnvca" + body(43, seed)
    return f"{text}{crc(text):08x}"


def cloudflare(seed: int) -> str:
    text = body(40, seed)
    return f"cfut_{text}{crc(text):08x}"


TOKENS = [
    ("apify-token", apify),
    ("atlassian-token", atlassian),
    ("bitbucket-app-password", upper_hex("ATBB", 24)),
    ("canva-token", canva),
    ("cloudflare-token", cloudflare),
    ("github-token", base62_tail("ghp_", 30)),
    ("github-token", base62_tail("ghs_", 30)),
    ("grafana-service-account", grafana),
    ("netbird-token", base62_tail("nbp_", 30)),
    ("npm-token", base62_tail("npm_", 30)),
    ("polar-token", base62_tail("polar_oat_", 37)),
    ("saladcloud-key", base62_tail("salad_cloud_user_", 43)),
    ("vercel-token", base62_tail("vcp_", 50)),
    ("zuplo-key", zuplo),
]


BASE62 = {"apify-token", "github-token", "netbird-token", "npm-token", "polar-token", "saladcloud-key", "vercel-token"}


@pytest.mark.parametrize(("name", "make"), TOKENS)
def test_genuine_tokens_hold_and_altered_ones_fail(name: str, make: Callable[[int], str]) -> None:
    check = CHECKS[name]
    for seed in range(200):  # enough to meet checksums with leading zeros
        token = make(seed)
        size = 6 if name in BASE62 else 8
        assert check(token.encode()) == Verdict(True, f"the CRC32 checksum in its last {size} characters holds")
    middle = len(token) // 2
    altered = token[:middle] + ("a" if token[middle] != "a" else "b") + token[middle + 1 :]
    assert check(altered.encode()) == FAILS


def test_a_checksum_with_leading_zeros_was_met() -> None:
    assert any(base62_tail("npm_", 30)(seed)[-6] == "0" for seed in range(200))


@pytest.mark.parametrize("value", [b"", b"npm_", b"npm_" + b"0" * 6, b"other_" + b"a" * 36])
def test_values_of_another_form_stay_open(value: bytes) -> None:
    assert CHECKS["npm-token"](value) == Verdict(None)


def test_a_long_refresh_token_is_not_known_to_carry_the_checksum() -> None:
    assert CHECKS["github-token"](("ghr_" + body(76)).encode()) == Verdict(None)
    assert CHECKS["github-token"](base62_tail("ghr_", 70)(0).encode()).holds is True
    assert CHECKS["github-token"](("ghr_" + body(36)).encode()) == FAILS


def gitlab(marker: str, payload: bytes, version: str = "") -> str:
    text = urlsafe_b64encode(payload).rstrip(b"=").decode()
    head = f"{marker}{text}.{version}{digits(len(text), BASE36, 2)}"
    return head + digits(crc(head), BASE36, 7)


PAYLOAD = b"o:1\nu:2s" + random.Random(0).randbytes(16) + b"\x10"


@pytest.mark.parametrize("version", ["", "01."])
@pytest.mark.parametrize("marker", ["glpat-", "glrt-", "acme-glpat-"])
def test_gitlab_routable_tokens(marker: str, version: str) -> None:
    check = CHECKS["gitlab-routable-token"]
    token = gitlab(marker, PAYLOAD, version)
    assert check(token.encode()) == Verdict(True, "the CRC32 checksum in its last seven characters holds")
    assert check((token[:-1] + ("0" if token[-1] != "0" else "1")).encode()).holds is not True


def test_a_gitlab_token_whose_instance_prefix_was_not_matched_stays_open() -> None:
    token = gitlab("acme-glpat-", PAYLOAD, "01.").removeprefix("acme-")
    note = "its payload decodes, but its CRC32 checksum does not cover this marker"
    assert CHECKS["gitlab-routable-token"](token.encode()) == Verdict(None, note)


def test_a_runner_token_whose_marker_is_not_covered() -> None:
    token = "glrt-" + gitlab("t1_", PAYLOAD, "01.")
    assert CHECKS["gitlab-routable-token"](token.encode()).holds is True


def test_an_invented_gitlab_token_fails() -> None:
    assert CHECKS["gitlab-routable-token"](b"0" * 7) == FAILS
    assert CHECKS["gitlab-routable-token"](f"glpat-{body(36)}.01.{body(9).lower()}".encode()) == FAILS


# Published in the manual page of age-keygen.
AGE_KEYS = [
    "AGE-SECRET-KEY-1" + "N9JEPW6DWJ0ZQUDX63F5A03GX8QUW7PXDE39N8UYF82VZ9PC8UFS3M7XA9",
    "AGE-SECRET-KEY-PQ-1" + "K30MYPZAHAXHR22YHH27EGDVLU0QNSUH3DSV7J7NR3X6D9LHXNWSDLTV4T",
]


@pytest.mark.parametrize("key", AGE_KEYS)
def test_age_identities(key: str) -> None:
    check = CHECKS["age-secret-key"]
    assert check(key.encode()) == Verdict(True, "its Bech32 checksum holds")
    altered = key[:-1] + "q9"[key[-1] != "9"].upper()
    assert check(altered.encode()) == Verdict(False, "its Bech32 checksum fails: not a genuine identity, or altered")
    assert check(key[:-1].encode()).holds is False
    assert check((key[:-1] + key[-1].lower() if key[-1].isalpha() else key[:-2] + "vb").encode()).holds is False
    assert check(b"\xff" * 74).holds is False
    recipient = b"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    assert check(recipient) == Verdict(False, "not an age identity: wrong length or characters")


def test_nats_nkey_seed() -> None:
    check = CHECKS["nats-nkey-seed"]
    published = b"SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6B" + b"FDTJ7M6USDXIEDNPPQYYYCU3VY"  # docs.nats.io
    assert check(published) == Verdict(True, "the seed of a user: the CRC16 checksum at its end holds")
    altered = published[:20] + bytes([published[21], published[20]]) + published[22:]
    assert check(altered) == Verdict(False, "its CRC16 checksum fails: not a genuine seed, or altered")
    assert check(b"SU1").holds is False
    raw = bytes([18 << 3 | 1, 0]) + bytes(32)  # a kind that there is not
    unknown = b32encode(raw + crc_hqx(raw, 0).to_bytes(2, "little")).rstrip(b"=")
    assert check(unknown) == Verdict(False, "not a seed, though its checksum holds")
