"""What is wrong with keys as findings: with place, excerpt without secrets, fingerprint, and what suppresses them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from keytrace.engine import Engine
from keytrace.errors import ScannerError
from keytrace.findings import complete
from keytrace.lifecycle.checks.facts import Fault
from keytrace.lifecycle.key import Holds
from keytrace.lifecycle.seen import Seen
from keytrace.model import Artifact, Confidence, Evidence, Finding, Location, Match, Span
from keytrace.redaction.masks import masks
from keytrace.text.document import Document, locate
from keytrace.text.encoding import decode

_BEHIND = re.compile(rb"[ \t\"'`\])]*(?::=|=>|[:=(,])?[ \t]*[\"'`]?([^\"'`\r\n#]*[^\"'`\r\n#\s,;)}])")
_MOST_OTHERS = 20  # places that a finding names besides its own


def findings(
    faults: Iterable[Fault], artifacts: Mapping[str, Artifact], engine: Engine, notes: list[str]
) -> Iterator[Finding]:
    """Yield the findings of faults whose rules are selected, in order of their places."""
    pages = _Pages(artifacts, engine)
    by_path: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.rule in engine.rules:
            by_path[fault.at.path].append(fault)
    for path in sorted(by_path):
        if page := pages.of(path):
            yield from page.findings(by_path[path], pages, notes)


class _Pages:
    """The files that findings stand in, each read once more."""

    def __init__(self, artifacts: Mapping[str, Artifact], engine: Engine) -> None:
        self._artifacts = artifacts
        self._engine = engine
        self._known: dict[str, _Page | None] = {}

    def of(self, path: str) -> _Page | None:
        """Return a file, or None where it cannot be read any more."""
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> _Page | None:
        artifact = self._artifacts.get(path)
        try:
            data = decode(artifact.read(self._engine.setup.max_file_size)) if artifact else None
        except (OSError, ScannerError):
            return None
        if artifact is None or data is None:
            return None
        document = Document(artifact.provenance, data)
        return _Page(document, self._engine, tuple(self._engine.matches(document)))

    def place(self, one: Seen) -> Location | None:
        """Return where a place is, to be shown beside another."""
        page = self.of(one.path)
        return page.place(one) if page else None


@dataclass(slots=True)
class _Page:
    """A file with what the rules find in it, which is to be masked."""

    document: Document
    engine: Engine
    every: Sequence[Match]

    def findings(self, faults: Iterable[Fault], pages: _Pages, notes: list[str]) -> Iterator[Finding]:
        others: dict[tuple[str, int, int, str], tuple[Seen, ...]] = {}
        found: dict[tuple[str, int, int, str], Match] = {}
        for fault in faults:
            span, is_value = self.span(fault.at)
            key = (fault.rule, span.start, span.end, fault.message)
            others[key] = fault.others
            evidence = (Evidence("the places of the key in the tree show it", 2.0),)
            found[key] = Match(
                fault.rule,
                span.start,
                span.end,
                Confidence.HIGH,
                span,
                evidence,
                severity=fault.severity,
                is_secret=is_value,
                message=fault.message,
            )
        every = (*self.every, *(match for match in found.values() if match.is_secret))
        for finding in complete(self.engine, self.document, list(found.values()), notes, every):
            key = (finding.rule_id, finding.location.start, finding.location.end, finding.message)
            beside = (pages.place(one) for one in others.get(key, ())[:_MOST_OTHERS])
            yield replace(finding, related=tuple(place for place in beside if place is not None))

    def span(self, one: Seen) -> tuple[Span, bool]:
        """Return what of its line a place is: the value, or else the name, and whether it is the value."""
        low, high = self.document.line_span(min(one.mention.line, len(self.document.line_starts)))
        line = self.document.data[low:high]
        if one.mention.holds is Holds.VALUE:
            value = one.mention.value or one.value
            at = line.find(value) if value else -1
            if at >= 0:
                return Span(low + at, low + at + len(value)), True
        name = one.name.encode("utf-8", "surrogateescape")
        last = re.split(rb"[.:]", name)[-1]
        at = max(line.find(name), line.find(last))
        if at < 0:
            return Span(low + len(line) - len(line.lstrip()), high), one.mention.holds is Holds.VALUE
        if one.mention.holds is Holds.VALUE and (behind := _BEHIND.match(line, at + len(last))):
            return Span(low + behind.start(1), low + behind.end(1)), True
        return Span(low + at, low + at + len(last if line.find(name) < 0 else name)), False

    def place(self, one: Seen) -> Location:
        span, is_value = self.span(one)
        own = [Match("", span.start, span.end, Confidence.HIGH, span)] if is_value else []
        return locate(self.document, span, masks(self.engine, self.document, (*self.every, *own), [span]))
