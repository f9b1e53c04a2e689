"""What holds for every decoder, on whatever bytes."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import json
import quopri
import re
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.decoders import DECODERS

from .reading import stretches

RUN = b"</w:t></w:r><w:r><w:t>"

BACK: dict[str, Callable[[bytes], bytes]] = {
    "base64": lambda span: base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", span)),
    "gzip in base64": lambda span: gzip.decompress(base64.b64decode(span)),
    "base32": lambda span: base64.b32decode(span + b"=" * (-len(span) % 8)),
    "hex": lambda span: bytes.fromhex(span.decode()),
    "percent-encoding": urllib.parse.unquote_to_bytes,
    "escapes": lambda span: json.loads(b'"' + span + b'"').encode(),
    "HTML entities": lambda span: html.unescape(span.decode()).encode(),
    "quoted-printable": quopri.decodestring,
    "markup": lambda span: span.replace(RUN, b""),
}


ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(text)),
    "base32": base64.b32encode,
    "hex": binascii.hexlify,
    "percent-encoding": lambda text: "".join(f"%{byte:02x}" for byte in text).encode(),
    "escapes": lambda text: b"".join(
        b"\\u%04x" % ord(char) if char in "aey" else json.dumps(char)[1:-1].encode() for char in text.decode()
    ),
    "HTML entities": lambda text: "".join(f"&#{ord(char)};" for char in text.decode()).encode(),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text).encode(),
    "markup": lambda text: RUN.join(re.findall(b"(?s).{1,7}", text)),
}


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=60)
@given(st.data())
def test_the_span_encodes_the_value(name: str, data: st.DataObject) -> None:
    text = data.draw(
        st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=20, max_size=200)
    ).encode()
    text = b"a key e and more a e a e" + text
    source = "é\r\n".encode() + ENCODE[name](text) + b"\r\n"
    for stretch in stretches(name, source):
        start = data.draw(st.integers(0, len(stretch.data) - 1))
        end = data.draw(st.integers(start + 1, len(stretch.data)))
        first, last = stretch.span(start, end)
        assert 0 <= stretch.start <= first < last <= stretch.end <= len(source)
        value = stretch.data[start:end]
        if value.decode("utf-8", "ignore").encode() == value:
            assert value in BACK[name](source[first:last])
            if name != "gzip in base64":  # of which no part can be told from the others
                assert len(BACK[name](source[first:last])) <= len(value) + 8


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.binary(max_size=60).map(base64.b64encode),
            st.text(max_size=60).map(lambda text: base64.b64encode(text.encode("utf-16-le", "replace"))),
            st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace").hex().encode()),
            st.sampled_from(
                [b"\n", b"\r\n", b"\\", b"\\n", b"=", b"==", b"%", b"&", b"&#", b";", b'"', b"\\u", b"=3D"]
            ),
            st.sampled_from([b"%41%42%43", b"\\u0041\\u0042\\x43", b"&#65;&amp;&#x43;", b"=41=42=43", b"QUJD" * 5]),
        ),
        max_size=12,
    ).map(b"".join)
)
def test_any_bytes(source: bytes) -> None:
    for name in DECODERS:
        position = 0
        found = stretches(name, source)
        assert found == [] or stretches(name, source, hyperscan=False) != []
        for stretch in found:
            assert position <= stretch.start < stretch.end <= len(source)
            position = stretch.end
            assert stretch.data
            edges = (stretch.span(0, 1), stretch.span(len(stretch.data) - 1, len(stretch.data)))
            assert all(stretch.start <= start < end <= stretch.end for start, end in edges)
