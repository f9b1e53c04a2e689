"""Formats with a marker are found in binary files, and nothing else is."""

from __future__ import annotations

import py_compile
import random
import sqlite3
import string
from pathlib import Path

import pytest

from keytrace.analyzers.binary import BinaryAnalyzer
from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.model import FileProvenance
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document
from keytrace.text.encoding import decode, readable

LETTERS = string.ascii_letters + string.digits
RULES = parse_rules(
    r"""
    [[rules]]
    id = "acme-key"
    regex = '\bacme_[A-Za-z0-9]{30}\b'
    keywords = ["acme_"]
    [[rules]]
    id = "acme-id"
    regex = '\bid[A-Za-z0-9]{30}\b'
    keywords = ["id"]
    [[rules]]
    id = "acme-url"
    regex = '[a-z]{9}'
    near = ["acme"]
    keywords = ["acme"]
    """,
    "a.toml",
).rules


def key(seed: int, size: int = 30) -> bytes:
    chance = random.Random(seed)
    return ("acme_" + "".join(chance.choices(LETTERS, k=size - 1)) + "7").encode()


def found(raw: bytes, *, hyperscan: bool = True) -> list[bytes]:
    document = Document(FileProvenance("a.bin"), readable(raw), is_binary=True)
    matches = BinaryAnalyzer(RULES, hyperscan=hyperscan).analyze(document)
    return [match.hidden.value if match.hidden else document.data[match.start : match.end] for match in matches]


@pytest.mark.parametrize("hyperscan", [True, False])
def test_a_key_stands_by_itself_or_behind_its_length(hyperscan: bool) -> None:
    noise = random.Random(0).randbytes(500)
    for number, (before, after, expected) in enumerate(
        [
            (b"\0", b"\0", True),
            (b"=", b"\xff", True),
            (b"token: ", b"\n", True),
            (b"x", b"\0", False),
            (b"\0", b"x", False),
            (b"x#", b"N", True),  # 35 characters, as the `#` says
            (b"x$", b"N", False),
            (b"_", b"N", False),
        ]
    ):
        value = key(number)
        data = noise + before + value + after + noise
        assert found(data, hyperscan=hyperscan) == ([value] if expected else []), (before, after)


@pytest.mark.parametrize("hyperscan", [True, False])
def test_two_bytes_a_character(hyperscan: bool) -> None:
    noise = random.Random(1).randbytes(501)
    wide = [f"key={key(number).decode()}".encode("utf-16-le") for number in (1, 2)]
    assert found(noise + wide[0] + b"\0\0" + noise + wide[1], hyperscan=hyperscan) == [key(1), key(2)]
    assert found(noise + key(1).decode().encode("utf-16-le") + "x".encode("utf-16-le"), hyperscan=hyperscan) == []


def test_only_rules_with_a_marker() -> None:
    assert found(b"\0id" + key(1)[5:] + b"\0acme = abcdefghi\0") == []


def test_columns_of_a_database_stand_side_by_side(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("create table keys (name text, value text, note text)")
        rows = [("one", key(1).decode(), "next"), ("two", key(2).decode(), "5")]
        database.executemany("insert into keys values (?, ?, ?)", rows)
    raw = (tmp_path / "a.db").read_bytes()
    assert decode(raw) is None
    assert set(found(raw)) == {key(1), key(2)}
    assert found(raw.replace(b"SQLite format 3", b"Squash format 3")) == []


def test_a_compiled_program(tmp_path: Path, engine: Engine) -> None:
    (tmp_path / "a.py").write_text(
        "TOKEN = 'gl" + f"pat-{key(3)[5:25].decode()}'\nimport os\npass" + "word = 'Kx7Qw9Zr'\n"
    )
    raw = Path(py_compile.compile(str(tmp_path / "a.py"), str(tmp_path / "a.pyc")) or "").read_bytes()
    assert decode(raw) is None
    document = Document(FileProvenance("a.pyc"), readable(raw), is_binary=True)
    (finding,) = find(engine, document, [])
    assert finding.rule_id == "gitlab-personal-access-token"
    assert key(3)[5:25].decode() not in finding.location.excerpt.text


def test_random_bytes_hold_no_key(engine: Engine) -> None:
    chance = random.Random(2)
    symbols = "".join(chance.choices(LETTERS + "_", k=200_000)).encode()
    for raw in (chance.randbytes(1_000_000), symbols):
        assert find(engine, Document(FileProvenance("a.so"), readable(raw), is_binary=True), []) == []
