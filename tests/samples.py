"""Secrets made for tests, and the ways in which one may be written once more."""

from __future__ import annotations

import base64
import codecs
import html
import json
import random
import string
import zlib
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def marked(seed: int) -> str:
    """A GitHub token the checksum of which holds."""
    body = "".join(random.Random(seed).choices(BASE62, k=30))
    tail, rest = "", zlib.crc32(body.encode())
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        tail = BASE62[digit] + tail
    return "ghp" + "_" + body + tail


def unmarked(seed: int, size: int = 24) -> str:
    return "".join(random.Random(seed).choices(BASE62, k=size))


def private_key(seed: int) -> str:
    """A PEM private key the structure of which fits, without a line feed at its end."""
    noise = b"\2\1\0\2\x81\xf0" + random.Random(seed).randbytes(240)
    text = base64.b64encode(b"\x30\x81" + bytes([len(noise)]) + noise).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN " + "RSA PRIVATE KEY-----", *lines, "-----END " + "RSA PRIVATE KEY-----"])


def spellings(secret: str) -> dict[str, str]:
    """Return a secret as it may stand in a text once more, by the name of the spelling."""
    data = secret.encode()
    return {
        "as it is": secret,
        "backwards": secret[::-1],
        "percent-encoded": "".join(f"%{char:02x}" for char in data),
        "percent-encoded twice": "".join(f"%25{char:02X}" for char in data),
        "as in a query": quote(secret, safe=""),
        "hex": data.hex(),
        "HEX": data.hex().upper(),
        "hex bytes": ", ".join(f"0x{char:02x}" for char in data),
        "base64": base64.b64encode(data).decode(),
        "base64, user and password": base64.b64encode(b"user:" + data).decode(),
        "base64, in the middle": base64.urlsafe_b64encode(b"{'a': '" + data + b"'}").decode(),
        "base64 of UTF-16": base64.b64encode(codecs.encode(secret, "utf-16-le")).decode(),
        r"\x": "".join(f"\\x{char:02x}" for char in data),
        r"\u": "".join(f"\\u{char:04x}" for char in data),
        "octal": "".join(f"\\{char:03o}" for char in data),
        "entities": "".join(f"&#{char};" for char in data),
        "hex entities": "".join(f"&#x{char:x};" for char in data),
        "HTML": html.escape(secret),
        "JSON": json.dumps(secret).replace("/", "\\/")[1:-1],
        "quoted-printable": "".join(f"={char:02X}" for char in data),
    }


def shown(secret: str, text: str, size: int = 10) -> set[str]:
    """Return the spellings of a secret of which `size` characters in a row are in `text`."""
    return {name for name, form in spellings(secret).items() if not _windows(text, size).isdisjoint(_each(form, size))}


@lru_cache(maxsize=1)  # a long text is searched for many secrets
def _windows(text: str, size: int) -> frozenset[str]:
    return frozenset(_each(text, size))


def _each(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(len(text) - size + 1))
