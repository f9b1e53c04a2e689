"""Each provider that has a rule for a key has one for what only a name says is its."""

from __future__ import annotations

from keytrace.model import Rule
from keytrace.names import tables
from keytrace.rules.derived import derived, with_derived
from keytrace.rules.load import load_builtin
from keytrace.rules.validate import parse_rules

ACME = """
[[rules]]
id = "acme-key"
name = "Acme shop key"
regex = 'acme_[a-z0-9]{20}'
remediation = "Make another one, and read it from ACME_SHOP_KEY."
impact = "Whoever has it shops."

[[rules]]
id = "acme-shop-id"
name = "Acme shop id"
severity = "info"
regex = 'shop_[a-z0-9]{20}'
"""


def of(text: str, name: str) -> list[Rule]:
    return list(derived(parse_rules(text, name).rules))


def test_what_follows_from_the_rules_of_a_provider() -> None:
    (rule,) = of(ACME, "acme.toml")
    assert (rule.id, rule.name, rule.provider) == ("acme-credential", "Acme credential", "acme")
    assert rule.near == ("acme", "ACME_SHOP_KEY")
    assert rule.impact == "Whoever has it shops."
    assert not of(ACME.replace("acme_[", "x_[").replace('"acme-key"', '"acme-key-id"'), "acme.toml")


def test_a_word_with_another_meaning_is_no_name() -> None:
    (word,) = sorted(tables.providers())[:1]
    (rule,) = of(ACME, f"{word}.toml")
    assert rule.near == ("ACME_SHOP_KEY",)


def test_what_is_written_out_goes_first() -> None:
    (own,) = parse_rules('[[rules]]\nid = "acme-credential"\nanalyzer = "named"\nnear = ["acme"]', "x.toml").rules
    rules = {rule.id: rule for rule in (*parse_rules(ACME, "acme.toml").rules, own)}
    assert with_derived(rules)["acme-credential"] is own


def test_the_built_in_ones_say_what_they_are() -> None:
    for rule in load_builtin().rules:
        if "derived" in rule.tags:
            assert rule.impact, rule.id
            assert rule.remediation, rule.id
            assert rule.references, rule.id
