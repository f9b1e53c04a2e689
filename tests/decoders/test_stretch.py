"""Where each byte of a decoded text comes from, and what is text at all."""

from __future__ import annotations

from keytrace.decoders.stretch import Origins, as_text, is_text


def test_origins() -> None:
    origins = Origins()
    origins.add(10, 1, 1, 2)
    origins.add(12, 0, 3)  # decodes to nothing
    origins.add(15, 3, 4, 2)
    origins.add(23, 3, 4)
    assert origins.size == 11
    assert origins.span(0, 2) == (10, 12)
    assert origins.span(1, 3) == (11, 19)
    assert origins.span(6, 8) == (19, 23)
    assert origins.span(10, 11) == (23, 27)


def test_is_text() -> None:
    assert is_text(b"plain\ttext\r\n")
    assert is_text("größer".encode())
    assert not is_text(b"\x00\x01\x02 abc")
    assert not is_text(bytes(range(128, 160)))
    assert as_text(b"\xff\xfea\0b\0c\0d\0e\0f\0") is not None
    assert as_text(b"a\0\0\0\0\0\0\0\0\0\0\0") is None
