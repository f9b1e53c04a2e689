"""Private keys in armour, in the ways they stand in files, and what only looks like one."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import struct
from base64 import b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

DASHES = "-" * 5


def armour(label: str, data: bytes, headers: str = "", tail: str = "") -> str:
    text = b64encode(data).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"{DASHES}BEGIN {label}{DASHES}\n{headers}{lines}\n{tail}{DASHES}END {label}{DASHES}\n"


def der(tag: int, content: bytes) -> bytes:
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


NOISE = random.Random(0).randbytes(600)
PKCS1 = der(0x30, der(2, b"\0") + der(2, NOISE))
EC_IDENTIFIER = bytes.fromhex("06072a8648ce3d0201")
PKCS8 = der(0x30, der(2, b"\0") + der(0x30, EC_IDENTIFIER) + der(4, NOISE[:100]))
ENCRYPTED = der(0x30, der(0x30, EC_IDENTIFIER) + der(4, NOISE))

FITS = "private key without a passphrase; its DER structure fits"
RSA = armour("RSA PRIVATE KEY", PKCS1)
CUT = Verdict(None, "the beginning of a private key; its end is not in the match")


def check(value: str) -> Verdict:
    return CHECKS["pem-private-key"](value.encode())


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (RSA, Verdict(True, f"RSA {FITS}")),
        (armour("PRIVATE KEY", PKCS8), Verdict(True, f"EC {FITS}")),
        (armour("PRIVATE KEY", der(0x30, der(2, b"\0"))), Verdict(True, FITS)),
        (
            armour("ENCRYPTED PRIVATE KEY", ENCRYPTED),
            Verdict(True, "a private key encrypted with a passphrase; its DER structure fits"),
        ),
        (
            armour("RSA PRIVATE KEY", NOISE, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00AABBCCDDEEFF\n\n"),
            Verdict(None, "a private key encrypted with a passphrase"),
        ),
        (armour("PRIVATE KEY", NOISE), Verdict(False, "not a private key: its body is not DER")),
        (armour("PRIVATE KEY", ENCRYPTED), Verdict(False, "not a private key: its body is not DER")),
        (
            armour("RSA PRIVATE KEY", PKCS1 + b"\0"),
            Verdict(False, "not a private key: its DER structure is longer or shorter than its body"),
        ),
        (
            armour("RSA PRIVATE KEY", PKCS1[:-6]),
            Verdict(False, "not a private key: its DER structure is longer or shorter than its body"),
        ),
        (RSA.replace("\nM", "\n...", 1), Verdict(False, "not a private key: its body is not base64")),
        (armour("RSA PRIVATE KEY", b""), Verdict(False, "holds the BEGIN line of a private key, but no key")),
        (RSA.partition("\n")[0], Verdict(False, "holds the BEGIN line of a private key, but no key")),
        ("PRIVATE KEY", Verdict(False, "not a private key: it has no BEGIN line")),
    ],
)
def test_keys_in_der(value: str, verdict: Verdict) -> None:
    assert check(value) == verdict


OPENSSH_LABEL = "OPENSSH PRIVATE KEY"


def string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def openssh(cipher: bytes = b"none", checks: tuple[int, int] = (7, 7)) -> bytes:
    public = string(b"ssh-ed25519") + string(NOISE[:32])
    private = struct.pack(">II", *checks) + public + string(NOISE[32:96])
    parts = string(cipher) + string(b"none") + string(b"") + struct.pack(">I", 1) + string(public) + string(private)
    return b"openssh-key-v1\0" + parts


def crc24(data: bytes) -> bytes:
    """Divide the message, with the start value folded in, by the polynomial as one long number."""
    number = int.from_bytes(data, "big") << 24 ^ 0xB704CE << 8 * len(data)
    for bit in range(8 * len(data) + 23, 23, -1):
        if number >> bit & 1:
            number ^= 0x1864CFB << bit - 24
    return number.to_bytes(3, "big")


PGP_LABEL = "PGP PRIVATE KEY BLOCK"
PGP_OLD, PGP_NEW = b"\x95" + NOISE, b"\xc5" + NOISE
PGP_CRC = "=" + b64encode(crc24(PGP_OLD)).decode() + "\n"
PGP = armour(PGP_LABEL, PGP_OLD, "Version: GnuPG v2\n\n", PGP_CRC)


@pytest.mark.parametrize("name", ["openssh-private-key", "pem-private-key"])
@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (openssh(), Verdict(True, "ed25519 OpenSSH key without a passphrase; its check numbers agree")),
        (openssh(b"aes256-ctr", (1, 2)), Verdict(True, "ed25519 OpenSSH key encrypted with a passphrase")),
        (openssh(checks=(1, 2)), Verdict(False, "not an OpenSSH key: its two check numbers differ")),
        (openssh()[:-9], Verdict(False, "not an OpenSSH key: its parts do not fit its length")),
        (NOISE, Verdict(False, "not an OpenSSH key: its body does not start with openssh-key-v1")),
    ],
)
def test_openssh_keys(name: str, data: bytes, verdict: Verdict) -> None:
    assert CHECKS[name](armour(OPENSSH_LABEL, data).encode()) == verdict


@pytest.mark.parametrize("name", ["pgp-private-key", "pem-private-key"])
@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (PGP, Verdict(True, "a PGP private key; its CRC24 checksum holds")),
        (armour(PGP_LABEL, PGP_NEW), Verdict(True, "a PGP private key that decodes")),
        (
            armour(PGP_LABEL, PGP_NEW, tail=PGP_CRC),
            Verdict(False, "its CRC24 checksum fails: altered, or made up"),
        ),
        (
            armour(PGP_LABEL, b"\x99" + NOISE),
            Verdict(False, "not a PGP private key: it does not start with a secret key packet"),
        ),
        (PGP.replace("\n", " ?\n", 3), Verdict(False, "not a private key: its body is not base64")),
    ],
)
def test_pgp_keys(name: str, value: str, verdict: Verdict) -> None:
    assert CHECKS[name](value.encode()) == verdict


def test_the_check_value_of_crc24() -> None:
    assert crc24(b"123456789").hex() == "21cf02"  # the catalogue's value for CRC-24/OPENPGP


@pytest.mark.parametrize("value", [RSA, armour(OPENSSH_LABEL, openssh()), PGP])
def test_the_ways_a_key_stands_in_a_file(value: str) -> None:
    plain = check(value)
    assert plain.holds is True
    ways = [
        value.replace("\n", "\r\n"),
        value.replace("\n", "\n    "),
        value.replace("\n", "\n# "),
        value.replace("\n", "\\n"),
        value.replace("\n", "\\r\\n"),
        '"' + value.replace("\n", '\\n" +\n    "') + '"',
        value.replace("\n", "\\\n"),
        json.dumps(json.dumps(value)),
        json.dumps(value).replace("/", "\\/"),
        json.dumps(value).replace("=", "\\u003d"),
    ]
    for way in ways:
        assert check(way) == plain


@pytest.mark.parametrize("value", [RSA, armour(OPENSSH_LABEL, openssh()), PGP])
def test_a_key_that_is_cut_stays_open(value: str) -> None:
    for size in range(120, len(value) // 2, 7):
        assert check(value[:size]) == CUT


EMAIL = "bot@acme-1.iam.gserviceaccount.com"
ACCOUNT = {"type": "service_account", "private_key": armour("PRIVATE KEY", PKCS8), "client_email": EMAIL}


def test_service_account_files() -> None:
    service_account = CHECKS["service-account-json"]
    whole = json.dumps(ACCOUNT, indent=2)
    genuine = Verdict(True, "a service account key of Google Cloud project acme-1; its private key decodes")
    assert service_account(whole.encode()) == genuine
    assert service_account(json.dumps(whole).encode()) == genuine
    assert service_account(whole.partition(",")[2].encode()) == genuine
    assert service_account(whole.replace(EMAIL, "bot@acme.dev").encode()) == Verdict(
        None, "its private key decodes; its client_email is not in the match"
    )
    assert service_account(whole[:200].encode()) == CUT
    assert service_account(b'{"client_email": "x"}') == Verdict(None, "without its private_key field in the match")
    sample = json.dumps({**ACCOUNT, "private_key": armour("PRIVATE KEY", b"", "MIIE...\n")})
    assert service_account(sample.encode()) == Verdict(False, "not a private key: its body is not base64")


# --- PuTTY, and a PEM in base64 ---------------------------------------------------------------------------------------


def putty(version: int, cipher: str = "none", mac: str = "") -> str:
    public, private = NOISE[:80], NOISE[80:130]
    fields = (b"ssh-rsa", cipher.encode(), b"a comment", public, private)
    content = b"".join(struct.pack(">I", len(part)) + part for part in fields)
    if version == 3:
        made = hmac.digest(b"", content, "sha256").hex()
    else:
        made = hmac.digest(hashlib.sha1(b"putty-private-key-file-mac-key").digest(), content, "sha1").hex()
    lines = (b64encode(part).decode() for part in (public, private))
    body = "\n".join(f"{name}-Lines: 1\n{line}" for name, line in zip(("Public", "Private"), lines, strict=True))
    head = f"PuTTY-User-Key-File-{version}: ssh-rsa\nEncryption: {cipher}\nComment: a comment\n"
    return f"{head}{body}\nPrivate-MAC: {mac or made}"


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (putty(3), Verdict(True, "a PuTTY key without a passphrase; its Private-MAC holds")),
        (putty(2), Verdict(True, "a PuTTY key without a passphrase; its Private-MAC holds")),
        (putty(3).replace("\n", "\r\n"), Verdict(True, "a PuTTY key without a passphrase; its Private-MAC holds")),
        (putty(1), Verdict(None, "a PuTTY key without a passphrase, in the first format")),
        (putty(3, mac="0" * 64), Verdict(False, "its Private-MAC fails: altered, or made up")),
        (putty(3, "aes256-cbc"), Verdict(None, "a PuTTY key encrypted with a passphrase")),
        ("PuTTY-User-Key-File-3: x", Verdict(False, "not a PuTTY key: its lines do not decode")),
    ],
)
def test_putty(value: str, verdict: Verdict) -> None:
    assert CHECKS["putty-private-key"](value.encode()) == verdict


def test_a_pem_in_base64() -> None:
    inner = CHECKS["encoded-private-key"]
    assert inner(b64encode(RSA.encode())) == Verdict(True, f"RSA {FITS}")
    assert inner(b64encode(b"certificate")) == Verdict(False, "not a private key: it has no BEGIN line")
    assert inner(b"!") == Verdict(False, "does not decode to a private key")
