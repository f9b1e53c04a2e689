"""Runs of the characters of an alphabet that are no text."""

from __future__ import annotations

import random
import textwrap

import pytest

from .reading import b64, decoded


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
