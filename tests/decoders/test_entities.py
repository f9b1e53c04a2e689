"""HTML entities."""

from __future__ import annotations

import html

from .reading import decoded


def test_named_entities() -> None:
    assert decoded("HTML entities", "a=&quot;x&amp;y&quot; b") == [b'"x&y"']
    assert decoded("HTML entities", "&nothing; &of; &this;") == []
    text = "<a href='x'>\"é\" & more</a>"
    assert decoded("HTML entities", html.escape(text)) == [b"<a href='x'>\"\xc3\xa9\" & more</a>"]
