"""The analyzers: algorithms that apply all rules of their kind to a document. A new one is one line here, and imported
where it has something to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from keytrace.match.multipattern import Hits, Trigger
from keytrace.model import Additions, Artifact, Match, Remarks, Rule
from keytrace.text.document import Document


class Analyzer(Protocol):
    """Yields matches where its triggers fired; `hits` is by position in `triggers`. Without triggers it sees all.
    What else there is to say goes to `remarks`.

    One that must know of other artifacts leaves a survey of each in `remarks` at first sight, and looks closely when it
    is given a document with a context: what the surveys of all come to.
    """

    @property
    def triggers(self) -> tuple[Trigger, ...]: ...

    def analyze(self, document: Document, hits: Hits, remarks: Remarks, /) -> Iterator[Match]: ...


# Each is made of its rules, of what a project adds to the model of Python programs, and of whose a trigger is.
Make = Callable[[Sequence[Rule], Additions, Sequence[Sequence[int]]], Analyzer]


def _pattern(rules: Sequence[Rule], _: Additions, owners: Sequence[Sequence[int]]) -> Analyzer:
    from keytrace.analyzers.pattern import PatternAnalyzer

    return PatternAnalyzer(rules, owners)


def _keyword(rules: Sequence[Rule], *_: object) -> Analyzer:
    from keytrace.analyzers.keyword import KeywordAnalyzer

    return KeywordAnalyzer(rules)


def _path(rules: Sequence[Rule], *_: object) -> Analyzer:
    from keytrace.analyzers.path import PathAnalyzer

    return PathAnalyzer(rules)


def _python(rules: Sequence[Rule], additions: Additions, *_: object) -> Analyzer:
    from keytrace.analyzers.python import PythonAnalyzer

    return PythonAnalyzer(rules, additions)


def _client(rules: Sequence[Rule], *_: object) -> Analyzer:
    from keytrace.analyzers.client import ClientAnalyzer

    return ClientAnalyzer(rules)


ANALYZERS: dict[str, Make] = {
    "pattern": _pattern,
    "keyword": _keyword,
    "client": _client,
    "path": _path,
    "python": _python,
}


class Join(Protocol):
    """The surveys of all artifacts of a scan. Contexts are for documents that are looked at again."""

    notes: list[str]

    def questions(self) -> Mapping[str, object]:
        """Return the contexts in which artifacts are to be surveyed once more, by path; none when all is known."""

    def learn(self, path: str, survey: Any, /) -> None: ...

    def readings(self) -> Mapping[str, object]:
        """Return the contexts in which artifacts are to be looked at closely, by path."""


def pack(surveys: list[Any]) -> bytes:
    """Return surveys as bytes, for the cache of results."""
    from keytrace.analyzers.python.packing import pack

    return pack(surveys)


def unpack(packed: bytes) -> list[object]:
    """Return what was packed."""
    from keytrace.analyzers.python.packing import unpack

    return list(unpack(packed))


def key_of(context: Any, marks: Mapping[str, bytes]) -> bytes:
    """Return what tells one context from another, with `marks` of artifacts by path; empty where that is not known."""
    from keytrace.analyzers.python.packing import key_of

    return key_of(context, marks)


def join(surveys: Mapping[str, Any], artifacts: Mapping[str, Artifact]) -> Join:
    """Return what the surveys come to; `artifacts` are all that there are."""
    from keytrace.analyzers.python.project import Project

    return Project(surveys, artifacts)
