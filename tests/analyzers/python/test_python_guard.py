"""Hostile programs: what the parser cannot take is refused and said so, what is just below each limit is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from scanner.analyzers.python.analysis import analyze
from scanner.analyzers.python.gate import load_gate
from scanner.analyzers.python.guard import (
    MAX_BRACKETS,
    MAX_BYTES,
    MAX_FIELDS,
    MAX_RUN,
    MAX_STRINGS,
    refuse,
)
from scanner.document import Document
from scanner.engine import Engine
from scanner.model import Additions, FileProvenance, Remarks

# All stands in one function, so that nothing of it is cut away before it is parsed.
HEAD = 'import os\n\n\ndef f():\n    password = os.environ["DB_PASSWORD"]; print(password)\n'
NOTE = "searched as text only"


@dataclass(frozen=True)
class Case:
    """`build` makes a program of so many levels or terms, `most` of which are let through."""

    build: Callable[[int], str]
    most: int
    hostile: int


def around(before: str, after: str = "", inner: str = "1") -> Callable[[int], str]:
    return lambda number: f"    x = {before * number}{inner}{after * number}\n"


def joined(term: str, operator: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda number: f"    x = {before}{operator.join([term] * (number + 1))}{after}\n"


def nested_f_strings(number: int) -> str:
    text = "1"
    for _ in range(number):
        text = "f'{" + text + "}'"
    return f"    x = {text}\n"


def nested_f_strings_of_two_quotes(number: int) -> str:
    text = "1"
    for level in range(number):
        quote = "'\""[level % 2]
        text = f"f{quote}a {{ {text} }}{quote}"
    return f"    x = {text}\n"


CASES = {
    "parentheses": Case(around("(", ")"), MAX_BRACKETS - 1, 3000),
    "lists": Case(around("[", "]"), MAX_BRACKETS - 1, 3000),
    "dicts": Case(around("{1: ", "}"), MAX_BRACKETS - 1, 3000),
    "nested calls": Case(around("g(", ")"), MAX_BRACKETS - 1, 3000),
    "nested subscripts": Case(around("a[", "]"), MAX_BRACKETS - 1, 3000),
    "nested assignment expressions": Case(around("(a := ", ")"), MAX_BRACKETS - 1, 3000),
    "annotations": Case(lambda number: f"    x: {'a[' * number}b{']' * number}\n", MAX_BRACKETS - 1, 3000),
    "calls of calls": Case(lambda number: f"    x = g{'()' * number}\n", MAX_RUN - 1, 10_000),
    "subscripts of subscripts": Case(lambda number: f"    x = a{'[0]' * number}\n", MAX_RUN - 1, 10_000),
    "sum of texts": Case(joined('"a"', " + "), MAX_RUN - 1, 10_000),
    "sum on many lines": Case(joined('"a"', " +\n        ", "(", ")"), MAX_RUN, 10_000),
    "powers": Case(joined("2", "**"), MAX_RUN - 1, 10_000),
    "and": Case(joined("a", " and "), MAX_RUN - 1, 10_000),
    "comparisons": Case(joined("a", " < "), MAX_RUN - 1, 10_000),
    "attributes": Case(around("", ".b", "a"), MAX_RUN - 1, 10_000),
    "not": Case(around("not "), MAX_RUN - 1, 10_000),
    "minus": Case(around("- "), MAX_RUN - 1, 10_000),
    "targets": Case(around("a = "), MAX_RUN - 1, 10_000),
    "lambdas": Case(around("lambda: "), (MAX_RUN - 1) // 2, 5000),
    "ternaries": Case(around("a if b else "), (MAX_RUN - 1) // 2, 10_000),
    "elif": Case(lambda number: "    if a: pass\n" + "    elif a: pass\n" * number, MAX_RUN, 10_000),
    "elif in blocks": Case(
        lambda number: "    if a:\n        pass\n" + "    elif a:\n        pass\n" * number, MAX_RUN, 10_000
    ),
    "decorators": Case(lambda number: "    x = 1\n" + "    @d\n" * number + "    def g(): pass\n", MAX_RUN, 10_000),
    "implicit concatenation": Case(
        lambda number: "    x = (" + '\n        "a"' * number + ")\n", MAX_STRINGS, 10_000
    ),
    "implicit concatenation on a line": Case(around('"a" ', inner=""), MAX_STRINGS, 10_000),
    "f-strings with equal quotes": Case(nested_f_strings, 14, 3000),
    "f-strings with two kinds of quotes": Case(nested_f_strings_of_two_quotes, 14, 3000),
    "format specifications": Case(
        lambda number: f"    x = f'{'{a:' * number}{'}' * number}'\n", MAX_FIELDS, 3000
    ),
}  # fmt: skip
BY_NAME = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def program(code: str) -> Document:
    return Document(FileProvenance("x.py"), (HEAD + code).encode())


def found(engine: Engine, document: Document) -> tuple[set[str], list[str]]:
    """Return the rules of what the whole engine finds, and its notes."""
    notes: list[str] = []
    return {finding.rule_id for finding in engine.scan(document, notes)}, notes


def analyzed(document: Document) -> tuple[list[str], list[str]]:
    """Return the rules of what the analysis finds without the engine, and its notes."""
    interest = load_gate(Additions()).look(document.data)
    assert interest is not None
    remarks = Remarks()
    rules = [match.rule_id for match in analyze(document, interest, Additions(), remarks)]
    return rules, remarks.notes


def test_the_head_is_found(engine: Engine) -> None:
    assert found(engine, program("")) == ({"logged-credential"}, [])


@BY_NAME
def test_hostile(case: Case, engine: Engine) -> None:
    document = program(case.build(case.hostile))
    reason = refuse(document.data)
    assert reason
    rules, notes = found(engine, document)
    assert rules == set()
    assert notes == [f"x.py: {reason}: {NOTE}, not read as a Python program"]


@BY_NAME
def test_just_above(case: Case) -> None:
    assert refuse(program(case.build(case.most + 1)).data)


@BY_NAME
def test_just_below(case: Case) -> None:
    document = program(case.build(case.most))
    assert refuse(document.data) == ""
    assert analyzed(document) == (["logged-credential"], [])


@BY_NAME
def test_hostile_code_elsewhere_is_cut_away(case: Case, engine: Engine) -> None:
    """What no secret comes near is not parsed, so that it cannot hide what is worth finding."""
    document = program("\n\ndef g():\n" + case.build(case.hostile))
    assert refuse(document.data)
    assert found(engine, document) == ({"logged-credential"}, [])


@pytest.mark.parametrize("text", ["(" * 3000, ")" * 3000, "[" * 3000, "}" * 3000, "(]" * 3000, "lambda: " * 3000])
def test_what_is_no_program(text: str, engine: Engine) -> None:
    document = program(f"    x = {text}\n")
    rules, notes = found(engine, document)
    assert refuse(document.data)
    assert rules == set()
    assert len(notes) == 1
    assert NOTE in notes[0]


@pytest.mark.parametrize("depth", [10, 50, 99])
def test_indentation(depth: int, engine: Engine) -> None:
    blocks = "".join(" " * (4 + level) + "if a:\n" for level in range(depth - 1)) + " " * (3 + depth) + "pass\n"
    assert refuse(program(blocks).data) == ""
    assert found(engine, program(blocks)) == ({"logged-credential"}, [])


@pytest.mark.parametrize("depth", [101, 150, 250, 400, 2000])
@pytest.mark.parametrize("word", ["if a:", "def g():", "class C:", "while a:", "with a:"])
def test_indentation_that_python_does_not_take(depth: int, word: str, engine: Engine) -> None:
    blocks = "".join(" " * (4 + level) + word + "\n" for level in range(depth)) + " " * (4 + depth) + "pass\n"
    rules, notes = found(engine, program(blocks))
    assert rules == set()
    assert len(notes) == 1
    assert NOTE in notes[0]


@pytest.mark.parametrize(
    "literal",
    ['"' + "a" * 2_000_000 + '"', "b'" + "a" * 2_000_000 + "'", '"""' + ("a" * 99 + "\n") * 20_000 + '"""'],
    ids=["text", "bytes", "lines"],
)
def test_a_long_literal(literal: str, engine: Engine) -> None:
    document = program(f"    x = {literal}\n")
    assert refuse(document.data) == ""
    assert found(engine, document) == ({"logged-credential"}, [])


def test_a_large_file(engine: Engine) -> None:
    document = program(("    # " + "x" * 93 + "\n") * 50_000)
    assert len(document.data) > MAX_BYTES
    assert refuse(document.data)
    rules, notes = found(engine, document)
    assert rules == set()
    assert notes == [f"x.py: {refuse(document.data)}: {NOTE}, not read as a Python program"]


def test_a_large_file_of_which_little_matters(engine: Engine) -> None:
    document = program("\n\ndef g():\n" + ("    # " + "x" * 93 + "\n") * 50_000)
    assert refuse(document.data)
    assert found(engine, document) == ({"logged-credential"}, [])


@pytest.mark.parametrize(
    "code",
    [
        "    x = [\n" + '        ("a", "b", {"c": [1, 2]}),\n' * 3000 + "    ]\n",
        "    x = {\n" + '        "a": "b" + c,\n' * 3000 + "    }\n",
        "    x = g(a + b); y = a.b.c\n" * 1000,
        "    # " + "(" * 3000 + "\n",
        "    x = '" + "(" * 3000 + "'\n",
        '    x = """' + "not " * 3000 + '"""\n',
        "    x = r'" + "\\(" * 3000 + "'\n",
        "    x = ''  # \"\n" + "    y = '\"'\n" * 1000,
        "    if a: pass\n    else: pass\n" * 1000,
        "    @d\n    def g(): pass\n" * 600,
    ],
    ids=["rows", "entries", "lines", "comment", "text", "lines of text", "raw", "quotes", "ifs", "functions"],
)
def test_what_is_large_and_flat_is_read(code: str) -> None:
    document = program(code)
    assert refuse(document.data) == ""
    assert analyzed(document) == (["logged-credential"], [])
