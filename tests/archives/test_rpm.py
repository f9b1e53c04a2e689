"""rpm."""

from __future__ import annotations

import lzma

from tests.archives.making import FILES, read, rpm, wrong


def test_its_members() -> None:
    scripts = b"#!/bin/sh\necho\0"
    expected = {f"a.rpm!{name}": data for name, data in FILES.items() if data}
    assert read(rpm(FILES, scripts), "a.rpm") == {"a.rpm!header": scripts, **expected}
    alone = rpm(FILES, scripts, lambda data: lzma.compress(data, lzma.FORMAT_ALONE))
    assert read(alone, "a.rpm") == {"a.rpm!header": scripts, **expected}


def test_what_is_damaged() -> None:
    data = rpm(FILES)
    assert wrong(data[:100]) == [("a", "cannot be read to its end: it ends too early")]
    assert wrong(data[:96] + b"x" * 100) == [("a", "cannot be read to its end: its header is damaged")]
    assert wrong(data[:96] + b"\x8e\xad\xe8\x01" + b"\xff" * 100) == [
        ("a", "cannot be read to its end: its header is damaged")
    ]
