"""Each encoding by itself: what is decoded, what is not, and where each byte comes from."""

from __future__ import annotations

import base64
import binascii
import html
import json
import quopri
import random
import re
import textwrap
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrace.decoders import DECODERS, OWNERS, TRIGGERS
from keytrace.decoders.stretch import Origins, Stretch, as_text, is_text
from keytrace.match.multipattern import build_index

FAST, SLOW = build_index(TRIGGERS), build_index(TRIGGERS, hyperscan=False)
TEXT = "The quick brown fox: jumps_over=the+lazy/dog?"


def stretches(name: str, data: bytes, *, hyperscan: bool = True) -> list[Stretch]:
    hits = (FAST if hyperscan else SLOW).scan(data)
    ends = sorted({end for number, of_one in hits.items() if OWNERS[number] == name for end in of_one})
    return list(DECODERS[name].find(data, ends)) if ends else []


def decoded(name: str, text: str | bytes) -> list[bytes]:
    data = text.encode() if isinstance(text, str) else text
    found = stretches(name, data)
    assert found == stretches(name, data, hyperscan=False) or [s.data for s in found] == [
        s.data for s in stretches(name, data, hyperscan=False)
    ]
    return [stretch.data for stretch in found]


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


# --- base64 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", range(12, 24))
def test_base64_of_any_length(cut: int) -> None:
    text = TEXT[:cut]
    for encoded in (b64(text), b64(text).rstrip("="), base64.urlsafe_b64encode(text.encode()).decode()):
        if len(encoded) < 16:
            continue
        for before, behind in (
            ("", ""),
            ('x = "', '"'),
            ("key: ", "\r\n"),
            ("data:text/plain;base64,", ")"),
            ("/a/", "&"),
        ):
            assert decoded("base64", before + encoded + behind) == [text.encode()]


@pytest.mark.parametrize("indent", ["", "    ", "\t", "# ", " * ", "> "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", "\\r\\n"])
@pytest.mark.parametrize("width", [60, 64, 76, 33])
def test_wrapped_base64(indent: str, end: str, width: int) -> None:
    text = TEXT * 6
    if "\\" in end:
        indent = ""
    lines = textwrap.wrap(b64(text), width)
    assert decoded("base64", "a: |\n" + indent + (end + indent).join(lines) + end + "next: é") == [text.encode()]


def test_base64_in_string_literals_over_several_lines() -> None:
    text = TEXT * 4
    lines = textwrap.wrap(b64(text), 64)
    for joint in ('"\n    "', '" +\n    "', "'\n  + '", '" \\\n  "', '"\n    b"'):
        quote = joint[0]
        assert decoded("base64", f"x = ({quote}{joint.join(lines)}{quote})") == [text.encode()]


def test_base64_with_escaped_slashes() -> None:
    text = "?>?>~~ secret~~~ text?>?>??? of many?>?>??? slashes"
    assert "/" in b64(text)
    assert decoded("base64", json.dumps({"a": b64(text)}).replace("/", r"\/")) == [text.encode()]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_base64_of_utf_16(encoding: str) -> None:
    text = "$token = 'é \U0001f511'; Invoke-WebRequest"
    (found,) = stretches("base64", f"powershell -enc {b64(text.encode(encoding))}\n".encode())
    assert found.data == text.encode()


def test_what_starts_with_other_than_ascii_and_is_padded() -> None:
    for text in ("Schlüssel des Hauses 1", "Schlüssel des Hauses 123"):
        assert decoded("base64", b64(text)) == [text.encode()]


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


# --- hex --------------------------------------------------------------------------------------------------------------


def test_hex() -> None:
    for digits in (TEXT.encode().hex(), TEXT.encode().hex().upper()):
        for before in ("", "0x", "x'", "\\x", "a"):
            assert decoded("hex", f"{before}{digits};") == [TEXT.encode()]
    assert decoded("hex", "\n".join(textwrap.wrap((TEXT * 3).encode().hex(), 60))) == [(TEXT * 3).encode()]
    assert decoded("hex", TEXT.encode("utf-16-le").hex()) == [TEXT.encode()]


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


def test_named_entities() -> None:
    assert decoded("HTML entities", "a=&quot;x&amp;y&quot; b") == [b'"x&y"']
    assert decoded("HTML entities", "&nothing; &of; &this;") == []
    text = "<a href='x'>\"é\" & more</a>"
    assert decoded("HTML entities", html.escape(text)) == [b"<a href='x'>\"\xc3\xa9\" & more</a>"]


def test_json_with_escaped_slashes_and_pairs() -> None:
    assert decoded("escapes", r"https:\/\/host.io\/a\/b\n") == [b"//host.io/a/b\n"]
    assert decoded("escapes", r"\u0041\u0042\u0043\ud83d\udd11\"") == ['ABC\U0001f511"'.encode()]
    assert decoded("escapes", r"\\u0041\\u0042\\u0043") == [rb"\u0041\u0042" + b"\\"]
    assert decoded("escapes", r"\uZZZZ \x4 \U00110000 \1") == []


def test_bytes_that_are_no_text_are_not_decoded() -> None:
    noise = random.Random(7).randbytes(600)
    assert decoded("escapes", "".join(f"\\x{byte:02x}" for byte in noise)) == []
    assert decoded("percent-encoding", "".join(f"%{byte:02x}" for byte in noise)) == []
    assert decoded("escapes", "".join(f"\\u{ord(char):04x}" for char in "密码是一个秘密" * 9)) == []


def test_quoted_printable() -> None:
    mail = "Content-Transfer-Encoding: quoted-printable\n\nThe token is abcdef=\nghijkl. That=\r\n is all."
    assert b"".join(decoded("quoted-printable", mail)) == b"fghijkl. That"
    assert decoded("quoted-printable", "f(x=20, y=30, z=40, w=3D)\na =\n b") == []
    long = '<a href=3D"https://host.io/?token=3Dabc=\n=3D">' + "é" * 90
    assert urllib.parse.quote("=") == "%3D"
    body = quopri.encodestring(long.encode())
    assert b"".join(decoded("quoted-printable", body)).count(b"=3D") >= 3  # encoded twice over


# --- where it comes from ----------------------------------------------------------------------------------------------

BACK: dict[str, Callable[[bytes], bytes]] = {
    "base64": lambda span: base64.b64decode(re.sub(rb"[^A-Za-z0-9+/=]", b"", span)),
    "hex": lambda span: bytes.fromhex(span.decode()),
    "percent-encoding": urllib.parse.unquote_to_bytes,
    "escapes": lambda span: json.loads(b'"' + span + b'"').encode(),
    "HTML entities": lambda span: html.unescape(span.decode()).encode(),
    "quoted-printable": quopri.decodestring,
}
ENCODE: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "hex": binascii.hexlify,
    "percent-encoding": lambda text: "".join(f"%{byte:02x}" for byte in text).encode(),
    "escapes": lambda text: b"".join(
        b"\\u%04x" % ord(char) if char in "aey" else json.dumps(char)[1:-1].encode() for char in text.decode()
    ),
    "HTML entities": lambda text: "".join(f"&#{ord(char)};" for char in text.decode()).encode(),
    "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text).encode(),
}


@pytest.mark.parametrize("name", DECODERS)
@settings(max_examples=60, deadline=None)
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
            assert len(BACK[name](source[first:last])) <= len(value) + 4


@settings(max_examples=300, deadline=None)
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
