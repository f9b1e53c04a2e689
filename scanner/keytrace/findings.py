"""A match made complete: its place with all secrets masked, message, fingerprint, what suppresses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from keytrace.analyzers import join
from keytrace.engine import Engine, in_words
from keytrace.model import NAME, CommitProvenance, Finding, Location, Match, Rule, Secret, Span, Suppression
from keytrace.redaction.masks import masks
from keytrace.text.document import Document, locate, located
from keytrace.timelimit import OutOfTimeError
from keytrace.triage import companions
from keytrace.triage.allowlist import allowed
from keytrace.triage.fingerprint import Fingerprints


class LateError(TimeoutError):
    """A pattern took too long, or the `whole` file did; `findings` are those made before."""

    def __init__(self, findings: list[Finding], *, whole: bool = False) -> None:
        super().__init__()
        self.findings = findings
        self.whole = whole


def find(
    engine: Engine, document: Document, notes: list[str], surveys: list[tuple[str, object]] | None = None
) -> list[Finding]:
    """Return the findings of a document in order of position; raise LateError when a pattern takes too long.

    What analyzers must know of it to look at others closely goes to `surveys`.
    """
    matches: list[Match] = []
    late: BaseException | None = None
    try:
        for match in engine.candidates(document, notes, surveys):
            if match.confidence is not None:
                matches.append(match)  # noqa: PERF401  # what was found before a timeout counts
    except (TimeoutError, OutOfTimeError) as error:
        late = error
    findings: list[Finding] = []
    if matches:
        try:
            _settle(engine, document, matches, notes, findings)
        except OutOfTimeError as error:  # what was found counts; it comes again after as much time
            late, findings = error, []
            with suppress(OutOfTimeError):  # and then what is complete does
                _settle(engine, document, matches, notes, findings)
    if late is not None:
        raise LateError(findings, whole=isinstance(late, OutOfTimeError)) from late
    return findings


def _settle(
    engine: Engine, document: Document, matches: list[Match], notes: list[str], findings: list[Finding]
) -> None:
    """Add the findings that matches come to."""
    settled = engine.settle(matches, document)
    findings.extend(complete(engine, document, engine.stay(settled), notes, settled))


def find_alone(engine: Engine, document: Document, notes: list[str]) -> list[Finding]:
    """Return the findings of a document that is all there is to know."""
    surveys: list[tuple[str, object]] = []
    findings = find(engine, document, notes, surveys)
    read = _read_alone(document, surveys)
    return find(engine, read, notes) if read else findings


def matches_alone(engine: Engine, document: Document) -> list[Match]:
    """Return every match and every rejected candidate of a document that is all there is to know."""
    surveys: list[tuple[str, object]] = []
    matches = list(engine.candidates(document, surveys=surveys))
    read = _read_alone(document, surveys)
    return engine.matches(read) if read else engine.settle(matches, document)


def _read_alone(document: Document, surveys: list[tuple[str, object]]) -> Document | None:
    """Return a document as one to be read, where what was surveyed of it asks for that."""
    readings = join(dict(surveys), {}).readings() if surveys else {}
    for context in readings.values():
        return Document(document.provenance, document.data, document.lines, context)
    return None


def complete(
    engine: Engine, document: Document, matches: list[Match], notes: list[str], every: Sequence[Match]
) -> Iterator[Finding]:
    """Make findings of the matches that stay, in order of position; what any of `every` calls a secret is masked."""
    matches = sorted(matches, key=lambda match: (match.start, match.end, match.rule_id))
    own_matches = [match for match in matches if match.rule_id in engine.rules]
    secrets = _spans(document, own_matches)
    joined = companions.join(matches, engine.every, document, lambda match: _counts(engine, document, match))
    told = {
        own: joined.related.get(own, own) for own in own_matches if own not in joined.parts and _on_lines(document, own)
    }
    hidden = masks(engine, document, every, (place for match in told.values() for place in places(match)))
    hidden = secrets if hidden == secrets else hidden  # the same list is prepared once
    fingerprints = Fingerprints(document.path)
    for own in own_matches:  # those without a finding of their own are counted, too: an identity must not change
        fingerprint = fingerprints.next(own.known_as, document.masked_line(own.start, own.end, secrets))
        if match := told.pop(own, None):
            rule = engine.rules[match.rule_id]
            reason = suppression(engine, document, match, rule, notes)
            yield _finding(document, match, rule, fingerprint, hidden, reason, joined.companions.get(own, ()))


def places(match: Match) -> Iterator[Span | Location]:
    """Yield the places of a document that the finding of a match shows."""
    yield Span(match.start, match.end)
    yield from match.related
    yield from match.flow


def _finding(
    document: Document,
    match: Match,
    rule: Rule,
    fingerprint: str,
    hidden: list[tuple[int, int]],
    reason: Suppression | None,
    others: Sequence[Match],
) -> Finding:
    assert match.confidence is not None
    value = _value(document, match)
    return Finding(
        rule_id=rule.id,
        message=_message(match, rule),
        severity=match.severity if match.severity is not None else rule.severity,
        confidence=match.confidence,
        location=locate(document, Span(match.start, match.end), hidden),
        secret=Secret(value, _marker(value, rule) if match.is_secret else ""),
        fingerprint=fingerprint,
        evidence=match.evidence,
        related=tuple(locate(document, span, hidden) for span in match.related),
        flow=located(document, match.flow, hidden),
        suppression=reason,
        parts=tuple((one.rule_id, Secret(_value(document, one))) for one in others),
        found_by=match.found_by,
    )


def _value(document: Document, match: Match) -> bytes:
    return match.hidden.value if match.hidden else document.data[match.start : match.end]


def _counts(engine: Engine, document: Document, match: Match) -> bool:
    """Tell whether a match becomes a finding that nothing in this document suppresses."""
    rule = engine.rules.get(match.rule_id)
    return rule is not None and _on_lines(document, match) and not suppression(engine, document, match, rule, [])


def suppression(engine: Engine, document: Document, match: Match, rule: Rule, notes: list[str]) -> Suppression | None:
    """Return why a match does not count, if an inline comment or an allowlist says so: of its rule, or of the one that
    found it before it was told whose the secret is.
    """
    if match.found_by:
        found_by = engine.every[match.found_by]
        aliases = (*rule.aliases, found_by.id, *found_by.aliases)
        rule = replace(rule, aliases=aliases, allowlists=rule.allowlists + found_by.allowlists)
    if engine.setup.inline_comments and not document.is_binary:
        from keytrace.triage import inline

        verdict = inline.suppression(document, match.start, match.end, rule, engine.today, engine.ids)
        if verdict.note:
            notes.append(f"{document.path}: {verdict.note}")
        if verdict.suppression:
            return verdict.suppression
    allowlists = rule.allowlists + engine.ruleset.allowlists
    if not allowlists:
        return None
    data = document.data
    first, last = document.line_at(match.start), document.line_at(max(match.start, match.end - 1))
    line = data[document.line_span(first)[0] : document.line_span(last)[1]]
    secret, whole = data[match.start : match.end], data[match.whole.start : match.whole.end]
    if match.hidden:
        secret, whole = match.hidden.value, match.hidden.whole
    commit = document.provenance.commit.id if isinstance(document.provenance, CommitProvenance) else ""
    ids = (rule.id, match.found_by) if match.found_by else (rule.id,)
    reasons = (allowed(one, document.path, secret, whole, line, allowlists, commit) for one in ids)
    return next((reason for reason in reasons if reason), None)


def _on_lines(document: Document, match: Match) -> bool:
    """Tell whether a match, or a step of its flow, stands on a line that counts; a step elsewhere may."""
    if document.lines is None or (document.line_at(match.start) if match.end else NAME) in document.lines:
        return True
    return any(isinstance(step, Location) or document.line_at(step.start) in document.lines for step in match.flow)


def _message(match: Match, rule: Rule) -> str:
    message = match.message or rule.name
    return f"{message}, {in_words(match.hidden.encodings)}" if match.hidden else message


def _spans(document: Document, matches: list[Match]) -> list[tuple[int, int]]:
    """Return what is to be masked for matches, sorted."""
    return sorted({span for match in matches if match.is_secret for span in _secret_spans(document, match)})


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
