from __future__ import annotations

import libcst as cst
import pytest

from keytrace.fixers.edits import Refused
from keytrace.fixers.program import Program, constant, dotted, parsed


def test_places_are_bytes() -> None:
    program = Program('é = "ü"\r\n\fx = ("a" "b")\r\n'.encode())
    (text,) = program.nodes(cst.ConcatenatedString)
    assert program.text(text) == b'"a" "b"'
    assert program.newline == b"\r\n"
    assert program.data.count(b"\f") == 1


def test_around_begins_with_the_innermost() -> None:
    program = Program(b"f(x, [1, 2])\n")
    kinds = [type(node).__name__ for node in program.around(6, 7)]
    assert kinds[:2] == ["Integer", "Element"]
    assert kinds[-1] == "Module"


@pytest.mark.parametrize("source", [b"print 'x'\n", b"x = (\n", b"\xff = 1\n"])
def test_what_does_not_parse_is_refused(source: bytes) -> None:
    with pytest.raises(Refused, match="not Python 3"):
        parsed(source)


def test_constants_are_folded() -> None:
    assert constant(cst.parse_expression("'a' \"b\"")) == "ab"
    assert constant(cst.parse_expression("'a' + 'b' 'c'")) == "abc"
    assert constant(cst.parse_expression("b'a' + b'b'")) == b"ab"
    assert constant(cst.parse_expression("'a' + x")) is None


def test_paths_of_names() -> None:
    assert dotted(cst.parse_expression("a.b.c")) == "a.b.c"
    assert not dotted(cst.parse_expression("a().b"))
