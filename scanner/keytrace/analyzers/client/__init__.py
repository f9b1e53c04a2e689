"""Secrets that clients are handed: web pages, bundles and apps have no secret from those who use them.

references.py finds the names under which bundlers and build tools take in a value, judgement.py says by the lexicon and
the providers' rules whether a client may have what a name promises; reach.py tells which files clients get, and
values.py which secrets that other analyzers found are among what they get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keytrace.analyzers.client import references
from keytrace.analyzers.client.judgement import judge
from keytrace.analyzers.client.references import Reference
from keytrace.match.multipattern import Hits
from keytrace.model import Confidence, Evidence, Match, Remarks, Rule, Span
from keytrace.text.document import Document

RULE = "client-exposed-key"


class ClientAnalyzer:
    """Yields a match for each name of a secret that a client is handed, at its first place in a document."""

    triggers = references.TRIGGERS

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._ids = [rule.id for rule in rules]

    def analyze(self, document: Document, hits: Hits, _remarks: Remarks) -> Iterator[Match]:
        first: dict[str, list[Reference]] = {}
        for reference in references.find(document, hits):
            first.setdefault(reference.name, []).append(reference)
        for rule_id in self._ids:
            for places in first.values():
                yield from _told(rule_id, places, document)


def _told(rule_id: str, places: Sequence[Reference], document: Document) -> Iterator[Match]:
    """Yield the match of a name at its first place on a line that counts, and what is not told of its other places."""
    lines = document.lines
    counted = [one for one in places if lines is None or document.line_at(one.start) in lines] or places
    best = min(counted, key=lambda one: (one.doubt, one.start))
    for place in places:
        if place is not best:
            line = document.line_at(best.start)
            told = Evidence(f"the name is told of on line {line}, where it stands in this file first", -1)
            yield Match(rule_id, place.start, place.end, None, Span(place.start, place.end), (told,), is_secret=False)
    yield _match(rule_id, best, len(places) - 1)


def _match(rule_id: str, place: Reference, others: int) -> Match:
    verdict = judge(place.key)
    confidence, evidence = verdict.confidence, [Evidence(place.how, 2), verdict.evidence]
    if confidence is not None and place.sure:
        confidence = max(confidence, Confidence.MEDIUM)
    if confidence is not None and place.doubt:
        confidence = Confidence.LOW if place.doubt_lowers else None
        evidence.append(Evidence(place.doubt, -2 if place.doubt_lowers else -9))
    more = f"; here and in {others} more place{'s' * (others > 1)} of this file" if others else ""
    return Match(
        rule_id,
        place.start,
        place.end,
        confidence,
        Span(place.start, place.end),
        tuple(evidence),
        severity=verdict.severity,
        is_secret=False,
        message=f"{place.key} {place.says}: {verdict.says}{more}",
    )
