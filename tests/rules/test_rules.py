"""Every example of every rule is found by that rule; no counter-example is found by any."""

from __future__ import annotations

import re

import pytest

from keytrace.analyzers.pattern import PatternAnalyzer
from keytrace.checks import CHECKS
from keytrace.engine import Engine
from keytrace.findings import find
from keytrace.match.multipattern import build_index
from keytrace.model import Confidence, FileProvenance, Match, Remarks, Rule, Severity
from keytrace.rules.load import builtin_folder, load_builtin, read_rule_file
from keytrace.text.document import Document
from keytrace.triage.companions import settle

RULES = [rule for file in sorted(builtin_folder().glob("*.toml")) for rule in read_rule_file(file).rules]
PATTERN_RULES = [rule for rule in RULES if rule.analyzer == "pattern"]
BY_ID = {rule.id: rule for rule in RULES}
ANALYZER = PatternAnalyzer(tuple(PATTERN_RULES))


def matches(text: str) -> list[Match]:
    document = Document(FileProvenance("file"), text.encode())
    hits = build_index(ANALYZER.triggers).scan(document.data)
    return [
        match
        for match in settle(list(ANALYZER.analyze(document, hits, Remarks())), BY_ID, document)
        if match.confidence
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id), "ids are kebab-case"
    assert rule.name != rule.id, "a name for people"
    assert len(rule.description) > 20, "what it is"
    assert len(rule.impact) > 20, "why it matters"
    assert len(rule.remediation) > 20, "what to do"
    assert all(reference.startswith("https://") for reference in rule.references)
    assert rule.references, "at least one reference"
    assert rule.cwe
    assert not rule.checksum or rule.checksum in CHECKS


@pytest.mark.parametrize("rule", PATTERN_RULES, ids=lambda rule: rule.id)
def test_examples_are_found(rule: Rule) -> None:
    assert rule.examples, "at least one example"
    for example in rule.examples:
        found = {match.rule_id: match for match in matches(example)}
        assert rule.id in found, example[:12]
        assert (found[rule.id].confidence or 0) >= Confidence.MEDIUM, [e.text for e in found[rule.id].evidence]


@pytest.mark.parametrize("rule", PATTERN_RULES, ids=lambda rule: rule.id)
def test_keywords_are_in_every_example(rule: Rule) -> None:
    assert rule.keywords, "a literal every match holds"
    for example in rule.examples:
        assert any(word.lower() in example.lower() for word in rule.keywords)


@pytest.mark.parametrize("rule", PATTERN_RULES, ids=lambda rule: rule.id)
def test_no_rule_fires_on_a_counter_example(rule: Rule) -> None:
    assert rule.negative_examples, "at least one counter-example"
    for example in rule.negative_examples:
        fired = {match.rule_id for match in matches(example) if (match.confidence or 0) >= Confidence.MEDIUM}
        assert fired <= {*(rule.companions or ()), *rule.needs}, example


def test_companions_are_there() -> None:
    for rule in RULES:
        assert {*(rule.companions or ()), *rule.needs} <= BY_ID.keys(), rule.id


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(set(ids))


def test_cached_ruleset_equals_the_files() -> None:
    load_builtin.cache_clear()
    first = load_builtin()
    load_builtin.cache_clear()
    assert load_builtin() == first
    assert first.rules == tuple(sorted(RULES, key=lambda rule: rule.id))


PUBLIC = """
const config = { apiKey: "AIza[cut]SyMd3kQPpOP9LUY2vL2kFM2BKBScExV1Ljg", authDomain: "shop.firebaseapp.com" };
<div class="g-recaptcha" data-sitekey="6L[cut]c7qGjfbthd9r3RTO72SIRSIFj0Eek2pyQ1uxAb"></div>
<script data-key="hT4v[cut]Zq81mWc6KpYs2RbN0x" src="https://analytics.ahrefs.com/analytics.js"></script>
NEXT_PUBLIC_ALGOLIA_SEARCH_API_KEY="51cb[cut]6ed1aad60eef31d7de33a7a8e4f2"
""".replace("[cut]", "")


def test_keys_that_are_public_by_design_are_told_as_such(engine: Engine) -> None:
    for line in PUBLIC.strip().splitlines():
        findings = find(engine, Document(FileProvenance("web/page.html"), line.encode()), [])
        assert [finding.severity for finding in findings] == [Severity.INFO], line[:30]
    elsewhere = b'maps_key = "AIza' + b"SyMd3kQPpOP9LUY2vL2kFM2BKBScExV1Ljg"
    (finding,) = find(engine, Document(FileProvenance("a.py"), elsewhere + b'"'), [])
    assert (finding.rule_id, finding.severity) == ("google-api-key", Severity.HIGH)


MOST_WITHOUT = 130  # rules none of whose counter-examples comes near: less with time, never more


def test_counter_examples_reach_the_regex_of_their_rule() -> None:
    """A counter-example that lacks the rule's marker proves little: one at least should have its shape."""
    without = []
    for rule in PATTERN_RULES:
        index = build_index(ANALYZER.triggers)
        documents = [Document(FileProvenance("file"), example.encode()) for example in rule.negative_examples]
        found = (match for one in documents for match in ANALYZER.analyze(one, index.scan(one.data), Remarks()))
        if all(match.rule_id != rule.id for match in found):
            without.append(rule.id)
    assert len(without) <= MOST_WITHOUT, without
