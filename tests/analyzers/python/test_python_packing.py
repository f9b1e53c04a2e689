"""Surveys that are kept come back as they were, and a context has another key where it is another one."""

from __future__ import annotations

from dataclasses import replace

import programs

from keytrace.analyzers.python.analysis import survey
from keytrace.analyzers.python.outline.imports import Import
from keytrace.analyzers.python.packing import key_of, pack, unpack
from keytrace.analyzers.python.project import Question, Reading, Survey
from keytrace.model import Additions, FileProvenance
from keytrace.sources.folder import FileArtifact
from keytrace.text.document import Document

FULL = Survey(
    wanted=True, imports=(Import("a", "b", "c"), Import(".d", "*", "")), members=frozenset({("", "x"), ("K", "y")}),
    carries=frozenset({"token"}), gives=frozenset({("f", 0), ("g", "key"), ("h", -1)}), is_cut=True,
)  # fmt: skip


def test_what_is_packed_comes_back() -> None:
    assert unpack(pack([FULL, Survey()])) == [FULL, Survey()]
    assert pack([FULL]) == pack([replace(FULL)])


def test_surveys_of_programs() -> None:
    seen = 0
    for file in sorted(programs.CASES.glob("*.py")):
        found = survey(Document(FileProvenance(file.name), file.read_bytes()), Additions())
        assert unpack(pack([found])) == [found]
        seen += bool(found.carries)
    assert seen > 3


def test_keys_of_contexts() -> None:
    question = Question(foreign=frozenset({"a", "b"}))
    assert key_of(question, {}) == key_of(Question(foreign=frozenset({"b", "a"})), {})
    assert key_of(question, {}) != key_of(Question(dumps=frozenset({"a", "b"})), {})
    reading = Reading(
        {"b": "b.py"}, {"b.py": {}}, {"b.py": frozenset({("f", 0)})}, {"b.py": FileArtifact("/", "b.py")}, question
    )
    marks = {"a.py": b"1" * 16, "b.py": b"2" * 16}
    key = key_of(reading, marks)
    assert key == key_of(reading, {**marks, "a.py": b"other"}), "its own content is asked for elsewhere"
    assert key != key_of(reading, {**marks, "b.py": b"other"})
    assert key != key_of(replace(reading, known=Question()), marks)
    assert key != key_of(replace(reading, table={}), marks)
    assert key == key_of(replace(reading, scan=b"another"), marks)
    assert key_of(reading, {"a.py": b"1" * 16}) == b"", "of a module nothing is known"
