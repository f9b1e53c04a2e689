"""Settings: command line over environment over file; and none of them from a tree that is not trusted."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace

MEDIUM = random.Random(1).randbytes(20).hex()  # a key of a provider that nothing can prove
TOKEN = github_token(1)
KEY = "acme_" + random.Random(2).randbytes(10).hex()
ACME = "[[rules]]\nid = \"acme-key\"\nregex = '''acme_[a-z0-9]{20}'''\nkeywords = [\"acme_\"]\n"


@pytest.fixture
def three(project: Path) -> Path:
    """A project with a finding of medium confidence, one of high severity and one that is critical."""
    (project / "app.py").write_text(f"deepgram_key = '{MEDIUM}'\npassword = '{password(1)}'\nx = '{TOKEN}'\n")
    return project


def lines(keytrace: Keytrace, *arguments: str, **environment: str) -> list[int]:
    return [line for _, _, line in keytrace.json(*arguments, env=environment).findings]


# --- precedence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["keytrace.toml", "pyproject.toml"])
def test_command_line_over_environment_over_file(keytrace: Keytrace, three: Path, name: str) -> None:
    assert lines(keytrace) == [1, 2, 3]
    head = "[tool.keytrace]\n" if name == "pyproject.toml" else ""
    (three / name).write_text(f"{head}min-severity = 'critical'\nmin-confidence = 'high'\n")
    assert lines(keytrace) == [3]
    assert lines(keytrace, KEYTRACE_MIN_SEVERITY="low") == [2, 3]
    assert lines(keytrace, "--min-severity", "critical", KEYTRACE_MIN_SEVERITY="low") == [3]
    assert lines(keytrace, "--min-confidence", "low", KEYTRACE_MIN_SEVERITY="low") == [1, 2, 3]


def test_max_file_size(keytrace: Keytrace, three: Path) -> None:
    (three / "keytrace.toml").write_text("max-file-size = '1k'\n")
    (three / "big.txt").write_text("word " * 300)
    assert keytrace.json().json["errors"][0]["message"].startswith("larger than 1024 bytes")
    assert keytrace.json(env={"KEYTRACE_MAX_FILE_SIZE": "2k"}).json["errors"] == []
    run = keytrace.json("--max-file-size", "0.5k", env={"KEYTRACE_MAX_FILE_SIZE": "2k"})
    assert run.json["errors"][0]["message"].startswith("larger than 512 bytes")


def test_lists_of_file_and_command_line_add_up(keytrace: Keytrace, three: Path) -> None:
    shutil.copy(three / "app.py", three / "one.py")
    shutil.copy(three / "app.py", three / "two.py")
    (three / "keytrace.toml").write_text(f"exclude = ['one.py']\nexclude-rules = ['{GITHUB}']\n")
    assert {path for _, path, _ in keytrace.json().findings} == {"app.py", "two.py"}
    run = keytrace.json("--exclude", "two.py")
    assert run.findings == [("deepgram-api-key", "app.py", 1), ("hardcoded-credential", "app.py", 2)]
    assert keytrace.json("--exclude", "two.py", env={"KEYTRACE_EXCLUDE": "gone"}).findings == run.findings


def test_every_environment_variable(keytrace: Keytrace, three: Path) -> None:
    assert keytrace("scan", env={"KEYTRACE_EXIT_ZERO": "1"}).code == 0
    assert keytrace("scan", env={"KEYTRACE_FORMAT": "json"}).findings[-1] == (GITHUB, "app.py", 3)
    assert keytrace("scan", "-f", "jsonl", env={"KEYTRACE_FORMAT": "json"}).out.startswith('{"version": 1, "type"')
    assert lines(keytrace, KEYTRACE_RULE=GITHUB) == [3]
    assert lines(keytrace, KEYTRACE_EXCLUDE_RULE=f"{GITHUB} generic-api-key") == [1, 2]
    assert lines(keytrace, KEYTRACE_EXCLUDE="*.txt app.*") == []
    assert lines(keytrace, KEYTRACE_JOBS="1") == [1, 2, 3]
    (three / "acme.toml").write_text(ACME)
    (three / "app.py").write_text(f"acme = '{KEY}'\n")
    assert lines(keytrace, KEYTRACE_RULES_FILE="acme.toml", KEYTRACE_RULE="acme-key") == [1]


def test_a_wrong_value_in_the_environment(keytrace: Keytrace, project: Path) -> None:
    run = keytrace("scan", env={"KEYTRACE_JOBS": "many"})
    assert (run.code, run.out) == (2, "")
    assert "environment variable KEYTRACE_JOBS: 'many' is not a valid integer" in run.err
    run = keytrace("scan", "--min-severity", "lo", env={"KEYTRACE_MIN_SEVERITY": "high"})
    assert "Invalid value for '--min-severity'" in run.err


def test_config_names_another_file(keytrace: Keytrace, three: Path) -> None:
    (three / "keytrace.toml").write_text("min-severity = 'critical'\n")
    (three / "ci").mkdir()
    (three / "ci" / "strict.toml").write_text(
        "min-confidence = 'low'\nrule-files = ['acme.toml']\nrules = ['acme-key']\n"
    )
    (three / "ci" / "acme.toml").write_text(ACME)
    (three / "app.py").write_text(f"token = '{TOKEN}'\nacme = '{KEY}'\n")
    assert keytrace.json("--config", "ci/strict.toml").findings == [("acme-key", "app.py", 2)], "paths are beside it"
    run = keytrace.json("--rule", GITHUB, env={"KEYTRACE_CONFIG": "ci/strict.toml"})
    assert run.findings == [(GITHUB, "app.py", 1)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("min-severty = 'low'\n", "unknown key 'min-severty'\nhint: did you mean 'min-severity'?"),
        ("min-severity = 'worst'\n", "'min-severity': must be one of info, low, medium, high, critical"),
        ("exclude = 'x'\n", "'exclude': must be a list of strings"),
        ("gitignore = 1\n", "'gitignore': must be true or false"),
        ("jobs = -1\n", "'jobs': must be a whole number"),
        ("max-file-size = 'big'\n", "'max-file-size': 'big' is not a size"),
        ("rules = ['github-personal-acces-token']\n", "keytrace.toml:1: unknown rule 'github-personal-acces-token'"),
        ("jobs = 1\nexclude-rules = ['stripe']\n", "keytrace.toml:2: unknown rule 'stripe'\nhint: there are stripe-"),
        ("rule-files = ['gone.toml']\n", "No such file or directory"),
        ("x =\n", "keytrace.toml:1: not valid TOML: Invalid value"),
        ("[[allowlists]]\nregexes = ['(']\n", "bad regex in 'regexes'"),
        ('"\\u001b[31mred" = 1\n', "unknown key"),
    ],
    ids=lambda value: value.split(" ")[0],
)
def test_a_wrong_configuration(keytrace: Keytrace, project: Path, text: str, reason: str) -> None:
    (project / "keytrace.toml").write_text(text)
    run = keytrace("scan")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("keytrace: ")
    assert reason in run.err
    assert "\x1b" not in run.err


@pytest.mark.parametrize("text", [b"\xff\xfe", b"tool = 1\n", b"[tool]\nkeytrace = 1 # tool.keytrace\n"])
def test_a_pyproject_that_is_no_such_thing(keytrace: Keytrace, project: Path, text: bytes) -> None:
    (project / "pyproject.toml").write_bytes(text + b"# tool.keytrace\n")
    run = keytrace("scan")
    assert (run.code, run.out) == (2, "")
    assert "pyproject.toml: " in run.err


def test_a_pyproject_of_others_is_left_alone(keytrace: Keytrace, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.black]\nline-length = 120\n")
    assert keytrace("scan").code == 0


# --- .gitleaks.toml ---------------------------------------------------------------------------------------------------


def test_a_gitleaks_configuration_is_honoured_and_noted(keytrace: Keytrace, three: Path) -> None:
    (three / ".gitleaks.toml").write_text(
        f"title = 'ours'\n[extend]\nuseDefault = true\ndisabledRules = ['{GITHUB}', 'their-own']\n"
        "[[allowlists]]\ndescription = 'samples'\npaths = ['''samples/''']\n"
    )
    (three / "samples").mkdir()
    shutil.copy(three / "app.py", three / "samples")
    run = keytrace.json()
    assert run.findings == [("deepgram-api-key", "app.py", 1), ("hardcoded-credential", "app.py", 2)]
    assert run.suppressed == [("allowlist", 1), ("allowlist", 2)]
    assert run.json["notes"] == [
        f".gitleaks.toml is honoured: 0 rules, 1 allowlist, 1 rule not applied ({GITHUB})",
        ".gitleaks.toml: disabledRules: no rule is known as 'their-own'",
    ]


def test_a_rule_of_a_gitleaks_configuration(keytrace: Keytrace, project: Path) -> None:
    (project / ".gitleaks.toml").write_text(ACME)
    (project / "app.py").write_text(f"acme = '{KEY}'\n")
    assert keytrace.json("--rule", "acme-key").findings == [("acme-key", "app.py", 1)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[rules]]\nid =\n", ".gitleaks.toml:2: not valid TOML: Invalid value"),
        ("[[rules]]\nid = 'a-b'\nregex = '('\n", ".gitleaks.toml:3: rule 'a-b': bad regex"),
        ("[extend]\npath = 'gone.toml'\n", "cannot read the rule file"),
        ("rules = 1\n", "'rules' must be an array of tables"),
        ("[[rules]]\nid = 'a-b'\nregex = 'x'\nallowlists = 1\n", "'allowlists' must be an array of tables"),
        ("extend = 1\n", "'extend' must be a table"),
    ],
)
def test_a_broken_gitleaks_configuration(keytrace: Keytrace, project: Path, text: str, reason: str) -> None:
    (project / ".gitleaks.toml").write_text(text)
    run = keytrace("scan")
    assert (run.code, run.out) == (2, "")
    assert reason in run.err
    assert keytrace("scan", "--no-repo-config").code == 0


# --- what has no effect is said ---------------------------------------------------------------------------------------


def test_what_has_no_effect_is_noted(keytrace: Keytrace, three: Path) -> None:
    keytrace.git("init", "-q")
    (three / "svc").mkdir()
    (three / "svc" / "keytrace.toml").write_text("min-severity = 'critical'\n")
    (three / "svc" / "pyproject.toml").write_text("[tool.keytrace]\njobs = 1\n")
    (three / "lib").mkdir()
    (three / "lib" / "pyproject.toml").write_text("[tool.other]\n# keytrace\n")
    (three / "keytrace.toml").write_text("[[allowlists]]\nregexes = ['^x$']\ntargetRules = ['generic-pasword']\n")
    (three / "pyproject.toml").write_text("[tool.keytrace]\njobs = 1\n")
    environment = {"KEYTRACE_MIN_SEVERTY": "high", "KEYTRACE_XYZXYZ": "1", "KEYTRACE_JOBS": "1"}
    unheeded = "is not heeded: only a configuration in the root is, or one that --config names"
    assert keytrace.json(env=environment).json["notes"] == [
        "the environment variable KEYTRACE_MIN_SEVERTY is not known; did you mean 'KEYTRACE_MIN_SEVERITY'?",
        "the environment variable KEYTRACE_XYZXYZ is not known; it has no effect",
        "keytrace.toml holds; [tool.keytrace] of pyproject.toml beside it is not heeded",
        f"{three}/keytrace.toml:3: targetRules: there is no rule 'generic-pasword'; did you mean 'generic-password'?",
        f"svc/keytrace.toml {unheeded}",
        f"svc/pyproject.toml {unheeded}",
    ]
    run = keytrace.json("--config", "svc/keytrace.toml")
    assert run.json["notes"] == [f"svc/pyproject.toml {unheeded}"]
    assert run.findings == [(GITHUB, "app.py", 3)]


# --- keytrace config --------------------------------------------------------------------------------------------------


def test_show(keytrace: Keytrace, three: Path) -> None:
    (three / "keytrace.toml").write_text("exclude = ['docs/']\n\nmin-severity = 'high'\njobs = 2\n")
    run = keytrace(
        "config", "show", "--exclude", "old/", "--jobs", "3",
        env={"KEYTRACE_MIN_CONFIDENCE": "low", "KEYTRACE_NOPE": "1"},
    )  # fmt: skip
    assert run.code == 0
    rows = dict(line.split(" = ", 1) for line in run.out.splitlines()[1:])
    assert run.out.startswith(f"# {three}\n")
    assert {key: value.split("  # ")[0].strip() for key, value in rows.items()} == {
        "file-timeout": "30.0",
        "exclude": '["docs/", "old/"]',
        "gitignore": "true",
        "max-file-size": "52428800",
        "max-archive-depth": "5",
        "jobs": "3",
        "min-severity": '"high"',
        "min-confidence": '"low"',
        "rules": "[]",
        "exclude-rules": "[]",
        "rule-files": "[]",
        "allowlists": "[]",
        "baseline": '".keytrace-baseline.jsonl"',
        "warn-unused-ignores": "false",
        "python": "{}",
        "inventory": "{expires-within-days = 30}",
    }
    assert {key: value.rsplit("  # ")[1] for key, value in rows.items() if "  # default" not in value} == {
        "exclude": "keytrace.toml:1, --exclude",
        "jobs": "--jobs",
        "min-severity": "keytrace.toml:3",
        "min-confidence": "KEYTRACE_MIN_CONFIDENCE",
    }
    assert "KEYTRACE_NOPE is not known" in run.err


def test_schema(keytrace: Keytrace) -> None:
    schema = keytrace("config", "schema").json
    assert schema["properties"]["min-severity"]["enum"] == ["info", "low", "medium", "high", "critical"]


# --- trees that are not trusted ---------------------------------------------------------------------------------------

ATTEMPTS = {
    "keytrace.toml": "exclude = ['app.py']\n",
    "broken keytrace.toml": "(",
    "pyproject.toml": f"[tool.keytrace]\nexclude-rules = ['{GITHUB}']\n",
    ".gitleaks.toml": "[[allowlists]]\npaths = ['''.*''']\n",
    ".gitignore": "app.py\n",
    ".keytraceignore": "app.py\n",
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_repo_config_heeds_no_file_of_the_tree(keytrace: Keytrace, project: Path, name: str) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_text(f"x = '{TOKEN}'\n")
    (project / name.removeprefix("broken ")).write_text(ATTEMPTS[name])
    assert keytrace("scan").code in (0, 2), "without the option it is heeded"
    run = keytrace.json("--no-repo-config")
    assert run.findings == [(GITHUB, "app.py", 1)]
    assert run.suppressed == []
    assert run.json["notes"] == []
    assert keytrace.json(env={"KEYTRACE_NO_REPO_CONFIG": "1"}).findings == run.findings


def test_no_repo_config_heeds_no_comment(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"x = '{TOKEN}'  # keytrace:ignore gitleaks:allow nosec\n")
    assert keytrace("scan").code == 0
    assert keytrace.json("--no-repo-config").findings == [(GITHUB, "app.py", 1)]


def test_no_repo_config_heeds_no_baseline_but_the_one_that_is_named(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"x = '{TOKEN}'\n")
    assert keytrace("baseline", "create").code == 0
    assert keytrace("scan").code == 0
    assert (GITHUB, "app.py", 1) in keytrace.json("--no-repo-config").findings
    assert keytrace("scan", "--no-repo-config", "--baseline", ".keytrace-baseline.jsonl").code == 0


def test_no_repo_config_with_staged_changes(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_text(f"x = '{TOKEN}'\n")
    (project / ".keytraceignore").write_text("app.py\n")
    keytrace.git("add", ".")
    assert keytrace("scan", "--staged").code == 0
    assert keytrace.json("--staged", "--no-repo-config").findings == [(GITHUB, "app.py", 1)]


def test_no_repo_config_still_heeds_what_the_user_says(keytrace: Keytrace, three: Path) -> None:
    (three / "keytrace.toml").write_text("min-severity = 'low'\n")
    (three.parent / "mine.toml").write_text("min-severity = 'critical'\n")
    assert lines(keytrace, "--no-repo-config", "--config", "../mine.toml") == [3]
    assert lines(keytrace, "--no-repo-config", "--exclude", "app.py") == []
