"""Configuration: which file counts, what it may say, what is wrong with it, and a `.gitleaks.toml` beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.config import Config, load_config, parse_size
from keytrace.engine import Setup, load_ruleset
from keytrace.errors import ScannerError
from keytrace.model import Allowlist, Confidence, Severity
from keytrace.rules.load import read_rule_text

RULE = '[[rules]]\nid = "{id}"\nregex = "{id}_[a-z]{{8}}"\n'
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def error(root: Path, explicit: str | None = None) -> tuple[str, str]:
    with pytest.raises(ScannerError) as caught:
        load_config(str(root), explicit)
    return caught.value.message, caught.value.hint


# --- which file -------------------------------------------------------------------------------------------------------


def test_nothing(tmp_path: Path) -> None:
    assert load_config(str(tmp_path)) == Config()
    assert Config().setup() == Setup()


def test_pyproject(tmp_path: Path, write: Write) -> None:
    write("pyproject.toml", '[project]\nname = "shop"\n[tool.other]\njobs = 9\n[tool.keytrace]\njobs = 2\n')
    assert load_config(str(tmp_path)) == Config(jobs=2)


def test_pyproject_of_another_tool(tmp_path: Path, write: Write) -> None:
    write("pyproject.toml", "[tool.other]\njobs = 9\nbroken")
    assert load_config(str(tmp_path)) == Config()


@pytest.mark.parametrize("text", ["jobs = 2\n", "[tool.keytrace]\njobs = 2\n", "\ufeffjobs = 2\r\n"])
def test_keytrace_toml(tmp_path: Path, write: Write, text: str) -> None:
    write("keytrace.toml", text)
    assert load_config(str(tmp_path)) == Config(jobs=2)


def test_keytrace_toml_before_pyproject(tmp_path: Path, write: Write) -> None:
    write("pyproject.toml", "[tool.keytrace]\njobs = 2\ngitignore = false\n")
    write("keytrace.toml", "jobs = 3\n")
    assert load_config(str(tmp_path)) == Config(jobs=3)


def test_the_file_named_before_all(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", "jobs = 3\ngitignore = false\n")
    named = write("ci/strict.toml", "jobs = 4\n")
    assert load_config(str(tmp_path), str(named)) == Config(jobs=4)
    message, _ = error(tmp_path, str(tmp_path / "gone.toml"))
    assert message == f"cannot read the configuration {tmp_path}/gone.toml: No such file or directory"


def test_a_tree_that_is_not_trusted(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", "nonsense")
    write(".gitleaks.toml", "nonsense")
    config = load_config(str(tmp_path), trust_repo=False)
    assert config == Config(trust_repo=False)
    assert not config.setup().inline_comments
    named = write("ci/strict.toml", "jobs = 4\n")
    assert load_config(str(tmp_path), str(named), trust_repo=False) == Config(trust_repo=False, jobs=4)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_all_settings(tmp_path: Path, write: Write) -> None:
    rules = write("ci/acme.toml", RULE.format(id="acme-key"))
    write(
        "keytrace.toml",
        """
exclude = ["vendor/", "*.min.js"]
gitignore = false
max-file-size = "1.5 MB"
jobs = 4
min-severity = "medium"
min-confidence = "High"
rules = ["acme-key", "pem-private-key"]
exclude-rules = ["pem-private-key"]
rule-files = ["ci/acme.toml"]
baseline = "ci/known.jsonl"

[[allowlists]]
description = "samples"
paths = ["^docs/"]
targetRules = ["acme-key"]
""",
    )
    config = load_config(str(tmp_path))
    allowlist = Allowlist("samples", paths=("^docs/",), rules=("acme-key",))
    assert config == Config(
        exclude=("vendor/", "*.min.js"),
        gitignore=False,
        max_file_size=1_572_864,
        jobs=4,
        min_severity=Severity.MEDIUM,
        min_confidence=Confidence.HIGH,
        rules=("acme-key", "pem-private-key"),
        exclude_rules=("pem-private-key",),
        rule_files=((str(rules), RULE.format(id="acme-key")),),
        allowlists=(allowlist,),
        baseline=str(tmp_path / "ci/known.jsonl"),
    )
    assert config.setup() == Setup(
        rule_files=config.rule_files,
        only=("acme-key", "pem-private-key"),
        without=("pem-private-key",),
        allowlists=(allowlist,),
        max_file_size=1_572_864,
    )
    assert [rule.id for rule in load_ruleset(config.setup()).rules] == ["acme-key"]


def test_paths_start_at_the_file(tmp_path: Path, write: Write) -> None:
    write("ci/acme.toml", RULE.format(id="acme-key"))
    named = write("ci/strict.toml", 'rule-files = ["acme.toml"]\nbaseline = "/srv/known.jsonl"\n')
    config = load_config(str(tmp_path), str(named))
    assert config.rule_files[0][0] == str(tmp_path / "ci/acme.toml")
    assert config.baseline == "/srv/known.jsonl"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("500", 500),
        ("500b", 500),
        ("64k", 65_536),
        ("64 KB", 65_536),
        ("64KiB", 65_536),
        ("50MB", 52_428_800),
        (" 1.5 GiB ", 1_610_612_736),
    ],
)
def test_size(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MB", "-1", "1 TB", "1e6", "1,5MB", "50 M B", "nan"])
def test_bad_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a size; write for example 50MB"):
        parse_size(text)


@pytest.mark.parametrize(
    ("line", "reason", "hint"),
    [
        ("exlude = []", "unknown key 'exlude'", "did you mean 'exclude'?"),
        ("min_severity = 'low'", "unknown key 'min_severity'", "did you mean 'min-severity'?"),
        ("exclude = 'vendor/'", "'exclude': must be a list of strings", ""),
        ("exclude-rules = [1]", "'exclude-rules': must be a list of strings", ""),
        ("gitignore = 'no'", "'gitignore': must be true or false", ""),
        ("gitignore = 0", "'gitignore': must be true or false", ""),
        ("jobs = 'all'", "'jobs': must be a whole number, 0 for all processors", ""),
        ("jobs = -1", "'jobs': must be a whole number, 0 for all processors", ""),
        ("jobs = true", "'jobs': must be a whole number, 0 for all processors", ""),
        ("max-file-size = 'big'", "'max-file-size': 'big' is not a size; write for example 50MB", ""),
        ("max-file-size = -1", "'max-file-size': '-1' is not a size; write for example 50MB", ""),
        ("min-severity = 'urgent'", "'min-severity': must be one of info, low, medium, high, critical", ""),
        ("min-confidence = 3", "'min-confidence': must be one of low, medium, high", ""),
        ("baseline = ''", "'baseline': must be a path", ""),
        ("allowlists = 1", "'allowlists': must be an array of tables ([[tool.keytrace.allowlists]])", ""),
    ],
)
def test_bad_setting(tmp_path: Path, write: Write, line: str, reason: str, hint: str) -> None:
    file = write("pyproject.toml", f"[tool.keytrace]\n{line}\n")
    assert error(tmp_path) == (f"{file}: {reason}", hint)


def test_unknown_key_that_resembles_nothing_gets_all_keys(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", "zzz = 1\n")
    message, hint = error(tmp_path)
    assert message == f"{tmp_path}/keytrace.toml: unknown key 'zzz'"
    assert hint.startswith("known keys: exclude, gitignore, ")


def test_bad_allowlist(tmp_path: Path, write: Write) -> None:
    file = write("keytrace.toml", '[[allowlists]]\nregex = ["x"]\n')
    assert error(tmp_path) == (f"{file}: allowlist: unknown key 'regex'", "did you mean 'regexes'?")
    write("keytrace.toml", '[[allowlists]]\nregexes = ["("]\n')
    assert error(tmp_path)[0] == f"{file}: allowlist: bad regex in 'regexes': missing ) at position 1"


def test_bad_file(tmp_path: Path, write: Write) -> None:
    file = write("keytrace.toml", "jobs = \n")
    message, _ = error(tmp_path)
    assert message.startswith(f"{file}:1: not valid TOML: ")
    file.write_bytes(b'baseline = "\xff"\n')
    assert error(tmp_path)[0] == f"{file}: not UTF-8 (byte 12)"


@pytest.mark.parametrize("text", ["tool = 1\n", "[tool]\nkeytrace = 1  # tool.keytrace\n"])
def test_a_table_that_is_none(tmp_path: Path, write: Write, text: str) -> None:
    file = write("keytrace.toml", text)
    assert error(tmp_path)[0].startswith(f"{file}: ")


def test_missing_rule_file(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", 'rule-files = ["acme.toml"]\n')
    message = f"cannot read the rule file {tmp_path}/acme.toml: No such file or directory"
    assert error(tmp_path) == (message, "")


def test_bad_rule_file(tmp_path: Path, write: Write) -> None:
    file = write("acme.toml", '[[rules]]\nid = "acme-key"\nregex = "("\n')
    write("keytrace.toml", 'rule-files = ["acme.toml"]\n')
    with pytest.raises(ScannerError) as caught:
        load_ruleset(load_config(str(tmp_path)).setup())
    assert caught.value.message == f"{file}:3: rule 'acme-key': bad regex: missing ) at position 1"


def test_rule_text_must_be_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_bytes(b"# \xff")
    with pytest.raises(ScannerError, match=r"acme\.toml: not UTF-8 \(byte 2\)"):
        read_rule_text(file)


def test_unknown_rule(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", 'exclude-rules = ["generic-pasword"]\n')
    with pytest.raises(ScannerError) as caught:
        load_ruleset(load_config(str(tmp_path)).setup())
    assert (caught.value.message, caught.value.hint) == (
        "unknown rule 'generic-pasword'",
        "did you mean 'generic-password'?",
    )


# --- a gitleaks configuration -----------------------------------------------------------------------------------------


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
        notes=(".gitleaks.toml is honoured: 1 rule, 2 allowlists",),
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
    assert config.notes == (".gitleaks.toml is honoured: 4 rules, 1 allowlist",)
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
