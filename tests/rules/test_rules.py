"""Every example of every rule is found by that rule; no counter-example is found by any."""

from __future__ import annotations

import re
from functools import partial

from keytrace.analyzers.pattern import PatternAnalyzer
from keytrace.checks import CHECKS
from keytrace.engine import Engine
from keytrace.findings import find, matches_alone
from keytrace.match.multipattern import build_index
from keytrace.model import FileProvenance, Remarks, Severity
from keytrace.rules.check import failures
from keytrace.rules.derived import with_derived
from keytrace.rules.load import builtin_folder, load_builtin, read_rule_file
from keytrace.text.document import Document

RULES = [rule for file in sorted(builtin_folder().glob("*.toml")) for rule in read_rule_file(file).rules]
PATTERN_RULES = [rule for rule in RULES if rule.analyzer == "pattern"]
BY_ID = {rule.id: rule for rule in RULES}
ANALYZER = PatternAnalyzer(tuple(PATTERN_RULES))


def test_rules_are_complete() -> None:
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id), "ids are kebab-case"
        assert rule.name != rule.id, f"{rule.id}: a name for people"
        assert len(rule.description) > 20, f"{rule.id}: what it is"
        assert len(rule.impact) > 20, f"{rule.id}: why it matters"
        assert len(rule.remediation) > 20, f"{rule.id}: what to do"
        assert rule.references, f"{rule.id}: at least one reference"
        assert all(reference.startswith("https://") for reference in rule.references), rule.id
        assert rule.cwe, rule.id
        assert not rule.checksum or rule.checksum in CHECKS, rule.id


def test_samples(engine: Engine) -> None:
    """Each rule finds its examples, alone in a text, and nothing finds its counter-examples."""
    for rule in PATTERN_RULES:
        assert rule.examples, f"{rule.id}: at least one example"
        assert rule.negative_examples, f"{rule.id}: at least one counter-example"
        assert rule.keywords, f"{rule.id}: a literal every match holds"
    wrong = [(one.rule.id, one.message) for one in failures(RULES, partial(matches_alone, engine))]
    assert wrong == []


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
    assert first.rules == tuple(sorted(with_derived(BY_ID).values(), key=lambda rule: rule.id))


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
