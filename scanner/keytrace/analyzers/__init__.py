"""The analyzers: algorithms that apply all rules of their kind to a document. A new one is one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from keytrace.analyzers.keyword import KeywordAnalyzer
from keytrace.analyzers.path import PathAnalyzer
from keytrace.analyzers.pattern import PatternAnalyzer
from keytrace.analyzers.python import PythonAnalyzer
from keytrace.match.multipattern import Hits, Trigger
from keytrace.model import Additions, Match, Remarks, Rule
from keytrace.text.document import Document


class Analyzer(Protocol):
    """Yields matches where its triggers fired; `hits` is by position in `triggers`. Without triggers it sees all.
    What else there is to say goes to `remarks`.
    """

    @property
    def triggers(self) -> tuple[Trigger, ...]: ...

    def analyze(self, document: Document, hits: Hits, remarks: Remarks, /) -> Iterator[Match]: ...


# Each is made of its rules and of what a project adds to the model of Python programs.
ANALYZERS: dict[str, Callable[[tuple[Rule, ...], Additions], Analyzer]] = {
    "pattern": lambda rules, _: PatternAnalyzer(rules),
    "keyword": lambda rules, _: KeywordAnalyzer(rules),
    "path": lambda rules, _: PathAnalyzer(rules),
    "python": PythonAnalyzer,
}
