"""Base64, in whatever it is wrapped."""

from __future__ import annotations

import base64
import json
import textwrap

import pytest

from .reading import TEXT, b64, decoded, stretches


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
