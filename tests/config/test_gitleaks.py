"""A `.gitleaks.toml` beside our configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from keytrace.config import Config, load_config
from keytrace.engine import load_ruleset
from keytrace.model import Allowlist

from .conftest import RULE, Write, error

if TYPE_CHECKING:
    import pytest


def test_gitleaks(tmp_path: Path, write: Write) -> None:
    text = (
        '[extend]\nuseDefault = true\ndisabledRules = ["pem-private-key", "generic-something"]\n'
        + RULE.format(id="acme-key")
        + '[[rules]]\nid = "generic-password"\n[[rules.allowlists]]\nregexes = ["^Fixture-"]\n'
        + '[allowlist]\npaths = ["^vendor/"]\n'
    )
    file = write(".gitleaks.toml", text)
    write("keytrace.toml", "jobs = 2\n")
    config = load_config(str(tmp_path))
    assert config == Config(
        jobs=2,
        rule_files=((str(file), text),),
        exclude_rules=("pem-private-key",),
        notes=(
            ".gitleaks.toml is honoured: 1 rule, 2 allowlists, 1 rule not applied (pem-private-key)",
            ".gitleaks.toml: disabledRules: no rule is known as 'generic-something'",
        ),
    )
    ruleset = load_ruleset(config.setup())
    ids = [rule.id for rule in ruleset.rules]
    assert "acme-key" in ids
    assert "generic-password" in ids
    assert "pem-private-key" not in ids
    assert ruleset.allowlists == (
        Allowlist(paths=("^vendor/",)),
        Allowlist(regexes=("^Fixture-",), rules=("generic-password",)),
    )


def test_gitleaks_extends_a_file(tmp_path: Path, write: Write) -> None:
    write(".gitleaks.toml", '[extend]\npath = "ci/base.toml"\n' + RULE.format(id="one").replace("8", "9"))
    write(
        "ci/base.toml",
        '[extend]\npath = "more.toml"\ndisabledRules = ["pem-private-key"]\n'
        + RULE.format(id="one")
        + RULE.format(id="two")
        + '[allowlist]\npaths = ["^a/"]\n',
    )
    write("ci/more.toml", '[extend]\npath = "last.toml"\n' + RULE.format(id="three"))
    write("ci/last.toml", "nonsense")  # gitleaks goes no deeper
    config = load_config(str(tmp_path))
    assert [origin for origin, _ in config.rule_files] == [
        str(tmp_path / name) for name in ("ci/more.toml", "ci/base.toml", ".gitleaks.toml")
    ]
    assert config.exclude_rules == ("pem-private-key",)
    assert config.notes == (".gitleaks.toml is honoured: 4 rules, 1 allowlist, 1 rule not applied (pem-private-key)",)
    ruleset = load_ruleset(replace(config.setup(), only=("one", "two", "three")))
    assert [(rule.id, rule.regex) for rule in ruleset.rules] == [
        ("one", "one_[a-z]{9}"),
        ("three", "three_[a-z]{8}"),
        ("two", "two_[a-z]{8}"),
    ]


def test_gitleaks_path_from_the_working_folder(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write("repository/.gitleaks.toml", '[extend]\npath = "ci/base.toml"\n')
    write("ci/base.toml", RULE.format(id="one"))
    monkeypatch.chdir(tmp_path)
    config = load_config(str(tmp_path / "repository"))
    assert config.notes == (".gitleaks.toml is honoured: 1 rule, 0 allowlists",)


def test_gitleaks_address_is_not_fetched(tmp_path: Path, write: Write) -> None:
    file = write(".gitleaks.toml", '[extend]\nurl = "https://example.invalid/gitleaks.toml"\n')
    assert load_config(str(tmp_path)).notes == (
        ".gitleaks.toml is honoured: 0 rules, 0 allowlists",
        f"{file}: [extend] url is not fetched: keytrace works offline",
    )


def test_bad_gitleaks(tmp_path: Path, write: Write) -> None:
    file = write(".gitleaks.toml", '[[rules]]\nid = "acme-key"\nregex = "("\n')
    assert error(tmp_path)[0] == f"{file}:3: rule 'acme-key': bad regex: missing ) at position 1"
    write(".gitleaks.toml", "title = \n")
    assert error(tmp_path)[0].startswith(f"{file}:1: not valid TOML: ")
    write(".gitleaks.toml", '[extend]\npath = "gone.toml"\n')
    assert error(tmp_path)[0] == "cannot read the rule file gone.toml: No such file or directory"
    base = write("base.toml", "[[rules]]\nregex = 'x'\n")
    write(".gitleaks.toml", '[extend]\npath = "base.toml"\n')
    assert error(tmp_path)[0] == f"{base}:1: a rule without 'id'"


def test_targets_that_no_rule_has_as_its_name_are_told(tmp_path: Path, write: Write) -> None:
    write(
        ".gitleaks.toml",
        RULE.format(id="own")
        + '[[allowlists]]\npaths = ["^a/"]\ntargetRules = ["own", "github-pat", "nope", "not-one"]\n',
    )
    notes = load_config(str(tmp_path)).notes
    assert notes[1:] == (".gitleaks.toml: targetRules: no rule is known as 'nope', 'not-one'",)
