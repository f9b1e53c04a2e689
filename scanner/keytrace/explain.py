"""Why a line is or is not a finding: every match and rejected candidate on it, with its evidence and its fate."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from keytrace import executors
from keytrace.analyzers import join
from keytrace.api import apply_baseline, folder_source, scan_source
from keytrace.batch import Asked, BatchResult, opened
from keytrace.cache import store as cache
from keytrace.config import Config
from keytrace.engine import Setup, load_engine
from keytrace.errors import ScannerError
from keytrace.findings import complete, places
from keytrace.model import (
    Artifact,
    Confidence,
    Evidence,
    Finding,
    Location,
    Match,
    MemberProvenance,
    Rule,
    ScanError,
    Severity,
    Skipped,
    Span,
    StreamProvenance,
)
from keytrace.names.lexicon import Strength, strength, words
from keytrace.redaction.masks import masks
from keytrace.redaction.report import Cover, cover
from keytrace.redaction.texts import without_random
from keytrace.rules.stored import by_id
from keytrace.sources import Source
from keytrace.sources.folder import FileArtifact
from keytrace.text.document import Document, locate, located
from keytrace.text.encoding import decode, readable
from keytrace.total import settled

_BINARY = "the file is binary: only formats with a marker are looked for, in its printable runs"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One match or rejected candidate. `verdict` says what became of it, `counts` whether it is reported."""

    rule: Rule
    location: Location
    evidence: tuple[Evidence, ...]
    verdict: str
    counts: bool
    flow: tuple[Location, ...] = ()  # the way that a secret took to the place


@dataclass(frozen=True, slots=True)
class Explanation:
    """All candidates on a line, and what else there is to say."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...]


def explain(path: str, line: int, root: str, config: Config) -> Explanation:
    """Explain line `line` of the file `path`; raise ScannerError when it cannot be read or has no such line."""
    relative = os.path.relpath(os.path.abspath(path), root).replace(os.sep, "/")
    document = _read(path, root, relative, config.setup())
    if not 1 <= line <= len(document.line_starts):
        raise ScannerError(f"{path} has no line {line}", f"its last line is {len(document.line_starts)}")
    is_alone = isinstance(document.provenance, MemberProvenance)
    return _explained(document, line, root, config, None if is_alone else folder_source([root], root, config))


def explain_text(data: bytes, path: str, line: int, root: str, config: Config) -> Explanation:
    """Explain line `line` of a text as if it were the file at `path` below `root`, looked at alone."""
    text = decode(data)
    document = Document(StreamProvenance(path), readable(data) if text is None else text, is_binary=text is None)
    if not 1 <= line <= len(document.line_starts):
        return Explanation((), ())
    return _explained(document, line, root, config, None)


def _explained(document: Document, line: int, root: str, config: Config, others: Source | None) -> Explanation:
    """Explain a line of a document; `others` are what it is looked at together with."""
    setup = config.setup()
    engine = load_engine(setup)
    if not document.is_binary and (surveys := engine.survey(document)):
        if others is None:
            document.context = join({document.path: surveys[-1]}, {}).readings().get(document.path)
        else:
            document.context = context_of(document.path, others, config)
    rules = engine.rules
    notes: list[str] = [_BINARY] if document.is_binary else []
    matches = engine.matches(document, notes)
    kept = engine.stay(matches)
    findings = {
        (finding.rule_id, finding.location.start): finding
        for finding in apply_baseline(list(complete(engine, document, kept, notes, matches)), root, config, (), notes)
    }
    chosen = [match for match in _on_line(line, document, matches) if match.rule_id in rules]
    hidden = masks(engine, document, matches, (place for match in chosen for place in places(match)))
    candidates = [_candidate(match, rules[match.rule_id], document, hidden, kept, findings, config) for match in chosen]
    if config.inventory.in_scan and others is not None:
        candidates += _of_the_tree(document.path, line, root, config)
    if not candidates and not document.is_binary:
        notes += _why_nothing(document.line(line).decode("utf-8", "replace"))
    notes += cache.complaints()
    return _covered(candidates, notes, cover(setup, list(findings.values()), notes=[*_texts(candidates), *notes]))


def _of_the_tree(path: str, line: int, root: str, config: Config) -> Iterator[Candidate]:
    """Yield what the keys of the whole tree show at a line."""
    wide = replace(config, min_severity=Severity.INFO, min_confidence=Confidence.LOW)
    report = scan_source(folder_source([root], root, config), root, wide, complete=True)
    rules = by_id(report.rules)
    for one in report.findings:
        rule = rules[one.rule_id]
        if rule.analyzer == "tree" and (one.location.provenance.path, one.location.region.start_line) == (path, line):
            yield Candidate(rule, one.location, one.evidence, *_fate(one, config))


def context_of(path: str, source: Source, config: Config) -> object:
    """Return what analyzers should know of the other artifacts of a source when they look closely at one of them."""
    found = (item for item in source.artifacts() if not isinstance(item, ScanError | Skipped))
    artifacts = {item.provenance.path: item for item in found}

    def run(asked: Iterable[Artifact]) -> Iterable[BatchResult]:
        return executors.run(config.setup(), asked, config.jobs)

    results = run([Asked(artifact, None, again=True) for artifact in artifacts.values()])
    surveys = {path: survey for result in results for path, survey in result.surveys}
    return settled(join(surveys, artifacts), artifacts, run).readings().get(path)


def _on_line(line: int, document: Document, matches: Iterable[Match]) -> Iterator[Match]:
    start, end = document.line_span(line)
    return (match for match in matches if match.start <= end and max(match.end, match.start + 1) > start)


def _texts(candidates: Iterable[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        yield candidate.verdict
        yield from (item.text for item in candidate.evidence)
        yield from (step.note for step in candidate.flow)


def _covered(candidates: Iterable[Candidate], notes: Iterable[str], covered: Cover) -> Explanation:
    """Return all there is to say, as it may be shown: what counts first."""
    shown = [_shown(candidate, covered) for candidate in candidates]
    shown.sort(key=lambda one: (not one.counts, one.location.start))
    return Explanation(tuple(shown), tuple(map(covered.text, notes)))


def _shown(candidate: Candidate, covered: Cover) -> Candidate:
    """Return a candidate as it may be shown."""
    return replace(
        candidate,
        location=covered.place(candidate.location),
        evidence=tuple(replace(item, text=covered.text(item.text)) for item in candidate.evidence),
        verdict=without_random(covered.text(candidate.verdict)),
        flow=tuple(map(covered.place, candidate.flow)),
    )


def archive_of(path: str) -> str:
    """Return the file that a path leads to: itself, or the archive before a `!`."""
    if not os.path.lexists(path):
        for mark in re.finditer("!", path):
            if os.path.isfile(path[: mark.start()]):
                return path[: mark.start()]
    return path


def _read(path: str, root: str, relative: str, setup: Setup) -> Document:
    file = archive_of(path)
    outer = FileArtifact(root, relative.removesuffix(path[len(file) :]), explicit=True)
    artifact: Artifact = outer if file == path else _member(outer, relative, setup)
    try:
        raw = artifact.read(setup.max_file_size)
    except OSError as error:
        raise ScannerError(f"cannot read {path}: {error.strerror}") from error
    text = decode(raw)
    return Document(artifact.provenance, readable(raw) if text is None else text, is_binary=text is None)


def _member(artifact: FileArtifact, path: str, setup: Setup) -> Artifact:
    """Return a member of an archive, or of one in it; raise ScannerError when there is none of that path."""
    for found in opened(setup, artifact) or ():
        if not isinstance(found, ScanError | Skipped) and found.provenance.path == path:
            return found
    raise ScannerError(f"{artifact.path} has no member {path[len(artifact.path) + 1 :]}", "write it as the report does")


def _candidate(
    match: Match,
    rule: Rule,
    document: Document,
    hidden: list[tuple[int, int]],
    kept: Iterable[Match],
    findings: dict[tuple[str, int], Finding],
    config: Config,
) -> Candidate:
    location = locate(document, Span(match.start, match.end), hidden)
    finding = findings.get((match.rule_id, match.start))
    if finding is None and (secret := _secret_of(match, findings.values())):
        verdict = f"part of the finding of '{secret.rule_id}' on line {secret.location.region.start_line}"
        return Candidate(rule, location, match.evidence, verdict, False)
    verdict, counts = _verdict(match, kept, finding, config)
    evidence = finding.evidence if finding else match.evidence
    return Candidate(rule, location, evidence, verdict, counts, located(document, match.flow, hidden))


def _secret_of(match: Match, findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that a match without one of its own is related to."""
    for finding in findings:
        if any((place.start, place.end) == (match.start, match.end) for place in finding.related):
            return finding
    return None


def _verdict(match: Match, kept: Iterable[Match], finding: Finding | None, config: Config) -> tuple[str, bool]:
    if match.confidence is None:
        return "rejected: the evidence speaks against a secret", False
    if match not in kept or finding is None:
        over = [other.rule_id for other in kept if other.start < match.end and match.start < other.end]
        if match.rule_id in over:
            return "left to the same rule, which reports it as it is decoded or as it stands", False
        return f"left to the more specific rule '{over[0] if over else '?'}'", False
    return _fate(finding, config)


def _fate(finding: Finding, config: Config) -> tuple[str, bool]:
    """Return what becomes of a finding, and whether it is reported."""
    sure = f"{finding.severity.label} severity, {finding.confidence.label} confidence"
    if finding.suppression:
        return f"suppressed ({finding.suppression.kind}): {finding.suppression.reason}", False
    if finding.confidence < config.min_confidence:
        return f"hidden: {sure}, below --min-confidence {config.min_confidence.label}", False
    if finding.severity < config.min_severity:
        return f"hidden: {sure}, below --min-severity {config.min_severity.label}", False
    return f"reported: {sure}", True


def _why_nothing(line: str) -> list[str]:
    """Say which names on the line were looked at; a line without any candidate has no value to weigh."""
    notes = ["no rule's format stands on this line, and no name that promises a secret is bound to a literal"]
    for name in dict.fromkeys(re.findall(r"[A-Za-z_][\w.\-]{2,60}", line)):
        if strength(name) >= Strength.WEAK:
            notes.append(f"'{name}' may name a secret, but no literal of four or more characters is bound to it")
        elif strength(name) is Strength.ABOUT or Strength.STRONG in map(strength, words(name)):
            notes.append(f"'{name}' tells something about a secret; it does not hold one")
    return notes
