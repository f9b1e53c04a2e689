"""From artifacts to findings: pure functions that can run in any process on any machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from keytrace.analyzers import ANALYZERS, Analyzer, join
from keytrace.decoders import TRIGGERS
from keytrace.errors import ScannerError
from keytrace.match.multipattern import Trigger, build_index
from keytrace.model import (
    PIECES,
    Additions,
    Allowlist,
    Artifact,
    Evidence,
    Finding,
    Match,
    Provenance,
    Remarks,
    Rule,
    ScanError,
    Secret,
    Span,
    Suppression,
)
from keytrace.rules.load import Ruleset, check_links, load_builtin, parse_rules
from keytrace.scoring import value as values
from keytrace.text.document import Document, decode, locate, located
from keytrace.text.notebook import without_images
from keytrace.triage import companions as composite
from keytrace.triage import dedupe as triage
from keytrace.triage.allowlist import allowed
from keytrace.triage.fingerprint import Fingerprints

if TYPE_CHECKING:
    from keytrace.decoders.layers import Budget

DEFAULT_MAX_FILE_SIZE = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a worker needs to know: small, picklable, hashable."""

    rule_files: tuple[tuple[str, str], ...] = ()  # (origin, text) of the user's rule files, in order
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    inline_comments: bool = True
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    hyperscan: bool = True
    python: Additions = field(default_factory=Additions)
    today: date | None = None  # None: the day of the run


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of a batch of artifacts. Sizes in bytes."""

    findings: tuple[Finding, ...]
    errors: tuple[ScanError, ...]
    notes: tuple[str, ...]
    files: int
    whole: tuple[str, ...]  # the paths of which every line was scanned
    bytes: int
    binary_files: int
    surveys: tuple[tuple[str, object], ...] = ()  # (path, what an analyzer must know of it to look at others closely)


@dataclass(frozen=True, slots=True)
class Asked:
    """An artifact with what an analyzer should know of others; `again`: only what there is to survey is asked for."""

    artifact: Artifact
    context: object
    again: bool = False

    @property
    def provenance(self) -> Provenance:
        return self.artifact.provenance

    @property
    def lines(self) -> frozenset[int] | None:
        return self.artifact.lines

    def read(self, limit: int) -> bytes:
        return self.artifact.read(limit)


def scan_batch(setup: Setup, artifacts: Sequence[Artifact]) -> BatchResult:
    """Scan each artifact; what cannot be read or analysed becomes an error in the result."""
    engine = load_engine(setup)
    batch = _Batch()
    for artifact in artifacts:
        path = artifact.provenance.path
        try:
            raw = artifact.read(setup.max_file_size)
        except OSError as error:
            batch.errors.append(ScanError(path, error.strerror or type(error).__name__))
            continue
        except ScannerError as error:
            batch.errors.append(ScanError(path, error.one_line))
            continue
        text = decode(raw)
        batch.files += 1
        batch.size += len(raw)
        batch.binary += text is None
        if text is not None and path.endswith(".ipynb"):
            text = without_images(text)
        batch.scan(engine, artifact, text or b"")
    return batch.result()


@dataclass(slots=True)
class _Batch:
    """What comes of a batch, while it is being scanned."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[ScanError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    surveys: list[tuple[str, object]] = field(default_factory=list)
    files: int = 0
    size: int = 0
    binary: int = 0

    def scan(self, engine: Engine, artifact: Artifact, text: bytes) -> None:
        asked = artifact if isinstance(artifact, Asked) else None
        document = Document(artifact.provenance, text, artifact.lines, asked.context if asked is not None else None)
        path = document.path
        if asked is not None and asked.again:
            self.surveys += ((path, survey) for survey in engine.survey(document))
            return
        try:
            self.findings += engine.scan(document, self.notes, self.surveys)
        except TimeoutError as late:
            self.findings += late.findings if isinstance(late, _LateError) else ()
            self.errors.append(ScanError(path, "a pattern took too long on this file; it was not scanned to its end"))
            return
        if artifact.lines is None:
            self.whole.append(path)

    def result(self) -> BatchResult:
        return BatchResult(
            tuple(self.findings), tuple(self.errors), tuple(self.notes), self.files, tuple(self.whole), self.size,
            self.binary, tuple(self.surveys),
        )  # fmt: skip


class _LateError(TimeoutError):
    """A pattern took too long; `findings` are those made before."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


@lru_cache(maxsize=2)
def load_engine(setup: Setup) -> Engine:
    """Build the engine for a setup, once in each process; raise ScannerError for a bad rule file."""
    return Engine(load_ruleset(setup), setup)


def load_ruleset(setup: Setup) -> Ruleset:
    """Return the built-in and the user's rules, as selected; raise ScannerError for a bad rule file or unknown id."""
    ruleset = load_builtin()
    files = [parse_rules(text, origin) for origin, text in setup.rule_files]
    for file in files:
        ruleset = ruleset.with_file(file)
    for file in files:
        check_links(file, (rule.id for rule in ruleset.rules))
    ruleset = ruleset.linked().select(setup.only, setup.without)
    return replace(ruleset, allowlists=ruleset.allowlists + setup.allowlists)


class Engine:
    """All analyzers behind one multi-pattern pass."""

    def __init__(self, ruleset: Ruleset, setup: Setup) -> None:
        self.ruleset = ruleset
        self._rules = {rule.id: rule for rule in ruleset.rules}
        every = ruleset.rules + ruleset.companions
        self._every = {rule.id: rule for rule in every}
        self._setup = setup
        self._today = setup.today or date.today()
        self._analyzers: list[tuple[int, int, Analyzer]] = []  # with the numbers of its triggers in the index
        triggers: list[Trigger] = []
        for name, analyzer in ANALYZERS.items():
            rules = tuple(rule for rule in every if rule.analyzer == name)
            if rules:
                member = analyzer(rules, setup.python)
                self._analyzers.append((len(triggers), len(triggers) + len(member.triggers), member))
                triggers += member.triggers
        self._encoded_from = len(triggers)  # the numbers from here on are those of the decoders
        self._index = build_index((*triggers, *TRIGGERS), hyperscan=setup.hyperscan)

    def survey(self, document: Document) -> list[object]:
        """Return what analyzers must know of a document to look at others closely."""
        found: list[object] = []
        for first, last, analyzer in self._analyzers:
            if first == last:
                remarks = Remarks()
                for _ in analyzer.analyze(document, {}, remarks):
                    pass
                found += [remarks.survey] if remarks.survey is not None else []
        return found

    def scan(
        self, document: Document, notes: list[str], surveys: list[tuple[str, object]] | None = None
    ) -> list[Finding]:
        """Return the findings of a document in order of position; raise TimeoutError when a pattern takes too long.

        What analyzers must know of it to look at others closely goes to `surveys`.
        """
        matches: list[Match] = []
        late = False
        try:
            for match in self.candidates(document, notes, surveys):
                if match.confidence is not None:
                    matches.append(match)  # noqa: PERF401  # what was found before a timeout counts
        except TimeoutError:
            late = True
        findings: list[Finding] = []
        if matches:
            findings += self.complete(document, self.stay(composite.settle(matches, self._every, document)), notes)
        if late:
            raise _LateError(findings)
        return findings

    def scan_alone(self, document: Document, notes: list[str]) -> list[Finding]:
        """Return the findings of a document that is all there is to know."""
        surveys: list[tuple[str, object]] = []
        findings = self.scan(document, notes, surveys)
        joined = join(dict(surveys), {}) if surveys else None
        for context in joined.readings().values() if joined is not None else ():
            return self.scan(Document(document.provenance, document.data, document.lines, context), notes)
        return findings

    def matches(self, document: Document, notes: list[str] | None = None) -> list[Match]:
        """Return every match and every rejected candidate, overlapping ones and those of companions included."""
        return composite.settle(list(self.candidates(document, notes)), self._every, document)

    def stay(self, matches: Sequence[Match]) -> list[Match]:
        """Return the matches that stay, one for each stretch of text, and those of companions, as witnesses."""
        credible = [match for match in matches if match.confidence is not None]
        own = [match for match in credible if match.rule_id in self._rules]
        kept = triage.deduplicate([match for match in own if match.is_secret], self._rules)
        kept += [match for match in own if not match.is_secret]  # places where a secret is used
        return kept + [match for match in credible if match.rule_id not in self._rules]

    def candidates(
        self, document: Document, notes: list[str] | None = None, surveys: list[tuple[str, object]] | None = None
    ) -> Iterator[Match]:
        """Yield every match and every rejected candidate, before companions are asked for, also in what is encoded.

        Say in `notes` what was not decoded.
        """
        notes = notes if notes is not None else []
        told = False
        for match in self._search(document, None, notes, surveys):
            if match.confidence is None and not told and self._is_too_long(match):
                told = True
                line = document.line_at(match.start)
                notes.append(
                    f"{document.path}: line {line}: a value longer than {values.LONGEST} bytes was not weighed"
                )
            yield _disclosed(match, match.hidden.encodings) if match.hidden else match

    def _is_too_long(self, match: Match) -> bool:
        """Tell whether a candidate was rejected because only the beginning of its value was read."""
        size = len(match.hidden.value) if match.hidden else match.end - match.start
        return size > values.LONGEST and self._every[match.rule_id].analyzer == "keyword"

    def _search(
        self,
        document: Document,
        budget: Budget | None,
        notes: list[str],
        surveys: list[tuple[str, object]] | None = None,
    ) -> Iterator[Match]:
        """Yield the matches of a document, or of one decoded from it: then there is a `budget` for more of these."""
        hits = self._index.scan(document.data)
        judged: list[Span] = []  # what the rules for a format matched
        known: set[tuple[str, int, int]] = set()
        remarks = Remarks(notes)
        for first, last, analyzer in self._analyzers:
            own = {number - first: ends for number, ends in hits.items() if first <= number < last}
            if own or (first == last and budget is None):
                for match in analyzer.analyze(document, own, remarks):
                    if match.confidence is not None and triage.is_specific(self._every[match.rule_id]):
                        judged.append(match.whole)
                    known.add((match.rule_id, match.start, match.end))
                    yield match
        if surveys is not None and remarks.survey is not None:
            surveys.append((document.path, remarks.survey))
        encoded = {number - self._encoded_from: ends for number, ends in hits.items() if number >= self._encoded_from}
        if not encoded and not remarks.folded:
            return
        from keytrace.decoders.layers import (  # 5 ms to import: only when something may be encoded
            Budget,
            folded,
            layers,
        )

        budget_here = budget or Budget(len(document.data))
        inners = chain(folded(document, remarks.folded, budget_here), layers(document, encoded, judged, budget_here))
        for inner in inners:
            for match in self._search(inner, budget_here, notes):
                outer = inner.outward(match)
                if outer and ((outer.rule_id, outer.start, outer.end) not in known or inner.hides(outer)):
                    yield outer
        if budget is None:
            notes += [f"{document.path}: some encoded text was not decoded: {reason}" for reason in budget_here.cut]

    def complete(self, document: Document, matches: list[Match], notes: list[str]) -> Iterator[Finding]:
        """Make findings of the matches that stay, in order of position."""
        matches = sorted(matches, key=lambda match: (match.start, match.end, match.rule_id))
        own_matches = [match for match in matches if match.rule_id in self._rules]
        masks = secrets = sorted(
            {span for match in own_matches if match.is_secret for span in _secret_spans(document, match)}
        )
        if len(own_matches) < len(matches):
            masks = sorted({span for match in matches if match.is_secret for span in _secret_spans(document, match)})
        fingerprints = Fingerprints(document.path)
        names: dict[Match, str] = {}
        for match in matches:  # those without a finding of their own are counted, too: an identity must not change
            if match.rule_id in self._rules:
                masked = document.masked_line(match.start, match.end, secrets)
                names[match] = fingerprints.next(match.rule_id, masked)
        joined = composite.join(matches, self._every, document, lambda match: self._counts(document, match))
        for own, fingerprint in names.items():
            if own in joined.parts or not _on_lines(document, own):
                continue
            match, rule = joined.related.get(own, own), self._rules[own.rule_id]
            assert match.confidence is not None
            value = match.hidden.value if match.hidden else document.data[match.start : match.end]
            yield Finding(
                rule_id=rule.id,
                message=_message(match, rule),
                severity=match.severity if match.severity is not None else rule.severity,
                confidence=match.confidence,
                location=locate(document, Span(match.start, match.end), masks),
                secret=Secret(value, _marker(value, rule) if match.is_secret else ""),
                fingerprint=fingerprint,
                evidence=match.evidence,
                related=tuple(locate(document, span, masks) for span in match.related),
                flow=located(document, match.flow, masks),
                suppression=self.suppression(document, match, rule, notes),
            )

    def _counts(self, document: Document, match: Match) -> bool:
        """Tell whether a match becomes a finding that nothing in this document suppresses."""
        rule = self._rules.get(match.rule_id)
        return rule is not None and _on_lines(document, match) and not self.suppression(document, match, rule, [])

    def suppression(self, document: Document, match: Match, rule: Rule, notes: list[str]) -> Suppression | None:
        """Return why a match does not count, if an inline comment or an allowlist says so."""
        if self._setup.inline_comments:
            from keytrace.triage.inline import suppression

            verdict = suppression(document, match.start, match.end, rule, self._today)
            if verdict.note:
                notes.append(f"{document.path}: {verdict.note}")
            if verdict.suppression:
                return verdict.suppression
        allowlists = rule.allowlists + self.ruleset.allowlists
        if not allowlists:
            return None
        data = document.data
        first, last = document.line_at(match.start), document.line_at(max(match.start, match.end - 1))
        line = data[document.line_span(first)[0] : document.line_span(last)[1]]
        secret, whole = data[match.start : match.end], data[match.whole.start : match.whole.end]
        if match.hidden:
            secret, whole = match.hidden.value, match.hidden.whole
        return allowed(rule.id, document.path, secret, whole, line, allowlists)


def _on_lines(document: Document, match: Match) -> bool:
    return document.lines is None or document.line_at(match.start) in document.lines


def _disclosed(match: Match, encodings: Sequence[str]) -> Match:
    """Return a match in encoded text with evidence that says so."""
    return replace(match, evidence=(*match.evidence, Evidence(in_words(encodings))))


def in_words(encodings: Sequence[str]) -> str:
    """Return how a text came to be in words, from outside in."""
    verb = "put together" if encodings[0] == PIECES else "decoded"
    return f"{verb} from {', then from '.join(encodings)}"


def _message(match: Match, rule: Rule) -> str:
    message = match.message or rule.name
    return f"{message}, {in_words(match.hidden.encodings)}" if match.hidden else message


def _secret_spans(document: Document, match: Match) -> Iterator[tuple[int, int]]:
    """Yield what is to be masked for a match: the secret and, where it is encoded, its value in clear beside it."""
    yield match.start, match.end
    if match.hidden and len(match.hidden.value) >= 4:
        value = match.hidden.value
        low = max(0, document.line_span(document.line_at(match.start))[0], match.start - 2048)
        high = min(document.line_span(document.line_at(match.start))[1], match.end + 2048)
        at = document.data.find(value, low, high)
        while at >= 0:
            yield at, at + len(value)
            at = document.data.find(value, at + len(value), high)


def _marker(value: bytes, rule: Rule) -> str:
    """Return the public prefix that tells what kind of key this is, such as `ghp_`; never more than a quarter."""
    lower = value.lower()
    prefixes = [
        word for word in rule.keywords if lower.startswith(word.lower().encode()) and len(word) * 4 <= len(value)
    ]
    return value[: len(max(prefixes, key=len))].decode("ascii", "replace") if prefixes else ""
