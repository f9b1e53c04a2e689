"""Rules about a file as such: its name alone says that it holds a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keytrace.match.multipattern import Hits, Trigger
from keytrace.match.patterns import compile_text_pattern
from keytrace.model import Evidence, Match, Remarks, Rule, Span
from keytrace.text.document import Document


class PathAnalyzer:
    """Yields a match at the start of each document whose path a rule names; it needs no trigger in the text."""

    triggers: tuple[Trigger, ...] = ()

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules

    def analyze(self, document: Document, _hits: Hits, _remarks: Remarks) -> Iterator[Match]:
        for rule in self._rules:
            if compile_text_pattern(rule.path).search(document.path):
                evidence = Evidence("the path is the one the rule names", float(rule.confidence) * 2)
                yield Match(rule.id, 0, 0, rule.confidence, Span(0, 0), (evidence,))
