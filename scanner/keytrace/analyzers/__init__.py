"""The analyzers: algorithms that apply all rules of their kind to a document. A new one is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from keytrace.analyzers.keyword import KeywordAnalyzer
from keytrace.analyzers.path import PathAnalyzer
from keytrace.analyzers.pattern import PatternAnalyzer
from keytrace.analyzers.python import PythonAnalyzer
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


# Each is made of its rules and of what a project adds to the model of Python programs.
ANALYZERS: dict[str, Callable[[Sequence[Rule], Additions], Analyzer]] = {
    "pattern": lambda rules, _: PatternAnalyzer(rules),
    "keyword": lambda rules, _: KeywordAnalyzer(rules),
    "path": lambda rules, _: PathAnalyzer(rules),
    "python": PythonAnalyzer,
}


class Join(Protocol):
    """The surveys of all artifacts of a scan. Contexts are for documents that are looked at again."""

    notes: list[str]

    def questions(self) -> Mapping[str, object]:
        """Return the contexts in which artifacts are to be surveyed once more, by path; none when all is known."""

    def learn(self, path: str, survey: Any, /) -> None: ...

    def readings(self) -> Mapping[str, object]:
        """Return the contexts in which artifacts are to be looked at closely, by path."""


def join(surveys: Mapping[str, Any], artifacts: Mapping[str, Artifact]) -> Join:
    """Return what the surveys come to; `artifacts` are all that there are."""
    from keytrace.analyzers.python.project import Project

    return Project(surveys, artifacts)
