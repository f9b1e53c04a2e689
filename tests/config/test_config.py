"""Configuration: which file counts, what it may say, what is wrong with it, and a `.gitleaks.toml` beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.config import Config, load_config, unknown_targets
from keytrace.engine import Setup, load_ruleset
from keytrace.errors import ScannerError
from keytrace.model import Allowlist, Confidence, Severity
from keytrace.rules.load import read_rule_text

from .conftest import RULE, Write, error

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
    note = "keytrace.toml holds; [tool.keytrace] of pyproject.toml beside it is not heeded"
    assert load_config(str(tmp_path)) == Config(jobs=3, notes=(note,))
    write("pyproject.toml", "[tool.other]\nkeytrace = 1\n")
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
max-archive-depth = 2
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
        max_archive_depth=2,
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
        max_archive_depth=2,
        exclude=("vendor/", "*.min.js"),
    )
    assert [rule.id for rule in load_ruleset(config.setup()).rules] == ["acme-key"]


def test_paths_start_at_the_file(tmp_path: Path, write: Write) -> None:
    write("ci/acme.toml", RULE.format(id="acme-key"))
    named = write("ci/strict.toml", 'rule-files = ["acme.toml"]\nbaseline = "/srv/known.jsonl"\n')
    config = load_config(str(tmp_path), str(named))
    assert config.rule_files[0][0] == str(tmp_path / "ci/acme.toml")
    assert config.baseline == "/srv/known.jsonl"


ARRAY = "must be an array of tables ([[allowlists]], in pyproject.toml [[tool.keytrace.allowlists]])"


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
        ("max-archive-depth = -1", "'max-archive-depth': must be a whole number, 0 for no archives", ""),
        ("jobs = true", "'jobs': must be a whole number, 0 for all processors", ""),
        ("max-file-size = 'big'", "'max-file-size': 'big' is not a size; write for example 50MB", ""),
        ("max-file-size = -1", "'max-file-size': '-1' is not a size; write for example 50MB", ""),
        ("min-severity = 'urgent'", "'min-severity': must be one of info, low, medium, high, critical", ""),
        ("min-confidence = 3", "'min-confidence': must be one of low, medium, high", ""),
        ("baseline = ''", "'baseline': must be a path", ""),
        ("allowlists = 1", f"'allowlists': {ARRAY}", ""),
        ("allowlists = [1]", f"'allowlists': {ARRAY}", ""),
    ],
)
def test_bad_setting(tmp_path: Path, write: Write, line: str, reason: str, hint: str) -> None:
    text = f"[tool.other]\n{line}\n\n[tool.keytrace]\n# here\n{line}\n[tool.keytrace.python]\nnames = []\n"
    file = write("pyproject.toml", text)
    assert error(tmp_path) == (f"{file}:6: {reason}", hint)
    file.unlink()
    own = write("keytrace.toml", f"\n{line}\n")
    assert error(tmp_path) == (f"{own}:2: {reason}", hint)


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("[python]\nsinks = ['a']\nsiks = ['b']\n", "3: 'python': unknown key 'siks'", "did you mean 'sinks'?"),
        ("[python]\nsinks = 'a'\n", "2: 'python': 'sinks' must be a list of strings", ""),
        ("[python]\n\nsinks = ['a b']\n", "3: 'python': 'sinks': 'a b' is no name", "write it as it is imported"),
        ("[python]\nsdk = ['a']\n", "2: 'python': 'sdk': 'a' names no parameter", 'write it as in "acme.Client'),
        ("[[rules]]\nid = 'a-b'\n", "1: rules of your own do not stand here", "put them into a file of their own"),
        ("\n[allowlist]\npaths = ['a']\n", "2: unknown key 'allowlist'", ""),
        ("title = 'x'\n", "1: unknown key 'title'", "that is a key of gitleaks"),
        ("[[allowlists]]\npaths = ['a']\n[[allowlists]]\n\nregex = ['a']\n", "5: allowlist: unknown key", "did you"),
        ("[[allowlists]]\npaths = ['(']\n", "2: allowlist: bad regex in 'paths'", ""),
    ],
)
def test_the_line_of_what_is_wrong(tmp_path: Path, write: Write, text: str, reason: str, hint: str) -> None:
    file = write("keytrace.toml", text)
    said, advice = error(tmp_path)
    assert said.startswith(f"{file}:{reason}")
    assert hint in advice
    file.unlink()
    in_table = text.replace("[[", "[[tool.keytrace.").replace("\n[", "\n[tool.keytrace.") if text[0] == "[" else ""
    in_table = in_table.replace("[tool.keytrace.[", "[[").replace("[python]", "[tool.keytrace.python]")
    if in_table:
        shared = write("pyproject.toml", in_table)
        assert error(tmp_path)[0].startswith(f"{shared}:{reason}")


def test_a_file_of_gitleaks_is_not_a_configuration(tmp_path: Path, write: Write) -> None:
    for text in ("title = 'x'\n", RULE.format(id="acme-key"), "[extend]\nuseDefault = true\n", "[allowlist]\n"):
        file = write(".github/gitleaks.toml", text)
        message, hint = error(tmp_path, str(file))
        assert message == f"{file}: this is a configuration of gitleaks"
        assert hint.startswith(f"use --rules-file {file}")


def test_what_has_no_effect_is_told(tmp_path: Path, write: Write) -> None:
    text = (
        "\n[[allowlists]]\ndescription = 'all'\n[[allowlists]]\npaths = ['a']\ntargetRules = ['generic-pasword', 'x']\n"
    )
    file = write("keytrace.toml", text)
    config = load_config(str(tmp_path))
    assert config.notes == (f"{file}:2: this allowlist allows nothing: give it paths, regexes or stopwords",)
    assert list(unknown_targets(config, ["generic-password", "y-z"])) == [
        f"{file}:6: targetRules: there is no rule 'generic-pasword'; did you mean 'generic-password'?",
        f"{file}:6: targetRules: there is no rule 'x'; it matches nothing",
    ]


def test_where_settings_come_from(tmp_path: Path, write: Write) -> None:
    file = write(
        "pyproject.toml", "[tool.keytrace]\njobs = 1\n\nexclude = [\n  'a',\n]\n[tool.keytrace.python]\nnames = ['a']\n"
    )
    assert load_config(str(tmp_path)).origins == (
        ("jobs", f"{file}:2"), ("exclude", f"{file}:4"), ("python", f"{file}:7"),
    )  # fmt: skip


def test_unknown_key_that_resembles_nothing_gets_all_keys(tmp_path: Path, write: Write) -> None:
    write("keytrace.toml", "zzz = 1\n")
    message, hint = error(tmp_path)
    assert message == f"{tmp_path}/keytrace.toml:1: unknown key 'zzz'"
    assert hint.startswith("known keys: exclude, gitignore, ")


def test_bad_allowlist(tmp_path: Path, write: Write) -> None:
    file = write("keytrace.toml", '[[allowlists]]\nregex = ["x"]\n')
    assert error(tmp_path) == (f"{file}:2: allowlist: unknown key 'regex'", "did you mean 'regexes'?")
    write("keytrace.toml", '[[allowlists]]\nregexes = ["("]\n')
    assert error(tmp_path)[0] == f"{file}:2: allowlist: bad regex in 'regexes': missing ) at position 1"


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
