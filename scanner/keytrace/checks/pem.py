"""Private keys in armour (PEM, OpenSSH, PGP, PuTTY): does the body decode to a key, does a passphrase protect it?"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from dataclasses import dataclass

from keytrace.checks.verdict import Verdict, plain, unbase64

_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----")
_ESCAPES = re.compile(rb"(?:\\[rnt])+")  # line ends as JSON and string literals write them
_JOINTS = re.compile(rb"""["'`][\s+.,]*["'`]""")  # between the parts of a string literal
_LINE_STARTS = re.compile(rb"(?m)^[#*>\s]+")  # comments and indentation
_HEADERS = re.compile(rb"(?m)^(?:Version|Comment|Hash|Charset|MessageID):.*$")
_PASSPHRASE_HEADERS = re.compile(rb"Proc-Type:\s*4,\s*ENCRYPTED|DEK-Info:\s*[A-Za-z0-9-]+,\s*[0-9A-Fa-f]+")
_CRC24 = re.compile(rb"=([A-Za-z0-9+/]{4})$")

_SEQUENCE, _INTEGER = 0x30, 0x02
_KINDS = {  # DER of the algorithm's object identifier
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01": "RSA",
    b"\x2a\x86\x48\xce\x3d\x02\x01": "EC",
    b"\x2a\x86\x48\xce\x38\x04\x01": "DSA",
    b"\x06\x03\x2b\x65\x70": "Ed25519",
    b"\x06\x03\x2b\x65\x6e": "X25519",
}
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_PGP_SECRET_KEYS = {5, 7}  # packet types: key and subkey

_NOT_BASE64 = Verdict(False, "not a private key: its body is not base64")
_CUT = Verdict(None, "the beginning of a private key; its end is not in the match")


@dataclass(frozen=True, slots=True)
class _Armour:
    label: str
    text: bytes  # the base64 text alone
    whole: bool  # it has an END line
    passphrase: bool  # it has the headers of the old encryption

    @property
    def data(self) -> bytes | None:
        return unbase64(self.text if self.whole else self.text[: len(self.text) // 4 * 4])


def _open(value: bytes) -> _Armour | Verdict:
    """Read an armour that may stand in a string literal, a comment or an indented block; a verdict if there is none."""
    begin = _BEGIN.search(value)
    if not begin:
        return Verdict(False, "not a private key: it has no BEGIN line")
    text, _, after = value[begin.end() :].partition(b"-----")
    text = _ESCAPES.sub(b"\n", text.replace(rb"\u003d", b"=")).replace(b"\\", b"")
    text = _LINE_STARTS.sub(b"", _JOINTS.sub(b"", text))
    text, encryption_headers = _PASSPHRASE_HEADERS.subn(b"", text)
    text = b"".join(_HEADERS.sub(b"", text).split()).strip(b"\"'`,;-")
    if not text:
        return Verdict(False, "holds the BEGIN line of a private key, but no key")
    return _Armour(begin[1].decode(), text, after.startswith(b"END"), encryption_headers > 0)


# --- PKCS 1, PKCS 8, SEC 1 --------------------------------------------------------------------------------------------


def pem_private_key(value: bytes) -> Verdict:
    armour = _open(value)
    if isinstance(armour, Verdict):
        return armour
    return {"OPENSSH PRIVATE KEY": _openssh, "PGP PRIVATE KEY BLOCK": _pgp}.get(armour.label, _der)(armour)


def _der(armour: _Armour) -> Verdict:
    data = armour.data
    if data is None:
        return _NOT_BASE64
    if armour.passphrase:
        return Verdict(None, "a private key encrypted with a passphrase")
    return _der_structure(armour, data)


def _der_structure(armour: _Armour, data: bytes) -> Verdict:
    encrypted = "ENCRYPTED" in armour.label
    start, size = _sequence(data)
    # an encrypted key starts with its algorithm, a plain one with its version
    if not start or data[start : start + 1] != bytes([_SEQUENCE if encrypted else _INTEGER]):
        return Verdict(False, "not a private key: its body is not DER")
    if not armour.whole and len(data) < size:
        return _CUT
    if len(data) != size:
        return Verdict(False, "not a private key: its DER structure is longer or shorter than its body")
    if encrypted:
        return Verdict(True, "a private key encrypted with a passphrase; its DER structure fits")
    kind = armour.label.removesuffix("PRIVATE KEY").strip()
    kind = kind or next((name for identifier, name in _KINDS.items() if identifier in data[:40]), "")
    return Verdict(True, f"{kind} private key without a passphrase; its DER structure fits".strip())


def _sequence(data: bytes) -> tuple[int, int]:
    """Return where the content of the outer DER sequence starts, and where it ends; (0, 0) if it is none."""
    if len(data) < 2 or data[0] != _SEQUENCE:
        return 0, 0
    if data[1] < 0x80:
        return 2, 2 + data[1]
    start = 2 + (data[1] & 0x7F)
    return (start, start + int.from_bytes(data[2:start], "big")) if 2 < start <= 6 else (0, 0)


def encoded_private_key(value: bytes) -> Verdict:
    """Judge an armour in base64 once more, as client-key-data in a kubeconfig: kubernetes.io/docs, kubeconfig v1."""
    decoded = unbase64(value)
    return Verdict(False, "does not decode to a private key") if decoded is None else pem_private_key(decoded)


# --- OpenSSH ----------------------------------------------------------------------------------------------------------


def openssh_private_key(value: bytes) -> Verdict:
    armour = _open(value)
    return armour if isinstance(armour, Verdict) else _openssh(armour)


def _openssh(armour: _Armour) -> Verdict:
    """openssh/PROTOCOL.key: magic, cipher, KDF, its options, number of keys, public keys, private keys."""
    data = armour.data
    if data is None:
        return _NOT_BASE64
    if not data.startswith(_OPENSSH_MAGIC):
        return Verdict(False, "not an OpenSSH key: its body does not start with openssh-key-v1")
    try:
        return _openssh_parts(data)
    except struct.error:
        return Verdict(False, "not an OpenSSH key: its parts do not fit its length") if armour.whole else _CUT


def _openssh_parts(data: bytes) -> Verdict:
    cipher, at = _string(data, len(_OPENSSH_MAGIC))
    _, at = _string(data, at)
    _, at = _string(data, at)
    public, at = _string(data, at + 4)  # past the number of keys, which is always 1
    private, at = _string(data, at)
    kind = plain(_string(public, 0)[0].decode("latin-1")).removeprefix("ssh-")
    if cipher != b"none":
        return Verdict(True, f"{kind} OpenSSH key encrypted with a passphrase")
    first, second = struct.unpack_from(">II", private)
    if first != second:
        return Verdict(False, "not an OpenSSH key: its two check numbers differ")
    return Verdict(True, f"{kind} OpenSSH key without a passphrase; its check numbers agree")


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    (size,) = struct.unpack_from(">I", data, at)
    end = at + 4 + size
    if end > len(data):
        raise struct.error
    return data[at + 4 : end], end


# --- PGP --------------------------------------------------------------------------------------------------------------


def pgp_private_key(value: bytes) -> Verdict:
    armour = _open(value)
    return armour if isinstance(armour, Verdict) else _pgp(armour)


def _pgp(armour: _Armour) -> Verdict:
    checksum = _CRC24.search(armour.text) if armour.whole else None
    body = armour.text[: checksum.start()] if checksum else armour.text
    data = unbase64(body if armour.whole else body[: len(body) // 4 * 4])
    if not data:
        return _NOT_BASE64
    packet = data[0] & 0x3F if data[0] & 0x40 else data[0] >> 2 & 0x0F
    if not data[0] & 0x80 or packet not in _PGP_SECRET_KEYS:
        return Verdict(False, "not a PGP private key: it does not start with a secret key packet")
    if not armour.whole:
        return _CUT
    if checksum and unbase64(checksum[1]) != _crc24(data).to_bytes(3, "big"):
        return Verdict(False, "its CRC24 checksum fails: altered, or made up")
    return Verdict(True, "a PGP private key" + ("; its CRC24 checksum holds" if checksum else " that decodes"))


def _crc24(data: bytes) -> int:
    remainder = 0xB704CE
    for byte in data:
        remainder ^= byte << 16
        for _ in range(8):
            remainder <<= 1
            if remainder & 0x1000000:
                remainder ^= 0x1864CFB
    return remainder


# --- PuTTY ------------------------------------------------------------------------------------------------------------

_PUTTY = re.compile(
    rb"""PuTTY-User-Key-File-(?P<version>[123]):\ (?P<kind>[^\r\n]{1,60})\s+Encryption:\ (?P<cipher>[^\r\n]{1,60})
    \s+Comment:\ (?P<comment>[^\r\n]*)\s+Public-Lines:\ \d+(?P<public>[A-Za-z0-9+/=\s]*)
    Private-Lines:\ \d+(?P<private>[A-Za-z0-9+/=\s]*)Private-(?:MAC|Hash):\ (?P<mac>[0-9a-f]+)""",
    re.VERBOSE,
)


_PUTTY_2 = b"putty-private-key-file-mac-key"  # in the second format, and the passphrase after it


def putty_private_key(value: bytes) -> Verdict:
    """Without a passphrase, anyone can compute the Private-MAC over all fields: PuTTY manual, appendix C."""
    found = _PUTTY.fullmatch(value.strip())
    public, private = (
        (unbase64(b"".join(found[part].split())) for part in ("public", "private")) if found else (None,) * 2
    )
    if not found or not public or not private:
        return Verdict(False, "not a PuTTY key: its lines do not decode")
    if found["cipher"] != b"none":
        return Verdict(None, "a PuTTY key encrypted with a passphrase")
    fields = (found["kind"], found["cipher"], found["comment"], public, private)
    content = b"".join(struct.pack(">I", len(part)) + part for part in fields)
    if found["version"] == b"3":
        mac = hmac.digest(b"", content, "sha256")
    elif found["version"] == b"2":
        mac = hmac.digest(hashlib.sha1(_PUTTY_2, usedforsecurity=False).digest(), content, "sha1")
    else:
        return Verdict(None, "a PuTTY key without a passphrase, in the first format")
    if hmac.compare_digest(mac.hex().encode(), found["mac"]):
        return Verdict(True, "a PuTTY key without a passphrase; its Private-MAC holds")
    return Verdict(False, "its Private-MAC fails: altered, or made up")


# --- Google service accounts ------------------------------------------------------------------------------------------

_KEY_FIELD = re.compile(rb'private_key\\{0,4}"\s{0,9}:\s{0,9}\\{0,4}"([^"]*)')
_EMAIL_FIELD = re.compile(rb'client_email\\{0,4}"\s{0,9}:\s{0,9}\\{0,4}"[^"@]{1,64}@([\w.-]+)\.gserviceaccount\.com')


def service_account_json(value: bytes) -> Verdict:
    """Judge a key file, or a piece of one, as JSON or as JSON inside a string literal."""
    key = _KEY_FIELD.search(value)
    if not key:
        return Verdict(None, "without its private_key field in the match")
    verdict = pem_private_key(key[1])
    if not verdict.holds:
        return verdict
    email = _EMAIL_FIELD.search(value)
    if not email:
        return Verdict(None, "its private key decodes; its client_email is not in the match")
    project = plain(email[1].decode("latin-1").removesuffix(".iam"))
    return Verdict(True, f"a service account key of Google Cloud project {project}; its private key decodes")
