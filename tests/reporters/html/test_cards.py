"""What is said of one finding, and of one rule."""

from __future__ import annotations

from dataclasses import replace

from keytrace.model import Commit, CommitProvenance, Life, Report, Severity
from keytrace.reporters.html.cards import Card, card, rule_section, shown_place
from keytrace.reporters.layout import shows_key

from .parsing import Page


def cards(report: Report) -> dict[str, Card]:
    rules = {rule.id: rule for rule in report.rules}
    return {one.rule_id: Card(one.fingerprint, one, rules[one.rule_id], 3, "") for one in report.active}


def test_steps_stand_in_order_and_name_other_files(report: Report) -> None:
    said = Page(card(cards(report)["secret-is-logged"], 1)).said()
    first, second, third = (said.index(step) for step in ("line 1 read", "line 2 put", "src/log.py line 2 printed"))
    assert first < second < third
    assert "Key 3" not in said


def test_a_key_in_several_places_says_so(report: Report) -> None:
    page = Page(card(cards(report)["demo-payment-key"], 4))
    assert "Key 3, in 4 places" in page.said()
    assert "#key-3" in [one.get("href") for _, one in page.elements]


def test_what_is_marked_tells_whether_it_is_a_key(report: Report) -> None:
    shown = {one.rule_id: shows_key(one) for one in report.active}
    assert shown == {
        "demo-payment-key": True, "demo-cloud-credentials": True, "their-rule": True,
        "secret-is-logged": False, "keystore-file": False,
    }  # fmt: skip


def test_places_in_history_have_their_commit(report: Report) -> None:
    one = report.active[0]
    place = replace(
        one.location, provenance=CommitProvenance("a/b.env", Commit("0123456789abcdef", "Ada", "2026-01-02"))
    )
    assert Page(shown_place(place)).text == "0123456789:a/b.env:1:1"


def test_the_life_of_a_key(report: Report) -> None:
    one = cards(report)["demo-payment-key"]
    gone = Life(Commit("a" * 40, "Ada", "2026-01-02"), Commit("b" * 40, "Bob", "2026-02-03"), (("c.py", 4),), (".env",))
    said = Page(card(replace(one, finding=replace(one.finding, life=gone)), 1)).said()
    assert "Brought 2026-01-02 by Ada in aaaaaaaaaa Taken out 2026-02-03 by Bob in bbbbbbbbbb Still in c.py:4" in said
    assert ".env, which git does not track" in said
    nowhere = replace(one, finding=replace(one.finding, life=Life(Commit())))
    assert "In history" not in card(nowhere, 1)


def test_a_rule_says_what_it_means(report: Report) -> None:
    rule = report.rules[1]
    said = Page(rule_section(rule, Severity.LOW, 2)).said()
    assert f"low {rule.name} {rule.id} 2 findings" in said
    for text in (rule.description, rule.impact, rule.remediation, *rule.references):
        assert text in said
    assert "suppressed" in rule_section(rule, Severity.LOW, 0)
