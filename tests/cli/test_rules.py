"""`keytrace rules`: list, show, test, and what is said about a bad rule file."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.rules.load import load_builtin

from .conftest import GITHUB, Keytrace

RULE = """\
[[rules]]
id = "acme-key"
description = "Acme key"
regex = '''acme_[a-z0-9]{20}'''
keywords = ["acme_"]
"""


def test_list(keytrace: Keytrace) -> None:
    run = keytrace("rules", "list")
    assert run.code == 0
    assert "\nsource-control  " in run.out
    names = [name.strip() for line in run.out.splitlines() if line.startswith("  ") for name in line.split(",")]
    rules = load_builtin().rules
    assert {name for name in names if name} == {rule.provider for rule in rules}
    assert run.err.startswith(f"\n{len(rules)} rules in ")


def test_list_all(keytrace: Keytrace) -> None:
    run = keytrace("rules", "list", "--all")
    assert run.code == 0
    assert "\ngithub\n" in run.out
    ids = [line.split()[0] for line in run.out.splitlines() if line.startswith("  ")]
    assert sorted(ids) == [rule.id for rule in load_builtin().rules]
    assert run.err.startswith(f"\n{len(ids)} rules in ")


def test_list_some(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("rules", "list", "--ids", "github", "classic").out == f"{GITHUB}\n"
    tagged = keytrace("rules", "list", "--ids", "--tag", "source-control").out.splitlines()
    assert GITHUB in tagged
    assert "generic-password" not in tagged
    (project / "mine.toml").write_text(RULE)
    run = keytrace("rules", "list", "--rules-file", "mine.toml", "acme")
    assert run.out == "mine\n  acme-key  high      format        Acme key\n"
    assert run.err.startswith("\n1 rule in 1 file;")


def test_show(keytrace: Keytrace) -> None:
    run = keytrace("rules", "show", GITHUB)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(f"GitHub personal access token (classic)  ({GITHUB})\nseverity critical")
    for part in ("What it is", "Why it matters", "What to do", "  verified offline by: github-token", "  CWE: CWE-798"):
        assert f"\n{part}" in run.out


def test_show_an_unknown_rule(keytrace: Keytrace) -> None:
    run = keytrace("rules", "show", "github-personal-acces-token")
    assert (run.code, run.out) == (2, "")
    assert f"hint: did you mean '{GITHUB}'?" in run.err


def test_what_is_not_there_is_said(keytrace: Keytrace) -> None:
    for arguments, what, hint in (
        (("nosuch",), "with 'nosuch'", ""),
        (("strip", "live"), None, ""),
        (("opnai",), "with 'opnai'", "did you mean 'openai'?"),
        (("inventory",), "with 'inventory'", "keytrace rules list --tag lifecycle"),
        (("--tag", "payment"), "tagged 'payment'", "did you mean 'payments'?"),
        (("--tag", "payments", "nosuch", "-f", "json"), "tagged 'payments' with 'nosuch'", ""),
    ):
        run = keytrace("rules", "list", *arguments)
        if what is None:
            assert run.code == 0
            continue
        assert (run.code, run.out) == (2, "")
        assert f"there is no rule {what}" in run.err
        assert hint in run.err


def test_list_as_json(keytrace: Keytrace) -> None:
    records = keytrace("rules", "list", "--format", "json", "github").json
    record = next(one for one in records if one["id"] == GITHUB)
    assert (record["provider"], record["severity"], record["recognised_by"]) == ("github", "critical", "checked")
    assert record["remediation"]
    assert record["references"][0].startswith("https://")
    assert "examples" not in record


def test_show_a_provider_lists_its_rules(keytrace: Keytrace) -> None:
    run = keytrace("rules", "show", "stripe")
    assert run.code == 0
    ids = [line.split()[0] for line in run.out.splitlines()[1:]]
    assert "stripe-live-secret-key" in ids
    assert all(one.startswith("stripe-") for one in ids)
    run = keytrace("scan", "--rule", "stripe", ".")
    assert run.code == 2
    assert "hint: there are stripe-credential, stripe-live-restricted-key, " in run.err
    assert "`keytrace rules list stripe`" in run.err


def test_test_finds_what_is_wrong(keytrace: Keytrace, project: Path) -> None:
    key = "acme_" + "7h2k9x4m1q8w5z3n6b0v"
    good = f"{RULE}examples = ['x = {key[:5]}[cut]{key[5:]}']\nnegativeExamples = ['acme_short']\n"
    (project / "mine.toml").write_text(good)
    run = keytrace("rules", "test", "mine.toml")
    assert (run.code, run.out, run.err) == (0, "1 rules, 2 samples: no failures\n", "")
    (project / "mine.toml").write_text(f"{RULE}examples = ['acme-none']\nnegativeExamples = ['x = {key}']\n")
    run = keytrace("rules", "test", "mine.toml")
    assert run.code == 1
    assert run.out.splitlines() == [
        "mine.toml: acme-key: example 1 is not found",
        "mine.toml: acme-key: example 1 holds none of the rule's keywords",
        "mine.toml: acme-key: negative example 1 is found by acme-key",
        "1 rules, 2 samples: 3 failures",
    ]
    assert key not in run.out


def test_a_rule_of_ones_own(keytrace: Keytrace, project: Path) -> None:
    (project / "mine.toml").write_text(RULE)
    (project / "app.py").write_text(f"x = '{'acme_' + '7h2k9x4m1q8w5z3n6b0v'}'\n")
    run = keytrace.json("--rules-file", "mine.toml", "--rule", "acme-key")
    assert run.findings == [("acme-key", "app.py", 1)]
    assert run.json["findings"][0]["name"] == "Acme key"


BAD_FILES = {
    "syntax error": ("[[rules]]\nid =\n", 2, "not valid TOML"),
    "bad regex": ("[[rules]]\nid = 'a-b'\nregex = '(x'\n", 3, "rule 'a-b': bad regex"),
    "duplicate id": ("[[rules]]\nid = 'a-b'\nregex = 'x'\n[[rules]]\nid = 'a-b'\nregex = 'y'\n", 5, "duplicate rule"),
    "unknown key": ("[[rules]]\nid = 'a-b'\nregex = 'x'\nkeyword = ['x']\n", 4, "unknown key 'keyword'"),
    "unknown key of the file": ("title = 't'\nrule = 1\n", 2, "unknown key 'rule'"),
    "wrong type": ("[[rules]]\nid = 'a-b'\nregex = 'x'\nkeywords = 'x'\n", 4, "'keywords' must be a list of strings"),
    "no id": ("[[rules]]\nregex = 'x'\n", 1, "a rule without 'id'"),
    "nothing to find": ("[[rules]]\nid = 'a-b'\nanalyzer = 'pattern'\n", 1, "needs 'regex' or 'path'"),
    "no such group": ("[[rules]]\nid = 'a-b'\nregex = 'x'\nsecretGroup = 2\n", 4, "'secretGroup' is 2"),
    "unknown severity": ("[[rules]]\nid = 'a-b'\nregex = 'x'\nseverity = 'hihg'\n", 4, "'severity' must be one of"),
    "bad regex of an allowlist": (
        "[[rules]]\nid = 'a-b'\nregex = 'x'\n[[rules.allowlists]]\nregexes = ['(']\n", 5, "bad regex in 'regexes'"
    ),
    "control characters": ('[[rules]]\nid = "a-b"\nregex = "x"\n"\\u001b[31mred" = 1\n', 1, "unknown key"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_rule_file_is_named_with_line_and_reason(keytrace: Keytrace, project: Path, kind: str) -> None:
    text, line, reason = BAD_FILES[kind]
    (project / "bad.toml").write_text(text)
    for arguments in (["scan", "--rules-file", "bad.toml"], ["rules", "test", "bad.toml"]):
        run = keytrace(*arguments)
        assert (run.code, run.out) == (2, "")
        first = run.err.splitlines()[0]
        assert first.startswith("keytrace: ")
        assert "bad.toml" in first
        assert f"bad.toml:{line}: " in first or f"line {line}" in first
        assert reason in first
        assert "\x1b" not in run.err


def test_a_hint_for_a_misspelt_key(keytrace: Keytrace, project: Path) -> None:
    (project / "bad.toml").write_text(BAD_FILES["unknown key"][0])
    assert "hint: did you mean 'keywords'?" in keytrace("scan", "--rules-file", "bad.toml").err


def test_a_rule_file_that_cannot_be_read(keytrace: Keytrace, project: Path) -> None:
    (project / "latin1.toml").write_bytes(b"title = 'caf\xe9'\n")
    run = keytrace("scan", "--rules-file", "latin1.toml")
    assert (run.code, run.out) == (2, "")
    assert "latin1.toml: not UTF-8 (byte 12)" in run.err
    for name, reason in (("gone.toml", "No such file or directory"), (".", "Is a directory")):
        run = keytrace("scan", "--rules-file", name)
        assert (run.code, run.out) == (2, "")
        assert reason in run.err


def test_what_belongs_together_is_shown(keytrace: Keytrace, project: Path) -> None:
    secret = keytrace("rules", "show", "aws-secret-beside-key-id").out
    assert "  joined with: aws-access-key-id, aws-session-token\n" in secret
    assert "  counts only near: aws-access-key-id\n" in secret
    part = keytrace("rules", "show", "github-client-id").out
    assert "  part of: github-client-secret, github-client-secret-beside-id\n" in part


def test_a_companion_that_is_not_there(keytrace: Keytrace, project: Path) -> None:
    (project / "bad.toml").write_text("[[rules]]\nid = 'a-b'\nregex = 'x'\nwith = ['aws-access-keyid']\n")
    for arguments in (["scan", "--rules-file", "bad.toml"], ["rules", "test", "bad.toml"]):
        run = keytrace(*arguments)
        assert (run.code, run.out) == (2, "")
        assert "bad.toml:4: rule 'a-b': there is no rule 'aws-access-keyid'" in run.err
        assert "did you mean 'aws-access-key-id'?" in run.err


def test_a_companion_among_the_builtin_rules(keytrace: Keytrace, project: Path) -> None:
    text = '[[rules]]\nid = "a-key"\nregex = "acme[0-9]"\nneeds = ["aws-access-key-id"]\nexamples = ["acme1"]\n'
    (project / "a.toml").write_text(text)
    run = keytrace("rules", "test", "a.toml")
    assert (run.code, run.out) == (1, "a.toml: a-key: example 1 is not found\n1 rules, 1 samples: 1 failure\n")
