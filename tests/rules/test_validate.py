"""Rule files: what they may say, what is wrong with them and where."""

from __future__ import annotations

import random

import pytest

from keytrace.engine import Engine, Setup
from keytrace.errors import ScannerError
from keytrace.findings import find
from keytrace.model import Allowlist, Confidence, FileProvenance, Rule, Severity
from keytrace.rules.select import Ruleset
from keytrace.rules.validate import parse_rules
from keytrace.text.document import Document

RULE = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-z]{8}"\n'


KEY = "acme_" + "".join(random.Random(4).choices("abcdefghijklmnopqrstuvwxyz", k=8))


def error(text: str) -> tuple[str, str]:
    with pytest.raises(ScannerError) as caught:
        parse_rules(text, "acme.toml")
    return caught.value.message, caught.value.hint


@pytest.mark.parametrize(
    ("added", "line", "reason", "hint"),
    [
        ('regx = "x"', 4, "unknown key 'regx'", "did you mean 'regex'?"),
        ("negative_examples = []", 4, "unknown key 'negative_examples'", "did you mean 'negativeExamples'?"),
        ("zzz = 1", 4, "unknown key 'zzz'", ""),
        ('description = ""\n\n# odd\n"wrong" = 1', 7, "unknown key 'wrong'", ""),
        ("description = 1", 4, "'description' must be a string", ""),
        ('keywords = "acme_"', 4, "'keywords' must be a list of strings", ""),
        ("tags = [1]", 4, "'tags' must be a list of strings", ""),
        ('entropy = "3"', 4, "'entropy' must be a number (bits per character)", ""),
        ("entropy = true", 4, "'entropy' must be a number (bits per character)", ""),
        ('secretGroup = "1"', 4, "'secretGroup' must be the number of a group", ""),
        ("secretGroup = -1", 4, "'secretGroup' must be the number of a group", ""),
        ("secretGroup = 1", 4, "'secretGroup' is 1, the regex has 0", ""),
        ('cwe = "798"', 4, "'cwe' must be a list of numbers", ""),
        (
            'severity = "hihg"',
            4,
            "'severity' must be one of info, low, medium, high, critical",
            "did you mean 'high'?",
        ),
        ("severity = 3", 4, "'severity' must be one of info, low, medium, high, critical", ""),
        ('confidence = "sure"', 4, "'confidence' must be one of low, medium, high", ""),
        (
            'analyzer = "magic"',
            4,
            "unknown analyzer 'magic'",
            "one of pattern, keyword, client, path, python, tree, named",
        ),
        ('scope = "world"', 4, "unknown scope 'world'", "one of live, test, admin, unscoped, restricted, publishable"),
        ('near = "acme"', 4, "'near' must be a list of strings", ""),
        ('path = "*.py"', 4, "bad regex: nothing to repeat at position 0", ""),
    ],
)
def test_bad_rule(added: str, line: int, reason: str, hint: str) -> None:
    assert error(RULE + added) == (f"acme.toml:{line}: rule 'acme-key': {reason}", hint)
    other = '[[rules]]\nid = "other"\nregex = "x"\n\n'
    assert error(other + RULE + added)[0] == f"acme.toml:{line + 4}: rule 'acme-key': {reason}"


@pytest.mark.parametrize(
    ("added", "reason", "hint"),
    [
        ('regexes = ["("]', "bad regex in 'regexes': missing ) at position 1", ""),
        ('paths = ["*"]', "bad regex in 'paths': nothing to repeat at position 0", ""),
        ('stopwords = "sample"', "'stopwords' must be a list of strings", ""),
        ('stopword = ["sample"]', "unknown key 'stopword'", "did you mean 'stopwords'?"),
        ('regexTarget = "file"', "regexTarget 'file'", "one of secret, match, line"),
        ('condition = "XOR"', "condition 'XOR'", "one of OR, AND"),
    ],
)
def test_bad_allowlist(added: str, reason: str, hint: str) -> None:
    assert error(f"{RULE}[[rules.allowlists]]\n{added}") == (f"acme.toml:5: allowlist: {reason}", hint)
    assert error(f"# ours\n[[allowlists]]\n{added}") == (f"acme.toml:3: allowlist: {reason}", hint)
    assert error(f"# ours\n\n[allowlist]\n{added}") == (f"acme.toml:4: allowlist: {reason}", hint)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[rules]]\nregex = "x"', "acme.toml:1: a rule without 'id'"),
        ('[[rules]]\nid = 3\nregex = "x"', "acme.toml:2: 'id' must be a string"),
        (RULE + RULE, "acme.toml:5: duplicate rule id 'acme-key'"),
        ("rules = 1", "acme.toml:1: 'rules' must be an array of tables ([[rules]])"),
        ('[rules]\nid = "acme-key"', "acme.toml:1: 'rules' must be an array of tables ([[rules]])"),
        ("\nallowlists = [1]", "acme.toml:2: 'allowlists' must be an array of tables ([[allowlists]])"),
        ("\n\nextend = 1", "acme.toml:3: 'extend' must be a table"),
        ('titel = "Acme"\n' + RULE, "acme.toml:1: unknown key 'titel'"),
        (
            RULE.replace("[a-z]", "["),
            "acme.toml:3: rule 'acme-key': bad regex: unterminated character set at position 9",
        ),
        (
            '# a comment\n\n[[ rules ]]\nid = "a"\nregex = "("',
            "acme.toml:5: rule 'a': bad regex: missing ) at position 1",
        ),
        ('[[rules]]\nid = "a"\nanalyzer = "pattern"', "acme.toml:1: rule 'a': a rule needs 'regex' or 'path'"),
    ],
)
def test_bad_file(text: str, message: str) -> None:
    assert error(text)[0] == message


def test_least_rule() -> None:
    (rule,) = parse_rules(RULE, "rules/acme.toml").rules
    assert rule == Rule(
        id="acme-key",
        name="acme-key",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        analyzer="pattern",
        regex="acme_[a-z]{8}",
        cwe=(798,),
        origin="acme.toml",
    )


def test_defaults_hold_where_a_rule_says_nothing() -> None:
    head = '[defaults]\nseverity = "low"\ntags = ["acme"]\ncwe = [321]\n'
    first, second = parse_rules(head + RULE + RULE.replace("acme-key", "b") + 'severity = "critical"\n', "a.toml").rules
    assert (first.severity, first.tags, first.cwe) == (Severity.LOW, ("acme",), (321,))
    assert (second.severity, second.tags, second.cwe) == (Severity.CRITICAL, ("acme",), (321,))


def test_cuts_are_taken_out_of_samples() -> None:
    text = RULE + 'examples = ["acme_[cut]abcd[cut]efgh"]\nnegativeExamples = ["acme_[cut]x"]\n'
    (rule,) = parse_rules(text, "a.toml").rules
    assert rule.examples == ("acme_abcdefgh",)
    assert rule.negative_examples == ("acme_x",)


def test_a_rule_about_a_path() -> None:
    (rule,) = parse_rules('[[rules]]\nid = "key-file"\npath = "\\\\.pem$"\n', "a.toml").rules
    assert (rule.analyzer, rule.path, rule.regex) == ("path", r"\.pem$", "")


GITLEAKS = r"""
title = "ours"
minVersion = "8.25.0"

[extend]
useDefault = true
disabledRules = ["jwt"]

[[rules]]
id = "acme-key"
description = "Acme key"
regex = '''(acme_)([a-z]{8})\z'''
secretGroup = 2
entropy = 1.5
path = '''(?i)\.env$'''
keywords = ["acme_"]
tags = ["acme", "key"]
    [[rules.allowlists]]
    description = "samples"
    condition = "AND"
    regexTarget = "line"
    paths = ['''^docs/''']
    regexes = ['''sample''']
    stopwords = ["EXAMPLE"]
    [[rules.allowlists]]
    commits = ["0123abcd"]
    condition = "&&"
    paths = ['''.''']

[[rules]]
id = "old-key"
regex = '''old_[0-9]{4}'''
skipReport = true
    [[rules.required]]
    id = "acme-key"
    [rules.allowlist]
    stopwords = ["Old"]

[[rules]]
id = "generic-password"
    [[rules.allowlists]]
    regexes = ['''^Fixture-''']

[[allowlists]]
targetRules = ["acme-key"]
paths = ['''^vendor/''']

[allowlist]
description = "all"
paths = ['''^third_party/''']
"""


def test_gitleaks_file() -> None:
    file = parse_rules(GITLEAKS, ".gitleaks.toml")
    acme, old = file.rules
    assert acme == Rule(
        id="acme-key",
        name="Acme key",
        description="Acme key",
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        analyzer="pattern",
        regex=r"(acme_)([a-z]{8})\z",
        secret_group=2,
        entropy=1.5,
        keywords=("acme_",),
        path=r"(?i)\.env$",
        tags=("acme", "key"),
        cwe=(798,),
        allowlists=(
            Allowlist(
                "samples",
                paths=("^docs/",),
                regexes=("sample",),
                stopwords=("example",),
                regex_target="line",
                condition="AND",
            ),
            Allowlist(paths=(".",), condition="AND", commits=("0123abcd",)),  # in history alone
        ),
        origin=".gitleaks.toml",
    )
    assert old.allowlists == (Allowlist(stopwords=("old",)),)
    assert file.allowlists == (
        Allowlist("all", paths=("^third_party/",)),
        Allowlist(paths=("^vendor/",), rules=("acme-key",)),
        Allowlist(regexes=("^Fixture-",), rules=("generic-password",)),
    )
    assert file.extend == {"useDefault": True, "disabledRules": ["jwt"]}
    assert file.notes == (
        ".gitleaks.toml:33: 'skipReport' is not supported; the rule holds without it",
        ".gitleaks.toml:34: 'required' is not supported; the rule holds without it",
    )


def test_gitleaks_file_at_work() -> None:
    file = parse_rules(GITLEAKS, ".gitleaks.toml")
    engine = Engine(Ruleset(()).with_file(file), Setup(hyperscan=False))

    def found(path: str, text: str) -> list[tuple[bytes, bool]]:
        findings = find(engine, Document(FileProvenance(path), text.encode()), [])
        return [(finding.secret.value, finding.suppression is None) for finding in findings]

    value = KEY.removeprefix("acme_").encode()
    assert found("x.env", f"key={KEY}") == [(value, True)]
    assert found("x.ENV", f"key={KEY}") == [(value, True)]
    assert found("x.py", f"key={KEY}") == []
    assert found("x.env", f"key={KEY}\n") == []  # \z is the very end
    assert found("vendor/x.env", f"key={KEY}") == [(value, False)]
    assert found("third_party/x.env", f"key={KEY}") == [(value, False)]
    assert found("docs/x.env", f"sample={KEY}") == [(value, True)]  # AND: its stopword does not occur
    assert found("x.txt", "old_1234") == [(b"old_1234", False)]


def test_a_rule_with_allowlists_only_extends_the_rule_of_that_name(engine: Engine) -> None:
    file = parse_rules('[[rules]]\nid = "generic-password"\n[[rules.allowlists]]\nregexes = ["^Fx-"]\n', "a.toml")
    assert file.rules == ()
    extended = engine.ruleset.with_file(file)
    assert extended.rules == engine.ruleset.rules
    rules = Ruleset((extended["generic-password"],), extended.allowlists)
    small = Engine(rules, Setup(hyperscan=False))
    body = random.Random(3).randbytes(5).hex()
    texts = (f'password = "Fx-{body}"', f'password = "{body}Fx-"')
    states = [
        [finding.suppression is None for finding in find(small, Document(FileProvenance("a.py"), text.encode()), [])]
        for text in texts
    ]
    assert states == [[False], [True]]


def test_a_shape_by_its_name() -> None:
    (rule,) = parse_rules('[[rules]]\nid = "acme-key"\nnear = ["acme_key"]\nshape = "hex-32"\n', "a.toml").rules
    assert (rule.regex, rule.entropy) == (r"[0-9a-f]{32}\b", 3.0)
    text = '[[rules]]\nid = "acme-key"\nnear = ["acme_key"]\nshape = "hex-32"\nentropy = 2\n'
    assert parse_rules(text, "a.toml").rules[0].entropy == 2
    assert error(text.replace("hex-32", "hex32"))[0] == "acme.toml:4: rule 'acme-key': unknown shape 'hex32'"
    alone = "'shape' stands in place of 'regex', beside 'near' or 'host'"
    for wrong in (text + 'regex = "x"\n', text.replace('near = ["acme_key"]\n', "")):
        assert error(wrong)[0].endswith(f"rule 'acme-key': {alone}")


def test_names_and_hosts_beside_a_value() -> None:
    text = '[[rules]]\nid = "acme-key"\nnear = ["acme_api_key", "a.b"]\nhost = ["API.acme.io"]\nregex = "[0-9a-f]{8}"\n'
    (rule,) = parse_rules(text, "a.toml").rules
    assert (rule.analyzer, rule.regex, rule.keywords) == ("pattern", "[0-9a-f]{8}", ("acme", "a.b", "api.acme.io"))
    assert (rule.near, rule.host) == (("acme_api_key", "a.b"), ("API.acme.io",))
    message, _ = error(text.replace("{8}", "{8}["))
    assert message.startswith("acme.toml:5: rule 'acme-key': bad regex: unterminated character set")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("allowlist = 3\n", 1),
        ('[defaults]\nseverty = "low"\n' + RULE, 2),
        (RULE + '[[rules.allowlists]]\nstopwords = ["a"]\n[[rules.allowlists]]\nstopwords = "a"\n', 7),
        (RULE + '[[rules.allowlists]]\nstopwords = ["a"]\n[[allowlists]]\nstopwords = "a"\n', 7),
        ('[[rules]]\nid = "acme"\nregexx = "x"\n', 3),
        ('[[rules]]\nid = "acme"\ndescription = "x"\n', 1),
        (RULE + "secretGroup = false\n", 4),
        (RULE + "cwe = [true]\n", 4),
        (RULE + "near = []\n", 4),
        (RULE + 'checksum = "nope"\n', 4),
        ("defaults = 1\n" + RULE, 1),
    ],
)
def test_the_line_of_an_error(text: str, line: int) -> None:
    assert error(text)[0].startswith(f"acme.toml:{line}: ")
