"""Secrets that other analyzers found, in what clients get: in a bundle, an app, under a name that is built in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from keytrace.analyzers.client import RULE, reach
from keytrace.analyzers.client.judgement import judge
from keytrace.analyzers.client.references import flag_beside, prefixed
from keytrace.model import Confidence, Evidence, Match, Rule, Severity, Span
from keytrace.text.document import Document

_NAME = re.compile(rb"(?<![A-Za-z0-9_])([A-Z][A-Z0-9_]{4,80})[\"'`]?\]?\s*(?:[=:|?]{1,3}|,|\()?\s*[\"'`\\]{0,4}\Z")
_BUILT = (".js", ".mjs", ".map", ".bundle")  # full of names and words: what goes by a name alone is often none
_BEFORE = 120  # bytes before a value in which its name stands


def exposed(document: Document, kept: Sequence[Match], rules: Mapping[str, Rule]) -> list[Match]:
    """Return a match for each of the secrets that a client gets, at its name or where it stands."""
    secrets = [one for one in kept if one.is_secret and one.rule_id in rules and _is_secret(one, rules[one.rule_id])]
    if not secrets or RULE not in rules:
        return []
    in_file = reach.of_file(document)
    found: dict[int, Match] = {}
    for match in secrets:
        for one in _exposures(document, match, rules[match.rule_id], in_file):
            known = found.get(one.start)
            if known is None or _rank(one) > _rank(known):
                found[one.start] = one
    return list(found.values())


def merged(matches: Sequence[Match], more: Sequence[Match]) -> list[Match]:
    """Return matches of names with those of values, the worst of a place."""
    better = {(one.start, one.end): one for one in more}
    kept = []
    for match in matches:
        other = better.get((match.start, match.end)) if match.rule_id == RULE else None
        if other is not None and _rank(match) > _rank(other):
            better.pop((match.start, match.end))
        elif other is not None:
            continue
        kept.append(match)
    return [*kept, *better.values()]


def _rank(match: Match) -> tuple[int, int]:
    return (match.confidence or 0, match.severity or 0)


def _is_secret(match: Match, rule: Rule) -> bool:
    """Tell whether it is a secret by itself, and surely one that is not made to be public."""
    severity = rule.severity if match.severity is None else match.severity
    return (
        (match.confidence or 0) >= Confidence.MEDIUM and severity >= Severity.MEDIUM
        and rule.scope != "publishable" and not rule.part and rule.analyzer != "python"
    )  # fmt: skip


def _exposures(document: Document, match: Match, rule: Rule, in_file: str) -> Iterator[Match]:
    data = document.data
    name = _NAME.search(data, max(0, match.start - _BEFORE), match.start)
    if name and prefixed().fullmatch(name[1]) and name[1] != b"PUBLIC_KEY":
        yield from _under(name.span(1), name[1].decode(), match, rule)
        return
    where = in_file or reach.of_line(document, match.start)
    if not where and flag_beside(data, match.start, match.end):
        where = "the client of an API that is told to run in browsers"
    if where:
        is_guess = rule.analyzer != "pattern" and document.path.endswith(_BUILT)
        confidence = Confidence.LOW if is_guess else match.confidence
        yield _made(rule, (match.start, match.end), confidence, f"{rule.name} in {where}", where)


def _under(span: tuple[int, int], name: str, match: Match, rule: Rule) -> Iterator[Match]:
    """Yield the match of a value under a name that is built in; what only a name tells is told by the name."""
    confidence = match.confidence
    if rule.analyzer != "pattern":
        verdict = judge(name)
        if verdict.confidence is None:
            return
        confidence = max(verdict.confidence, Confidence.MEDIUM)
    said = f"{name} is built into what every browser loads: {rule.name}"
    yield _made(rule, span, confidence, said, "a name that is built into what every browser loads")


def _made(rule: Rule, span: tuple[int, int], confidence: Confidence | None, message: str, where: str) -> Match:
    evidence = (Evidence(f"a secret that the rule {rule.id} found stands in {where}", 4),)
    if rule.scope == "admin" or rule.severity is Severity.CRITICAL:
        severity = Severity.CRITICAL
    else:
        severity = Severity.MEDIUM if rule.scope == "test" or rule.severity <= Severity.MEDIUM else Severity.HIGH
    if "for-clients" in rule.tags and confidence is not None:
        confidence = Confidence.LOW  # the same form is one of keys that are made for clients
    return Match(
        RULE, *span, confidence, Span(*span), evidence, severity=severity, is_secret=False, message=message,
    )  # fmt: skip
