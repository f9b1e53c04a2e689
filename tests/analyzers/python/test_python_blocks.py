"""A program cut into blocks, against what Python itself says where statements begin."""

from __future__ import annotations

import ast
import random
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace.analyzers.python.outline.blocks import cut, multiline_strings

_CLAUSES = ast.If | ast.For | ast.While | ast.Try | ast.With


def starts(text: str) -> set[int]:
    """Return the lines on which Python says that statements of the top level and of classes begin."""
    return set(_starts(ast.parse(text).body))


def _starts(body: list[ast.stmt]) -> Iterator[int]:
    for node in body:
        yield min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        if isinstance(node, ast.ClassDef):
            yield from _starts(node.body)


def names(text: str) -> list[str]:
    return [block.name or block.word.decode() for block in cut(text.encode(), multiline_strings(text.encode()))]


def test_every_statement_of_the_standard_library_begins_a_block() -> None:
    files = [
        file for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
        if not {"site-packages", "lib2to3"} & set(file.parts) and file.stat().st_size < 100_000
    ]  # fmt: skip
    wrong = {}
    for file in random.Random(1).sample(files, 300):
        try:
            text = file.read_bytes().decode()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                wanted = starts(text)
        except (UnicodeDecodeError, SyntaxError):
            continue
        data = text.encode()
        found = {_line(data, block.start) for block in cut(data, multiline_strings(data))}
        # strings (documentation) and `;` begin none; what stands before the first block belongs to it
        lines = data.split(b"\n")
        begun = sorted(one for one in wanted if _begins(lines[one - 1]))[1:]
        if missed := [one for one in begun if one not in found]:
            wrong[str(file)] = missed
    assert len(wrong) <= 6, wrong  # classes that begin with what is no word


def _line(data: bytes, start: int) -> int:
    rest = data[start:]
    return data.count(b"\n", 0, start + len(rest) - len(rest.lstrip())) + 1


def _begins(line: bytes) -> bool:
    return line.lstrip()[:1].isalpha() and line.lstrip()[:2] not in (b'r"', b'b"', b'f"', b'u"') and b";" not in line


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\nb = 2\n", ["a", "b"]),
        ('a = """\nb = 2\n"""\nc = 3\n', ["a", "c"]),
        ("a = (\nb,\nc)\nd = 1\n", ["a", "d"]),
        ("a = 1 + \\\nb\nc = 1\n", ["a", "c"]),
        ("a = '('  # [\nb = '\"\"\"'\nc = 1\n", ["a", "b", "c"]),
        ("@one\n@two(\n  3)\ndef f():\n  pass\nx = 1\n", ["f", "x"]),
        ("async def f():\n  pass\n", ["f"]),
        ("class A:\n  x = 1\n  class B:\n    y = 2\n    def f(self): pass\n  z = 3\n", ["A", "x", "B", "y", "f", "z"]),
        ("if a:\n  b\nelif c:\n  d\nelse:\n  e\nf\n", ["if", "f"]),
        ("try:\n  a\nexcept E:\n  b\nfinally:\n  c\nd = 1\n", ["try", "d"]),
        ("", []),
    ],
)
def test_cut(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


def test_blocks_are_the_whole_text_in_order() -> None:
    data = b'"""Says."""\nimport a\nclass A:\n    def f(self):\n        pass\n\n    def g(self): pass\nx = 1\n'
    blocks = cut(data, multiline_strings(data))
    assert b"".join(data[block.start : block.end] for block in blocks) == data
    assert [block.owner.name if block.owner else "" for block in blocks] == ["", "", "A", "A", ""]


def test_deep_classes_and_long_texts_end() -> None:
    deep = "".join(f"{'  ' * depth}class C{depth}:\n" for depth in range(200)) + "  " * 200 + "pass\n"
    assert names(deep)[:3] == ["C0", "C1", "C2"]
    assert len(cut(b"x = 1\n" * 100_000, [])) == 100_000
    assert len(cut(b"x = '''" + b"(" * 1_000_000, [(4, 1_000_007)])) == 1
