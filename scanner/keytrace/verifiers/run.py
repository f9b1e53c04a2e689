"""The keys of a report asked about, on one screen: each distinct key once, and what that means for its findings."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keytrace.model import Confidence, Finding, Liveness, Probe, Report, Rule, Severity, Verification
from keytrace.rules.stored import by_id
from keytrace.triage.threshold import threshold
from keytrace.verifiers.exchange import Exchange, Limits, UnansweredError, need_httpx, open_client, unlogged
from keytrace.verifiers.known import Refused
from keytrace.verifiers.question import Question, UnfitError, question
from keytrace.verifiers.request import render, shown
from keytrace.verifiers.verdict import judged

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


def verified(report: Report, asking: Asking) -> Report:
    """Return the report with what the providers say of its keys. Raise ScannerError where nothing can be asked."""
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
    answers, notes = ask(questions.values(), asking)
    told |= {number: answers[asked] for number, asked in questions.items()}
    findings = [_judged(one, told.get(number), rules[one.rule_id]) for number, one in enumerate(report.findings)]
    kept, hidden = threshold(findings, asking.min_severity, Confidence.LOW)
    notes += _summary(told.values())
    if asking.only_live:
        kept, left = _only_live(kept)
        notes += left
    statistics = replace(report.statistics, hidden_findings=report.statistics.hidden_findings + hidden)
    return replace(report, findings=tuple(kept), notes=(*report.notes, *notes), statistics=statistics)


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


def ask(questions: Iterable[Question], asking: Asking) -> tuple[dict[Question, Verification], list[str]]:
    """Return the verdict on each question, asked once if it was not refused within a day; and what is to be noted."""
    distinct = list(dict.fromkeys(questions))
    refused = Refused() if asking.cached else None
    answers = {one: known for one in distinct if refused and (known := refused.find(one))}
    fresh = [one for one in distinct if one not in answers]
    if not fresh:
        return answers, []
    with unlogged():
        found, unreached = asyncio.run(_asked(fresh, asking.limits))
    if refused:
        refused.keep(found.items())
    return answers | found, _unreachable(unreached)


async def _asked(questions: Sequence[Question], limits: Limits) -> tuple[dict[Question, Verification], Counter[str]]:
    unreached: Counter[str] = Counter()  # by host
    async with open_client() as client:
        exchange = Exchange(client, limits)
        verdicts = await asyncio.gather(*(_ask(one, exchange, unreached) for one in questions))
    return dict(zip(questions, verdicts, strict=True)), unreached


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


def _only_live(findings: Iterable[Finding]) -> tuple[list[Finding], Iterator[str]]:
    """Return the findings whose key is live, and those that do not count, with a note on the others."""
    kept: list[Finding] = []
    left: Counter[str] = Counter()
    for finding in findings:
        status = finding.verification.status if finding.verification else Liveness.UNKNOWN
        if status is Liveness.LIVE or finding.suppression:
            kept.append(finding)
        else:
            left[status] += 1
    said = ", ".join(f"{number} {status}" for status, number in sorted(left.items()))
    return kept, iter([f"--only-live leaves out what is not known to be live: {said}"] if left else ())


def _summary(told: Collection[Verification]) -> Iterator[str]:
    """Yield a note on what came of it."""
    asked = Counter(one.status.value for one in told if one.host)
    idle = sum(not one.host for one in told)
    hosts = sorted({one.host for one in told if one.host})
    if asked:
        numbers = ", ".join(f"{asked[status]} {status}" for status in Liveness if asked[status])
        yield f"asked {', '.join(hosts)}: {numbers}"
    if idle:
        yield f"not asked: {idle} finding{'s' * (idle > 1)} of a kind, or in a place, that leaves nothing to ask"


def _unreachable(hosts: Counter[str]) -> list[str]:
    names = sorted(host for host, number in hosts.items() if number)
    return [f"could not be reached: {', '.join(names)}; their keys stay unknown"] if names else []
