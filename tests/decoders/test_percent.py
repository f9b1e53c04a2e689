"""Percent-encoding, as in URLs."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from .reading import decoded


@pytest.mark.parametrize("text", ["https://host.io/?a=b&c=d", "ä=1&b=2&c=ß"])
def test_percent(text: str) -> None:
    assert decoded("percent-encoding", quote(text, safe=""))[0].decode() in text


@pytest.mark.parametrize("text", ["100% of 20% and 5%", "%zz%zz%zz", "%", "a%20b", "%41"])
def test_what_is_not_encoded(text: str) -> None:
    assert decoded("percent-encoding", text) == []
