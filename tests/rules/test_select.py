"""How rule files add up, and which of their rules a scan has."""

from __future__ import annotations

import pytest

from keytrace.errors import ScannerError
from keytrace.rules.select import Ruleset
from keytrace.rules.validate import parse_rules

RULE = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-z]{8}"\n'


def test_a_file_adds_rules_and_replaces_those_of_the_same_id() -> None:
    ruleset = Ruleset(()).with_file(parse_rules(RULE.replace("acme-key", "b-key"), "a.toml"))
    ruleset = ruleset.with_file(parse_rules(RULE, "b.toml"))
    ruleset = ruleset.with_file(parse_rules(RULE.replace("acme-key", "b-key").replace("8", "9"), "c.toml"))
    assert [(rule.id, rule.regex) for rule in ruleset.rules] == [
        ("acme-key", "acme_[a-z]{8}"),
        ("b-key", "acme_[a-z]{9}"),
    ]
    assert ruleset["b-key"].origin == "c.toml"
    with pytest.raises(KeyError):
        ruleset["c-key"]


def test_select() -> None:
    text = "".join(RULE.replace("acme-key", name) for name in ("one", "two", "three"))
    ruleset = Ruleset(()).with_file(parse_rules(text, "a.toml"))

    def ids(only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[str]:
        return [rule.id for rule in ruleset.select(only, without).rules]

    assert ids() == ["one", "three", "two"]
    assert ids(("two", "one")) == ["one", "two"]
    assert ids((), ("two",)) == ["one", "three"]
    assert ids(("two", "one"), ("two",)) == ["one"]
    with pytest.raises(ScannerError, match="unknown rule 'thre'") as caught:
        ids((), ("thre",))
    assert caught.value.hint == "did you mean 'three'?"
    with pytest.raises(ScannerError, match="unknown rule 'xyz'") as caught:
        ids(("xyz",))
    assert caught.value.hint == "`keytrace rules list` shows all rules"
