"""A secret is found again in any spelling, and what else stands on the line is left alone."""

from __future__ import annotations

from hashlib import sha256

import pytest

from keytrace.redaction.spellings import Beginnings, Exact, Values, is_word, merged, parts
from tests.samples import shown, spellings, unmarked

VALUES = [unmarked(3, 36), unmarked(4, 12) + '/+"&<\\', "Pa5s" + "-w0rd", "correct-horse" + "-battery"]


def hidden(line: str, *secrets: str) -> str:
    data = line.encode()
    for start, end in reversed(Values(secret.encode() for secret in secrets).spans(data)):
        data = data[:start] + b"****" + data[end:]
    return data.decode()


@pytest.mark.parametrize("value", VALUES)
def test_a_secret_in_each_spelling(value: str) -> None:
    for name, form in spellings(value).items():
        line = hidden(f'fetch("https://example.org/a?q={form}&n=1")  # of the shop', value)
        assert line.startswith('fetch("https://example.org/a?q='), name
        assert line.endswith('&n=1")  # of the shop'), name
        left = line.removeprefix('fetch("https://example.org/a?q=').removesuffix('&n=1")  # of the shop')
        assert "****" in left or name == "base64 of UTF-16", name
        assert name.startswith("base64") or left == "****", (name, left)
        assert not shown(value, line), name


def test_a_part_of_a_secret() -> None:
    secret = unmarked(6, 32)
    assert hidden(f"x  # begins {secret[:12]}, ends {secret[-9:]}", secret) == "x  # begins ****, ends ****"
    assert hidden(f"x  # {secret[:6]}", secret) == f"x  # {secret[:6]}"


def test_hexadecimal_digits_in_the_other_case() -> None:
    value = sha256(b"a value").hexdigest()[:32]
    assert hidden(f"x = {value.upper()}", value) == "x = ****"


def test_public_parts_are_no_secrets() -> None:
    url = "https://hooks.example.org/services/" + unmarked(7)
    assert hidden("open https://hooks.example.org/help", url) == "open https://hooks.example.org/help"
    key = "-----BEGIN " + "PRIVATE KEY-----\n" + unmarked(8, 64) + "\n-----END PRIVATE KEY-----"
    assert hidden("-----BEGIN CERTIFICATE----- PRIVATE KEY-----", key).endswith("PRIVATE KEY-----")


def test_words_are_hidden_only_as_a_whole() -> None:
    assert hidden("password: use the password1 of today", "password1") == "password: use the **** of today"
    assert [is_word(value) for value in (b"root", b"changeme", b"Changeme", b"hunter22", b"correcthorsebattery")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert list(parts(b"aaaaaaaaaa")) == []


def test_merged() -> None:
    assert merged([(4, 6), (0, 3), (3, 4), (9, 10)]) == [(0, 6), (9, 10)]


def test_nothing_is_found_of_nothing() -> None:
    assert Values([]).spans(b"password") == []
    assert Values([b"abc"]).spans(b"abc abc") == []


def test_a_secret_that_the_end_of_a_text_cuts_short() -> None:
    """Of two that begin alike the shorter stands there; in hexadecimal, its end must not be looked for behind it."""
    short, long = b"Ab3d" + b"Xy7z" * 2, b"Ab3d" + b"Kq9w" * 4
    values = Values([short, long])
    text = b"x = " + short.hex().encode()
    assert values.spans(text) == [(4, len(text))]
    assert Exact([short, long]).spans("x = " + short.decode()) == [(4, 4 + len(short))]


def test_a_glance_misses_no_spelling() -> None:
    for value in (*VALUES, unmarked(9, 600), "0123" + "456789abcdef" * 2, "a\\x62" + "c!"):
        for form in (*spellings(value).values(), value[::-1]):
            assert Beginnings([b"x", f"of {form} the shop".encode()]).may_hold(value.encode()), form
    assert not any(Beginnings([b"of the shop", b"\n" * 40]).may_hold(value.encode()) for value in VALUES)


def test_what_stands_above_the_lines_of_a_key_is_no_part_of_it() -> None:
    lines = unmarked(12, 64)
    key = f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: of the shop\nPrivate-Lines: 1\n{lines}\n"
    values = Values([key.encode()])
    assert values.spans(b"Hardcoded: Encryption key") == values.spans(b"of the shop") == []
    assert values.spans(lines.encode()) == [(0, len(lines))]
