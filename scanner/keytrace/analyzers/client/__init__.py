"""Secrets that clients are handed: web pages, bundles and apps have no secret from those who use them.

references.py finds names that bundlers build in, builds.py what builds take in under other names; judgement.py says by
the lexicon and the providers' rules whether a client may have what a name promises; reach.py tells which files clients
get, and values.py which secrets that other analyzers found are among what they get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keytrace.analyzers.client import builds, references
from keytrace.analyzers.client.judgement import judge
from keytrace.analyzers.client.references import Reference
from keytrace.match.multipattern import Hits
from keytrace.match.patterns import windows
from keytrace.model import Confidence, Evidence, Match, Remarks, Rule, Span
from keytrace.text.document import Document
from keytrace.text.language import extension

RULE = "client-exposed-key"
_READERS = (*references.READERS, *builds.READERS)
_AROUND = 400  # bytes before a hit and behind it that are read
_PROSE = frozenset((".md", ".mdx", ".markdown", ".rst", ".adoc"))


class ClientAnalyzer:
    """Yields a match for each name of a secret that a client is handed, at its first place in a document."""

    triggers = tuple(trigger for trigger, _ in _READERS)

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._ids = [rule.id for rule in rules]

    def analyze(self, document: Document, hits: Hits, _remarks: Remarks) -> Iterator[Match]:
        first: dict[str, list[Reference]] = {}
        for reference in _references(document, hits):
            first.setdefault(reference.name, []).append(reference)
        for rule_id in self._ids:
            for places in first.values():
                yield from _told(rule_id, places, document)


def _references(document: Document, hits: Hits) -> Iterator[Reference]:
    if extension(document.path) in _PROSE:
        return  # what is written about names is no use of them
    for number, (_, read) in enumerate(_READERS):
        for start, end in windows(hits.get(number, ()), len(document.data), _AROUND, _AROUND):
            yield from read(document, start, end)


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
