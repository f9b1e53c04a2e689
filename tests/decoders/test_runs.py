"""Runs of the characters of an alphabet that are no text."""

from __future__ import annotations

import base64
import random
import textwrap
from collections.abc import Iterator

import pytest

from keytrace.decoders import OWNERS
from keytrace.decoders.base64 import _alphabet, _decode
from keytrace.decoders.runs import stretches
from keytrace.decoders.stretch import Origins

from .reading import FAST, TEXT, b64, decoded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "configurationManagerFactoryBean",
        "/usr/local/lib/python3/site-packages/requests/adapters.py",
        "0123456789abcdef" * 4,
        b64(random.Random(3).randbytes(4000)),
        "\n".join(textwrap.wrap(b64(random.Random(4).randbytes(4000)), 64)),
        random.Random(5).randbytes(4000).hex(),
        b64("too short")[:12],
    ],
)
def test_what_is_no_base64_of_text(text: str) -> None:
    assert decoded("base64", text) == []
    assert decoded("hex", text) == []


def _mail(turns: int) -> bytes:
    """Wrapped base64 of text and of anything else, in turns."""
    random_bytes = random.Random(6).randbytes
    return base64.encodebytes(b"".join(TEXT.encode() + b" " * 12 + random_bytes(684) for _ in range(turns)))


def test_lines_of_text_in_a_run_that_is_none_are_found() -> None:
    text = (TEXT * 5)[:171]  # three lines
    data = random.Random(7).randbytes(1140)
    mail = base64.encodebytes(data + text.encode() + data + text[:57].encode() + data)
    assert decoded("base64", mail) == [text.encode(), text[:57].encode()]


@pytest.mark.parametrize("turns", [20, 200])
def test_a_run_that_is_no_text_is_read_a_few_times_however_long(turns: int) -> None:
    data = _mail(turns)
    read = 0

    def counting(text: bytes) -> Iterator[tuple[int, bytes, tuple[Origins, ...]]]:
        nonlocal read
        read += len(text)
        yield from _decode(text)

    ends = sorted({end for number, of_one in FAST.scan(data).items() if OWNERS[number] == "base64" for end in of_one})
    assert len(ends) >= turns
    assert len(list(stretches(data, ends, _alphabet(), counting))) >= turns
    assert read <= 4 * len(data)
