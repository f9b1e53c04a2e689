"""Hostile programs: what the parser cannot take is refused and said so, what is below each limit is read."""

from __future__ import annotations

import pytest

from keytrace.analyzers.python.guard import MAX_BYTES, MAX_DEPTH, MAX_NESTED, MAX_PATTERN, refuse
from keytrace.engine import Engine
from keytrace.findings import find_alone
from keytrace.model import FileProvenance
from keytrace.text.document import Document

# All stands in one function, so that nothing of it is cut away before it is parsed.
HEAD = 'import os\n\n\ndef f():\n    password = os.environ["DB_PASSWORD"]; print(password)\n'
NOTE = "searched as text only"
DEEP = 3000

HOSTILE = {
    "parentheses": "x = " + "(" * DEEP + "1" + ")" * DEEP,
    "lists": "x = " + "[" * DEEP + "1" + "]" * DEEP,
    "calls": "x = " + "f(" * DEEP + "1" + ")" * DEEP,
    "calls that Python takes": "x = " + "f(" * 150 + "1" + ")" * 150,
    "subscripts": "x = " + "a[" * DEEP + "1" + "]" * DEEP,
    "dicts": "x = " + "{1:" * DEEP + "1" + "}" * DEEP,
    "sums": "x = " + " + ".join(["a"] * 10_000),
    "texts": "x = " + " + ".join(["'a'"] * 10_000),
    "attributes": "x = a" + ".b" * 10_000,
    "attributes on lines": "x = a" + "\\\n.b" * 10_000,
    "method calls": "x = a" + ".b()" * 10_000,
    "not": "x = " + "not " * 10_000 + "a",
    "not on lines": "x = " + "not\\\n" * 10_000 + "a",
    "signs": "x = " + "~" * 10_000 + "1",
    "powers": "x = " + " ** ".join(["a"] * 10_000),
    "conditions": "x = " + "a if b else " * 10_000 + "1",
    "lambdas": "x = " + "lambda a,b:" * 10_000 + "1",
    "elif": "if a: pass\n" + "    elif b: pass\n" * 10_000,
    "elif without a space": "if a: pass\n" + "    elif'':pass\n" * 10_000,
    "elif with documentation": "if a: pass\n" + '    elif a:\n     """\n    if """\n' * 10_000,
    "f-strings": "x = " + "f'{" * DEEP + "1" + "}'" * DEEP,
    "fields with parentheses": "x = f'{" + "(" * DEEP + "1" + ")" * DEEP + "}'",
    "fields with attributes": "x = f'{a" + ".b" * 10_000 + "}'",
    "quotes in a field": 'x = f"{"\'"}"; y = ' + "(" * DEEP + "1" + ")" * DEEP + " # '",
    "a lone carriage return": "x = 1 # a\r    y = " + "(" * DEEP + "1" + ")" * DEEP,
    "patterns": "match a:\n        case " + "[" * 99 + "x" + "]" * 99 + ":\n            pass",
    "pattern mappings": "match a:\n        case " + "{1:" * 12 + "x" + "}" * 12 + ":\n            pass",
    "walrus": "x = " + "(a := " * DEEP + "1" + ")" * DEEP,
    "blocks": "\n".join("    " + " " * level + "if a:" for level in range(150)).lstrip(),
}

READ = {
    "parentheses": "x = " + "(" * 90 + "1" + ")" * 90,
    "lists": "x = " + "[" * 90 + "1" + "]" * 90,
    "calls": "x = " + "f(" * 90 + "1" + ")" * 90,
    "sums": "x = " + " + ".join(["a"] * 380),
    "attributes": "x = a" + ".b" * 380,
    "method calls": "x = a" + ".b()" * 190,
    "elif": "if a: pass\n" + "    elif b: pass\n" * 380,
    "pieces of a text": "x = (" + "\n".join(["'a'"] * 2000) + ")",
    "a long text": "x = '" + "a" * 2_000_000 + "'",
    "arguments": "x = f(" + "a, " * 5000 + ")",
    "entries": "x = {" + ", ".join(f"'k{number}': -1" for number in range(5000)) + "}",
    "patterns": "match a:\n        case [[[[x]]]]:\n            pass",
    "blocks": "\n".join("    " + " " * level + "if a:" for level in range(90)).lstrip() + "\n" + " " * 99 + "pass",
    "handlers": "try: pass\n" + "    except A: pass\n" * 2000,
    "statements": "\n".join(f"    x{number} = {number}" for number in range(5000)).lstrip(),
}


def scan(engine: Engine, data: bytes) -> tuple[list[str], list[str]]:
    """Return the rules of the findings, and the notes."""
    notes: list[str] = []
    findings = find_alone(engine, Document(FileProvenance("app.py"), data), notes)
    return [finding.known_as for finding in findings], notes


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_hostile(code: str, engine: Engine) -> None:
    rules, notes = scan(engine, f"{HEAD}    {code}\n".encode())
    assert rules == []
    assert len(notes) == 1
    assert NOTE in notes[0]


@pytest.mark.parametrize("code", READ.values(), ids=READ)
def test_what_is_only_large_is_read(code: str, engine: Engine) -> None:
    rules, notes = scan(engine, f"{HEAD}    {code}\n".encode())
    assert (rules, notes) == (["logged-credential"], [])


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_elsewhere_is_cut_away(code: str, engine: Engine) -> None:
    if "\n" in code or "\r" in code:
        return
    padding = "".join(f"\n\ndef g{number}():\n    return {number}\n" for number in range(100))
    rules, _ = scan(engine, f"{HEAD}{padding}\n\ndef other():\n    {code}\n".encode())
    assert rules in ([], ["logged-credential"])  # as far as the code can be told apart without parsing it


def test_limits() -> None:
    assert refuse(b"x = " + b"f(" * (MAX_NESTED + 2) + b")" * (MAX_NESTED + 2))
    assert refuse(b"x = a" + b".b" * MAX_DEPTH)
    pattern = b"[" * (MAX_PATTERN + 1) + b"x" + b"]" * (MAX_PATTERN + 1)
    assert refuse(b"match a:\n    case " + pattern + b":\n        pass\n")
    assert refuse(b"#" * (MAX_BYTES + 1)) == "larger than 4 MB"
    assert refuse(b"x = 1\n") == ""


@pytest.mark.parametrize("text", ["print 'x'", "def (", "\0", "x = '", "exec code in ns", "`x`"])
def test_what_is_no_program(text: str, engine: Engine) -> None:
    rules, notes = scan(engine, f"{HEAD}    {text}\n".encode())
    assert rules == []
    assert len(notes) == 1
    assert NOTE in notes[0]


def test_text_rules_still_hold_where_the_parser_does_not(engine: Engine) -> None:
    value = "hun" + str(2) + "ter9xQz"
    rules, notes = scan(engine, f'{HEAD}    print "x"\n    db_password = "{value}"\n'.encode())
    assert rules == ["generic-password"]
    assert NOTE in notes[0]


@pytest.mark.parametrize(
    "code",
    [
        "x = password" + " " * 20_000 + "+ 1",
        "print(password)" + "\n" * 20_000,
        "x = password(" + "\n" * 20_000 + ")",
        "password" + "[0]" * 5000,
        "x = '" + "password=" * 20_000 + "'",
        "# " + "secret token password " * 10_000,
        "x = [" + "'password', " * 20_000 + "]",
        "d = {}\n" + "".join(f"    d['k{number}'] = password\n" for number in range(3000)),
        "d = []\n" + "".join(f"    d.append({number})\n" for number in range(3000)),
        "".join(f"if c: x{number} = g({number})\n    " for number in range(2000)),
    ],
    ids=range(10),
)
def test_odd_but_harmless(code: str, engine: Engine) -> None:
    scan(engine, f"{HEAD}    {code}\n".encode())  # it returns
