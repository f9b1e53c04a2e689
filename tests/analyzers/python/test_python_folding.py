"""What constant expressions come to, and what is too large to be worked out."""

from __future__ import annotations

import base64
import codecs

import pytest

from keytrace.analyzers.python.interpret import folding
from keytrace.analyzers.python.interpret.values import LONGEST_CONST, UNKNOWN, Const

TEXT = "se" + "cr:et"
BYTES = TEXT.encode()


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("+", "a", "b", "ab"),
        ("+", "", "", ""),
        ("+", b"a", b"b", b"ab"),
        ("+", "a", b"b", UNKNOWN),
        ("+", "a", 1, UNKNOWN),
        ("+", "a", None, UNKNOWN),
        ("+", "a", UNKNOWN, UNKNOWN),
        ("*", "ab", 3, "ababab"),
        ("*", 3, "ab", "ababab"),
        ("*", b"ab", 2, b"abab"),
        ("*", "ab", 0, ""),
        ("*", "ab", -1, UNKNOWN),
        ("*", "ab", 1.0, UNKNOWN),
        ("*", "ab", "ab", UNKNOWN),
        ("*", "ab", UNKNOWN, UNKNOWN),
        ("-", "ab", "b", UNKNOWN),
        ("@", "ab", 1, UNKNOWN),
        ("+", "a" * LONGEST_CONST, "", "a" * LONGEST_CONST),
        ("+", "a" * LONGEST_CONST, "b", UNKNOWN),
        ("+", b"a" * LONGEST_CONST, b"b", UNKNOWN),
        ("*", "a", LONGEST_CONST, "a" * LONGEST_CONST),
        ("*", "a", LONGEST_CONST + 1, UNKNOWN),
        ("*", "a", 10**9, UNKNOWN),
        ("*", 10**9, b"a", UNKNOWN),
        ("*", "a", 10**30, UNKNOWN),
        ("*", "a", -(10**30), UNKNOWN),
    ],
)
def test_operation(operator: str, left: Const, right: Const, result: Const) -> None:
    assert folding.operation(operator, left, right) == result


@pytest.mark.parametrize(
    ("value", "lower", "upper", "step", "result"),
    [
        ("abcdef", 1, 3, None, "bc"),
        ("abcdef", None, None, -1, "fedcba"),
        ("abcdef", -2, None, None, "ef"),
        ("abcdef", None, None, 2, "ace"),
        (b"abcdef", 2, None, None, b"cdef"),
        ("abcdef", 10**30, None, None, ""),
        ("abcdef", None, 10**30, None, "abcdef"),
        ("abcdef", None, None, 0, UNKNOWN),
        ("abcdef", UNKNOWN, None, None, UNKNOWN),
        ("abcdef", None, UNKNOWN, None, UNKNOWN),
        ("abcdef", "1", None, None, UNKNOWN),
        ("abcdef", 1.0, None, None, UNKNOWN),
        (12, None, 1, None, UNKNOWN),
        (UNKNOWN, None, 1, None, UNKNOWN),
        (None, None, None, None, UNKNOWN),
    ],
)
def test_cut(value: Const, lower: Const, upper: Const, step: Const, result: Const) -> None:
    assert folding.cut(value, lower, upper, step) == result


@pytest.mark.parametrize(
    ("name", "value", "arguments", "result"),
    [
        ("encode", "é", (), "é".encode()),
        ("encode", "é", ("latin-1",), b"\xe9"),
        ("encode", "é", ("ascii",), UNKNOWN),
        ("encode", "é", ("no such encoding",), UNKNOWN),
        ("encode", b"a", (), UNKNOWN),
        ("decode", b"\xc3\xa9", (), "é"),
        ("decode", b"\xe9", ("latin-1",), "é"),
        ("decode", b"\xe9", (), UNKNOWN),
        ("decode", b"\xe9", ("rot13",), UNKNOWN),
        ("decode", "a", (), UNKNOWN),
        ("strip", " a ", (), "a"),
        ("strip", "xax", ("x",), "a"),
        ("lstrip", " a ", (), "a "),
        ("rstrip", " a ", (), " a"),
        ("strip", b" a ", (), b"a"),
        ("strip", "a", (b"a",), UNKNOWN),
        ("strip", "a", (1,), UNKNOWN),
        ("strip", "a", ("a", "b"), UNKNOWN),
        ("upper", "ab", (), "AB"),
        ("lower", "AB", (), "ab"),
        ("title", "ab cd", (), "Ab Cd"),
        ("capitalize", "ab cd", (), "Ab cd"),
        ("swapcase", "Ab", (), "aB"),
        ("casefold", "STRASSE", (), "strasse"),
        ("casefold", b"A", (), UNKNOWN),
        ("upper", "ab", ("x",), UNKNOWN),
        ("replace", "a-b-c", ("-", ""), "abc"),
        ("replace", b"a-b", (b"-", b"+"), b"a+b"),
        ("replace", "a-b", ("-",), UNKNOWN),
        ("removeprefix", "a-b", ("a-",), "b"),
        ("removesuffix", "a-b", ("-b",), "a"),
        ("hex", b"\x01\xff", (), "01ff"),
        ("hex", "a", (), UNKNOWN),
        ("zfill", "a", (10**9,), UNKNOWN),
        ("ljust", "a", (10**9,), UNKNOWN),
        ("center", "a", (10**9,), UNKNOWN),
        ("expandtabs", "\t", (10**9,), UNKNOWN),
        ("format", "{}", ("a",), UNKNOWN),
        ("join", "", ("a",), UNKNOWN),
        ("split", "a b", (), UNKNOWN),
        ("__len__", "a b", (), UNKNOWN),
        ("__class__", "a b", (), UNKNOWN),
        ("no_such_method", "a b", (), UNKNOWN),
        ("upper", 1, (), UNKNOWN),
        ("upper", None, (), UNKNOWN),
        ("upper", UNKNOWN, (), UNKNOWN),
        ("strip", "a", (UNKNOWN,), UNKNOWN),
        ("hex", b"a" * LONGEST_CONST, (), UNKNOWN),
    ],
)
def test_method(name: str, value: Const, arguments: tuple[Const, ...], result: Const) -> None:
    assert folding.method(name, value, arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("str", ("a",), "a"),
        ("str", (12,), "12"),
        ("str", (b"a", "ascii"), "a"),
        ("str", (b"a",), "b'a'"),
        ("str", (None,), "None"),
        ("bytes", ("é", "latin-1"), b"\xe9"),
        ("bytes", (b"a",), b"a"),
        ("bytes", (5,), UNKNOWN),
        ("bytes", (10**9,), UNKNOWN),
        ("bytearray", (10**9,), UNKNOWN),
        ("bytearray", ("a", "ascii"), b"a"),
        ("bytes.fromhex", ("61 62",), b"ab"),
        ("bytearray.fromhex", ("6162",), b"ab"),
        ("bytes.fromhex", ("6",), UNKNOWN),
        ("bytes.fromhex", (b"61",), UNKNOWN),
        ("chr", (97,), "a"),
        ("chr", (-1,), UNKNOWN),
        ("chr", (10**9,), UNKNOWN),
        ("chr", (True,), UNKNOWN),
        ("chr", ("a",), UNKNOWN),
        ("reversed", ("abc",), "cba"),
        ("reversed", (b"abc",), b"cba"),
        ("reversed", (12,), UNKNOWN),
        ("base64.b64decode", (base64.b64encode(BYTES).decode(),), BYTES),
        ("base64.b64decode", (base64.b64encode(BYTES),), BYTES),
        ("base64.standard_b64decode", (base64.b64encode(BYTES),), BYTES),
        ("base64.urlsafe_b64decode", (base64.urlsafe_b64encode(b"\xff\xfe\xfd"),), b"\xff\xfe\xfd"),
        ("base64.b32decode", (base64.b32encode(BYTES).decode(),), BYTES),
        ("base64.b16decode", (base64.b16encode(BYTES).decode(),), BYTES),
        ("base64.b85decode", (base64.b85encode(BYTES).decode(),), BYTES),
        ("base64.a85decode", (base64.a85encode(BYTES).decode(),), BYTES),
        ("base64.decodebytes", (base64.encodebytes(BYTES),), BYTES),
        ("base64.b64decode", ("a",), UNKNOWN),
        ("base64.b64decode", ("é",), UNKNOWN),
        ("base64.b64decode", (12,), UNKNOWN),
        ("base64.b32decode", ("1",), UNKNOWN),
        ("binascii.unhexlify", (BYTES.hex(),), BYTES),
        ("binascii.a2b_hex", (BYTES.hex(),), BYTES),
        ("binascii.a2b_base64", (base64.b64encode(BYTES),), BYTES),
        ("binascii.unhexlify", ("6",), UNKNOWN),
        ("codecs.decode", (codecs.encode(TEXT, "rot13"), "rot13"), TEXT),
        ("codecs.encode", (TEXT, "rot_13"), codecs.encode(TEXT, "rot13")),
        ("codecs.decode", (BYTES.hex().encode(), "hex"), BYTES),
        ("codecs.decode", (base64.b64encode(BYTES), "base64"), BYTES),
        ("codecs.decode", (BYTES,), TEXT),
        ("codecs.decode", (TEXT, "utf-8"), UNKNOWN),
        ("codecs.decode", (TEXT, "no such codec"), UNKNOWN),
        ("codecs.decode", (b"not compressed", "zlib"), UNKNOWN),
        ("textwrap.dedent", ("  a\n  b",), "a\nb"),
        ("textwrap.dedent", (12,), UNKNOWN),
        ("os.fsencode", ("a",), b"a"),
        ("len", ("a",), UNKNOWN),
        ("eval", ("1",), UNKNOWN),
        ("str", (), UNKNOWN),
        ("str", (UNKNOWN,), UNKNOWN),
        ("str", ("a" * (LONGEST_CONST + 1),), UNKNOWN),
        ("chr", (97, 98), UNKNOWN),
    ],
)
def test_call(name: str, arguments: tuple[Const, ...], result: Const) -> None:
    assert folding.call(name, arguments) == result


@pytest.mark.parametrize(
    ("template", "arguments", "result"),
    [
        ("%s:%s", ("a", "b"), "a:b"),
        ("%d%%", (5,), "5%"),
        ("%r", ("a",), "'a'"),
        ("%5s|", ("a",), "    a|"),
        ("%.1s", ("abc",), "a"),
        ("a", (), "a"),
        ("%s", (), UNKNOWN),
        ("%s", ("a", "b"), UNKNOWN),
        ("%d", ("a",), UNKNOWN),
        ("%q", ("a",), UNKNOWN),
        ("%", (), UNKNOWN),
        ("%(a)s", ("a",), UNKNOWN),
        ("%*d", (10**9, 1), UNKNOWN),
        ("%.*f", (10**9, 1.0), UNKNOWN),
        ("%s" * 64, ("a",) * 64, UNKNOWN),
        ("%s%s", ("a" * LONGEST_CONST, "b"), UNKNOWN),
        ("%s", (UNKNOWN,), UNKNOWN),
        (b"%s", ("a",), UNKNOWN),
        (UNKNOWN, ("a",), UNKNOWN),
        (12, (5,), UNKNOWN),
    ],
)
def test_percent(template: Const, arguments: tuple[Const, ...], result: Const) -> None:
    assert folding.percent(template, arguments) == result


@pytest.mark.parametrize(
    ("template", "pieces"),
    [
        ("a {} b", [("a ", "", ""), (" b", None, "")]),
        ("{a.b[c]:>5}", [("", "a.b[c]", ">5")]),
        ("{0}{1}", [("", "0", ""), ("", "1", "")]),
        ("{{a}}", [("{", None, ""), ("a}", None, "")]),
        ("", []),
        ("{", None),
        ("}", None),
        ("{a:99999999999}", [("", "a", "99999999999")]),
    ],
)
def test_format_pieces(template: str, pieces: list[tuple[str, str | None, str]] | None) -> None:
    assert folding.format_pieces(template) == pieces


@pytest.mark.parametrize(
    ("template", "pieces"),
    [
        ("", [("", None, None)]),
        ("a", [("a", None, None)]),
        ("a %s b", [("a ", "", None), (" b", None, None)]),
        ("%(user)s:%(pw)s", [("", "user", None), (":", "pw", None), ("", None, None)]),
        ("100%% of %d", [("100% of ", "", 0), ("", None, None)]),
        ("%-10.3f|", [("", "", 0), ("|", None, None)]),
        ("%-10.3s|", [("", "", 3), ("|", None, None)]),
        ("%9999999d", [("", "", 0), ("", None, None)]),
        ("%.99999s", [("", "", None), ("", None, None)]),
    ],
)
def test_percent_pieces(template: str, pieces: list[tuple[str, str | None, int | None]]) -> None:
    assert folding.percent_pieces(template) == pieces


@pytest.mark.parametrize("template", ["%", "a%", "%(a", "%(", "%5", "%%%", "%(a)", "%" * 1001])
def test_percent_pieces_of_what_is_no_template(template: str) -> None:
    pieces = folding.percent_pieces(template)
    assert pieces[-1][1] is None
    assert all(name is not None for _, name, _ in pieces[:-1])
