"""The keys of a report asked about, on one screen: each distinct key once, and what that means for its findings."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keytrace.errors import Stopped
from keytrace.model import Confidence, Finding, Liveness, Probe, Report, Rule, ScanError, Severity, Verification
from keytrace.rules.stored import by_id
from keytrace.triage.threshold import threshold
from keytrace.verifiers.exchange import Exchange, Limits, UnansweredError, need_httpx, open_client, unlogged
from keytrace.verifiers.known import Refused
from keytrace.verifiers.question import Question, UnfitError, question
from keytrace.verifiers.request import render, shown
from keytrace.verifiers.verdict import judged

_SHOWN = 5  # hosts in a note
_KEPT_SCOPES = ("publishable", "test")  # a live key of these is no worse than was known


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, and where. `rules` are those that may say so, by id: ours, and what the user named; never those
    of a scanned tree. `endpoints` are addresses by rule or provider.
    """

    rules: Mapping[str, Rule]
    endpoints: Mapping[str, str] = field(default_factory=dict)
    suppressed: bool = False  # ask about these findings, too
    only_live: bool = False
    cached: bool = True
    min_severity: Severity = Severity.LOW
    limits: Limits = field(default_factory=Limits)


def verified(report: Report, asking: Asking, *, keep: bool = False) -> Report:
    """Return the report with what the providers say of its keys. Raise ScannerError where nothing can be asked.

    With `keep`, a signal ends the asking, and the report has what was answered before; else it is raised.
    """
    need_httpx()
    rules = by_id(report.rules)
    questions: dict[int, Question] = {}
    told: dict[int, Verification] = {}
    for number, finding in enumerate(report.findings):
        if finding.suppression and not asking.suppressed:
            continue
        asked = _question(finding, rules[finding.rule_id], asking)
        if isinstance(asked, Question):
            questions[number] = asked
        else:
            told[number] = asked
    answers, notes, stopped_by = ask(questions.values(), asking, keep=keep)
    told |= {number: answers[asked] for number, asked in questions.items()}
    findings = [_judged(one, told.get(number), rules[one.rule_id]) for number, one in enumerate(report.findings)]
    kept, hidden = threshold(findings, asking.min_severity, Confidence.LOW)
    notes += _summary(told.values())
    live = [one for one in kept if one.suppression or _is_live(one)] if asking.only_live else kept
    if left := len(kept) - len(live):
        notes.append(f"--only-live leaves out {left} finding{'s' * (left > 1)} not known to be live")
    statistics = replace(report.statistics, hidden_findings=report.statistics.hidden_findings + hidden, not_live=left)
    return replace(
        report,
        findings=tuple(live),
        errors=(*report.errors, *(_unanswered(kept) if asking.only_live else ())),
        notes=(*report.notes, *notes),
        statistics=statistics,
        stopped_by=stopped_by or report.stopped_by,
    )


def _is_live(finding: Finding) -> bool:
    return finding.verification is not None and finding.verification.status is Liveness.LIVE


def _unanswered(findings: Iterable[Finding]) -> Iterator[ScanError]:
    """Yield an error for each key of which a provider was asked and did not say: it is not known whether it counts."""
    for finding in findings:
        place, told = finding.location, finding.verification
        if told is not None and told.status is Liveness.UNKNOWN and told.host:
            why = f"line {place.region.start_line}: not known to be live: {told.reason}"
            yield ScanError(place.provenance.path, why)


def _question(finding: Finding, rule: Rule, asking: Asking) -> Question | Verification:
    """Return what is to be asked about a finding, or why nothing is."""
    probe = probe_for(rule, asking.rules)
    if probe is None:
        return Verification(Liveness.UNKNOWN, "no rule says how to ask")
    try:
        return question(finding, rule, probe, asking.endpoints)
    except UnfitError as error:
        return Verification(Liveness.UNKNOWN, str(error))


def described(report: Report, asking: Asking) -> Iterator[str]:
    """Yield, for each key of a report, what would be sent, the key masked; or why nothing would."""
    rules = by_id(report.rules)
    for finding in report.findings:
        asked = _question(finding, rules[finding.rule_id], asking)
        yield shown(asked) if isinstance(asked, Question) else asked.reason


def probe_for(rule: Rule, known: Mapping[str, Rule]) -> Probe | None:
    """Return how to ask about what a rule finds. A rule that a tree put in the place of ours finds other things."""
    ours = known.get(rule.id)
    same = ours and (ours.regex, ours.near, ours.host) == (rule.regex, rule.near, rule.host)
    return ours.verify if ours and same else None


# --- asking -----------------------------------------------------------------------------------------------------------


def ask(
    questions: Iterable[Question], asking: Asking, *, keep: bool = False
) -> tuple[dict[Question, Verification], list[str], int]:
    """Return the verdict on each question, asked once if it was not refused within a day; what is to be noted; and the
    signal that ended the asking, if one did.
    """
    distinct = list(dict.fromkeys(questions))
    refused = Refused() if asking.cached else None
    answers = {one: known for one in distinct if refused and (known := refused.find(one))}
    fresh = [one for one in distinct if one not in answers]
    if not fresh:
        return answers, [], 0
    found = dict.fromkeys(fresh, Verification(Liveness.UNKNOWN, "the asking was stopped before"))
    unreached: Counter[str] = Counter()  # by host
    stopped_by = 0
    try:
        with unlogged():
            asyncio.run(_all_asked(found, unreached, asking.limits))
    except (KeyboardInterrupt, Stopped) as stop:
        if not keep:
            raise
        stopped_by = stop.number if isinstance(stop, Stopped) else signal.SIGINT
    if refused:
        refused.keep(found.items())
    return answers | found, _unreachable(unreached), stopped_by


async def _all_asked(found: dict[Question, Verification], unreached: Counter[str], limits: Limits) -> None:
    """Put the verdict on each question in the place of what stands there, as it comes."""
    async with open_client() as client:
        exchange = Exchange(client, limits)

        async def one(asked: Question) -> None:
            found[asked] = await _ask(asked, exchange, unreached)

        await asyncio.gather(*map(one, list(found)))


async def _ask(asked: Question, exchange: Exchange, unreached: Counter[str]) -> Verification:
    """Ask one host after the other until one does not refuse the key."""
    verdict = Verification(Liveness.UNKNOWN, "nobody was asked")
    for base in asked.bases:
        request = render(asked, base)
        try:
            verdict = judged(asked, request.host, await exchange.ask(request))
        except UnansweredError as error:
            unreached[request.host] += error.is_network
            return Verification(Liveness.UNKNOWN, f"{request.host} {error.reason}", request.host)
        if verdict.status is not Liveness.DEAD:
            break
    return verdict


# --- what it means ----------------------------------------------------------------------------------------------------


def _judged(finding: Finding, told: Verification | None, rule: Rule) -> Finding:
    """Return a finding with what was told: of a live key one step more severe and certain, of a dead one low."""
    if told is None:
        return finding
    severity, confidence = finding.severity, finding.confidence
    if told.status is Liveness.LIVE:
        confidence = Confidence.HIGH
        if rule.scope not in _KEPT_SCOPES:
            severity = Severity(min(severity + 1, Severity.CRITICAL))
    elif told.status is Liveness.DEAD:
        severity = min(severity, Severity.LOW)
    return replace(finding, severity=severity, confidence=confidence, verification=told)


def _summary(told: Collection[Verification]) -> Iterator[str]:
    """Yield a note on what came of it."""
    asked = Counter(one.status.value for one in told if one.host)
    idle = sum(not one.host for one in told)
    hosts = sorted({one.host for one in told if one.host})
    if asked:
        numbers = ", ".join(f"{asked[status]} {status}" for status in Liveness if asked[status])
        yield f"asked {_few(hosts)}: {numbers}"
    if idle:
        yield f"not asked: {idle} finding{'s' * (idle > 1)} of a kind, or in a place, that leaves nothing to ask"


def _unreachable(hosts: Counter[str]) -> list[str]:
    names = sorted(host for host, number in hosts.items() if number)
    return [f"could not be reached: {_few(names)}; their keys stay unknown"] if names else []


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
