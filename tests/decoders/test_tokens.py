"""Single characters that are encoded: what percent-encoding, escapes, entities and quoted-printable share."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from .reading import decoded

# --- base64 -----------------------------------------------------------------------------------------------------------


# --- hex --------------------------------------------------------------------------------------------------------------


# --- single characters ------------------------------------------------------------------------------------------------

CHARACTERS: dict[str, tuple[str, Callable[[str], str]]] = {
    "percent": ("percent-encoding", lambda text: "".join(f"%{byte:02x}" for byte in text.encode())),
    "percent upper": ("percent-encoding", lambda text: "".join(f"%{byte:02X}" for byte in text.encode())),
    "json": ("escapes", lambda text: "".join(f"\\u{ord(char):04x}" for char in text)),
    "braced": ("escapes", lambda text: "".join(f"\\u{{{ord(char):X}}}" for char in text)),
    "long": ("escapes", lambda text: "".join(f"\\U{ord(char):08x}" for char in text)),
    "bytes": ("escapes", lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode())),
    "octal": ("escapes", lambda text: "".join(f"\\{byte:03o}" for byte in text.encode())),
    "decimal": ("HTML entities", lambda text: "".join(f"&#{ord(char)};" for char in text)),
    "hexadecimal": ("HTML entities", lambda text: "".join(f"&#x{ord(char):x};" for char in text)),
    "quoted-printable": ("quoted-printable", lambda text: "".join(f"={byte:02X}" for byte in text.encode())),
}


@pytest.mark.parametrize("kind", CHARACTERS)
def test_characters(kind: str) -> None:
    name, encode = CHARACTERS[kind]
    assert decoded(name, encode("secret")) == [b"secret"]
    lead = " " if name == "quoted-printable" else ""  # the byte before belongs to it: it may be all there is
    assert decoded(name, "a " + encode("sec") + "et-" + encode("key é") + " z") == [f"{lead}secet-key é".encode()]
    assert decoded(name, encode("se") + " far away, in another part of the sentence " + encode("cr")) == []


def test_bytes_that_are_no_text_are_not_decoded() -> None:
    noise = random.Random(7).randbytes(600)
    assert decoded("escapes", "".join(f"\\x{byte:02x}" for byte in noise)) == []
    assert decoded("percent-encoding", "".join(f"%{byte:02x}" for byte in noise)) == []
    assert decoded("escapes", "".join(f"\\u{ord(char):04x}" for char in "密码是一个秘密" * 9)) == []


# --- where it comes from ----------------------------------------------------------------------------------------------
