"""What other scanners call our rules: each name is for the rules of one provider, and is taken wherever an id is."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from keytrace.config import load_config
from keytrace.errors import ScannerError
from keytrace.model import Rule, StreamProvenance
from keytrace.rules.load import load_builtin
from keytrace.rules.select import named
from keytrace.text.document import Document
from keytrace.triage import inline

GENERAL = "gitleaks:generic-api-key"  # also what only the analysis of Python sees
RULES = [rule for rule in load_builtin().rules if rule.aliases]


def test_an_alias_is_for_the_rules_of_one_provider() -> None:
    origins: dict[str, set[str]] = defaultdict(set)
    for rule in RULES:
        assert len(set(rule.aliases)) == len(rule.aliases), rule.id
        for alias in rule.aliases:
            assert re.fullmatch(r"(?:gitleaks|kingfisher|trufflehog):[\w.-]+", alias), rule.id
            origins[alias].add(rule.origin)
    assert [alias for alias, files in origins.items() if len(files) > 1 and alias != GENERAL] == []
    assert len({rule.origin for rule in RULES}) >= 60


def test_an_alias_that_is_an_id_of_ours_is_of_that_provider() -> None:
    known = {rule.id: rule for rule in load_builtin().rules}
    bare = ((rule, alias.partition(":")[2]) for rule in RULES for alias in rule.aliases if alias != GENERAL)
    assert [(rule.id, name) for rule, name in bare if name in known and known[name].origin != rule.origin] == []


def test_a_rule_is_selected_by_an_alias() -> None:
    ruleset = load_builtin()
    for name in ("github-pat", "gitleaks:github-pat"):
        assert [rule.id for rule in ruleset.select([name]).rules] == ["github-personal-access-token"]
    kept = {rule.id for rule in ruleset.select(without=["stripe-access-token"]).rules}
    assert {"stripe-live-secret-key", "stripe-test-key"} & kept == set()
    with pytest.raises(ScannerError, match="unknown rule 'other:github-pat'"):
        ruleset.select(["other:github-pat"])
    assert named("gitleaks:jwt", ruleset.rules) == ["json-web-token"]


def test_a_configuration_of_gitleaks_means_ours(tmp_path: Path) -> None:
    (tmp_path / ".gitleaks.toml").write_text(
        "[extend]\ndisabledRules = ['jwt']\n[[allowlists]]\ntargetRules = ['github-pat']\npaths = ['^a']\n"
        "[[rules]]\nid = 'github-oauth'\n[[rules.allowlists]]\npaths = ['^b']\n"
    )
    config = load_config(str(tmp_path))
    assert config.exclude_rules == ("json-web-token",)
    (text,) = (text for _, text in config.rule_files)
    assert "github-personal-access-token" in text
    assert "github-oauth-token" in text


def test_a_comment_may_name_an_alias() -> None:
    rule: Rule = replace(load_builtin()["github-personal-access-token"])
    for name, holds in (("github-pat", True), ("gitleaks:github-pat", True), ("github-oauth", False)):
        document = Document(StreamProvenance("a"), f"token = value  # keytrace:ignore[{name}] -- why\n".encode())
        verdict = inline.suppression(document, 8, 13, rule, date(2026, 1, 1), lambda: ("x",))
        assert (verdict.suppression is not None) is holds


def test_a_comment_of_semgrep_may_name_an_alias() -> None:
    rule: Rule = replace(load_builtin()["github-personal-access-token"])
    ids = {
        "github-pat": True,
        "generic.secrets.gitleaks.github-pat.github-pat": True,
        "generic.secrets.security.detected-github-token.detected-github-token": True,
        "generic.secrets.gitleaks.stripe-access-token.stripe-access-token": False,
        "stripe-access-token": False,
    }
    for name, holds in ids.items():
        document = Document(StreamProvenance("a"), f"token = value  # nosemgrep: {name}\n".encode())
        verdict = inline.suppression(document, 8, 13, rule, date(2026, 1, 1), lambda: ("x",))
        assert (verdict.suppression is not None) is holds, name
    assert named(GENERAL, RULES) == [
        "generic-api-key", "generic-password", "generic-secret", "generic-token", "hardcoded-credential",
    ]  # fmt: skip


def test_a_configuration_of_gitleaks_means_all_that_it_calls_so(tmp_path: Path) -> None:
    (tmp_path / ".gitleaks.toml").write_text("[extend]\ndisabledRules = ['generic-api-key']\n")
    assert set(load_config(str(tmp_path)).exclude_rules) == set(named(GENERAL, RULES))
