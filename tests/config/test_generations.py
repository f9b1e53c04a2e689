"""`.gitleaks.toml` of every generation: what gitleaks accepts is no error, and what is left out is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from keytrace.config import load_config
from keytrace.config.generations import dump, modern
from keytrace.engine import load_ruleset
from keytrace.model import Allowlist, Rule

from .conftest import Write

RULE = "[[rules]]\nid = 'acme'\nregex = 'acme_[a-z]{8}'\n"


def read(tmp_path: Path, write: Write, text: str) -> tuple[dict[str, Rule], tuple[Allowlist, ...], list[str]]:
    """Return the rules that are the file's own, the allowlists, and the notes without the name of the file."""
    file = write(".gitleaks.toml", text)
    config = load_config(str(tmp_path))
    ruleset = load_ruleset(config.setup())
    own = {rule.id: rule for rule in ruleset.rules if rule.origin == ".gitleaks.toml"}
    return own, ruleset.allowlists, [note.removeprefix(f"{file}: ") for note in config.notes[1:]]


def test_a_whitelist_of_the_first_generations(tmp_path: Path, write: Write) -> None:
    text = "[whitelist]\nfiles = ['^go.sum$', 'jpg$']\ncommits = ['abcdef1']\nrepos = ['x']\n"
    _, allowlists, notes = read(tmp_path, write, text)
    assert allowlists == (Allowlist(paths=("(?:^|/)go.sum$", "jpg$"), commits=("abcdef1",)),)
    assert notes == ["'repos' of an allowlist is not honoured"]


def test_a_rule_of_the_first_generations(tmp_path: Path, write: Write) -> None:
    text = (
        "[[rules]]\ndescription = 'Acme Key'\nregex = 'acme_([a-z]{8})'\nfile = '^a.env$'\nreportGroup = 1\n"
        "[[rules.Entropies]]\nMin = '3.5'\nMax = '4.0'\nGroup = '1'\n"
        "[[rules.whitelist]]\ndescription = 'sample'\nregex = 'sample'\n"
    )
    rules, _, notes = read(tmp_path, write, text)
    rule = rules["acme-key"]
    assert (rule.regex, rule.path, rule.secret_group, rule.entropy) == ("acme_([a-z]{8})", "(?:^|/)a.env$", 1, 3.5)
    assert rule.allowlists == (Allowlist(description="sample", regexes=("sample",)),)
    assert notes == ["rule 'acme-key': of 'entropies' the lower end is heeded, for the secret as a whole"]


def test_keys_are_read_whatever_their_capitals(tmp_path: Path, write: Write) -> None:
    text = (
        "[[Rules]]\nID = 'acme'\nRegex = 'acme_[a-z]{8}'\nsecretgroup = 0\n"
        "[Allowlist]\nregextarget = 'line'\nREGEXES = 'x'\ncondition = ''\n"
    )
    rules, allowlists, notes = read(tmp_path, write, text)
    assert list(rules) == ["acme"]
    assert allowlists == (Allowlist(regexes=("x",), regex_target="line"),)
    assert notes == []


def test_what_is_required_and_not_reported(tmp_path: Path, write: Write) -> None:
    text = RULE + (
        "[[rules.required]]\nid = 'acme-id'\nwithinLines = 3\n"
        "[[rules]]\nid = 'acme-id'\nregex = 'id_[a-z]{8}'\nskipReport = true\n"
    )
    rules, _, notes = read(tmp_path, write, text)
    assert list(rules) == ["acme"], "what is not reported is only looked for"
    assert rules["acme"].needs == ("acme-id",)
    assert notes == ["rule 'acme': 'required': near by is within 20 lines, whatever is asked for"]


@pytest.mark.parametrize(
    ("required", "needs", "note"),
    [
        ("[[rules.required]]\nid = 'gone'\n", (), "names no rule that is there; the rule holds without it"),
        (
            "[[rules.required]]\nid = 'pem-private-key'\n[[rules.required]]\nid = 'slack-token'\n",
            ("pem-private-key", "slack-token"),
            "one of pem-private-key, slack-token is enough",
        ),
    ],
)
def test_what_is_required_otherwise(
    tmp_path: Path, write: Write, required: str, needs: tuple[str, ...], note: str
) -> None:
    own = "[[rules]]\nid = 'slack-token'\nregex = 'slack_[a-z]{8}'\n"
    rules, _, notes = read(tmp_path, write, own + RULE + required)
    assert rules["acme"].needs == needs
    assert notes == [f"rule 'acme': 'required': {note}"]


def test_what_nobody_knows_is_told_once(tmp_path: Path, write: Write) -> None:
    text = (
        "novel = 1\n"
        + RULE
        + "odd = 1\n[[allowlists]]\nnew = 1\npaths = ['^a']\n[[allowlists]]\nnew = 2\npaths = ['^b']\n"
    )
    rules, allowlists, notes = read(tmp_path, write, text)
    assert list(rules) == ["acme"]
    assert [one.paths for one in allowlists] == [("^a",), ("^b",)]
    assert notes == [
        "'novel' of the file is not honoured",
        "'new' of an allowlist is not honoured",
        "'odd' of rule 'acme' is not honoured",
    ]


def test_a_change_to_a_rule_of_gitleaks(tmp_path: Path, write: Write) -> None:
    text = (
        "[[rules]]\nid = 'generic-api-key'\nentropy = 4.2\n[[rules.allowlists]]\nregexes = ['^demo']\n"
        "[[rules]]\nid = 'some-key'\nentropy = 1\n"
    )
    rules, allowlists, notes = read(tmp_path, write, text)
    assert rules == {}
    assert {one.regexes for one in allowlists} == {("^demo",)}
    assert {"generic-api-key", "generic-password"} < {name for one in allowlists for name in one.rules}
    assert load_config(str(tmp_path)).notes[0] == ".gitleaks.toml is honoured: 0 rules, 1 allowlist"
    assert notes == [
        "rule 'generic-api-key' changes one of gitleaks: only its allowlists are heeded",
        "rule 'some-key' changes one of gitleaks: only its allowlists are heeded",
    ]


def test_an_id_may_stand_for_several_rules() -> None:
    data = tomllib.loads("[[allowlists]]\ntargetRules = ['theirs', 'gone']\npaths = ['x']\n[[rules]]\nid = 'theirs'\n"
                         "regex = 'x'\n[rules.allowlist]\nstopwords = ['demo']\n")  # fmt: skip
    result = modern(data, ("id",), lambda name: ["a", "b"] if name == "theirs" else [])
    assert result.data["allowlists"][0]["targetRules"] == ["theirs", "gone"], "the file's own rule comes first"
    result = modern({"allowlists": data["allowlists"]}, ("id",), lambda name: ["a", "b"] if name == "theirs" else [])
    assert result.data["allowlists"][0]["targetRules"] == ["a", "b", "gone"]


@pytest.mark.parametrize("text", ['say "no"', "a\\b\n\t", "\x7f\x01", "ключ 🔑", ""])
def test_what_is_written_reads_the_same(text: str) -> None:
    data = {"title": text, "rules": [{"id": text, "entropy": 3.5, "odd key": [1, True, {"x": text}]}]}
    assert tomllib.loads(dump(data)) == data
