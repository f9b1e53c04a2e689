"""`keytrace scan`: what is scanned, which findings count, and the exit code."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace

TOKEN = github_token(1)


def write_keys(project: Path) -> None:
    """One finding each of severity critical, high, low and info, on lines 1 to 4."""
    mobile = f"mob-{uuid.UUID(int=random.Random(1).getrandbits(128), version=4)}"
    (project / "keys.py").write_text(
        f'token = "{TOKEN}"\npassword = "{password(1)}"\nkey = "{"EZTK" + password(2, 54)}"\nmobile = "{mobile}"\n'
    )


# --- exit codes -------------------------------------------------------------------------------------------------------


def test_clean_is_0(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text("import os\ntoken = os.environ['TOKEN']\n")
    run = keytrace("scan")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("No secrets found in 1 file")


def test_nothing_to_scan_says_so(keytrace: Keytrace) -> None:
    run = keytrace("scan")
    assert run.code == 0
    assert run.out == "Nothing to scan: no files\n"


def test_findings_are_1_and_go_to_standard_output(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"\ntoken = '{TOKEN}'\n")
    run = keytrace("scan")
    assert (run.code, run.err) == (1, "")
    assert f"app.py:2:10  GitHub personal access token (classic)  [{GITHUB}, high confidence]" in run.out
    assert "1 finding: 1 critical" in run.out


def test_no_finding_and_an_error_is_3(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text("x = 1\n" * 100)
    run = keytrace("scan", "--max-file-size", "10")
    assert run.code == 3
    assert "app.py: larger than 10 bytes" in run.out
    assert "No findings, but not everything could be scanned" in run.out


def test_a_finding_and_an_error_is_1(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"token = '{TOKEN}'\n")
    (project / "large.py").write_text("x = 1\n" * 100)
    run = keytrace.json("--max-file-size", "100")
    assert run.code == run.json["summary"]["exit_code"] == 1
    assert [error["path"] for error in run.json["errors"]] == ["large.py"]
    assert run.err.startswith("keytrace: large.py: larger than 100 bytes")


def test_exit_zero_forgives_findings_only(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"token = '{TOKEN}'\n")
    run = keytrace.json("--exit-zero")
    assert run.code == run.json["summary"]["exit_code"] == 0
    assert run.findings == [(GITHUB, "app.py", 1)]
    assert keytrace("scan", "--exit-zero", "gone").code == 2
    (project / "app.py").write_text("x = 1\n" * 100)
    assert keytrace("scan", "--exit-zero", "--max-file-size", "10").code == 3


def test_exit_zero_with_findings_does_not_hide_that_the_scan_is_incomplete(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"token = '{TOKEN}'\n")
    (project / "large.py").write_text("x = 1\n" * 100)
    assert keytrace("scan", "--exit-zero", "--max-file-size", "100").code == 3


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["scan", "gone.py"], "no such file or folder: gone.py", "check the spelling"),
        (["src"], "no such command 'src'", "keytrace scan src"),
        (["scna"], "no such command 'scna'", "did you mean 'scan'?"),
        (["scan", "--stdin-filename", "a.py"], "--stdin-filename is for standard input", "add - as the path"),
        (["scan", "-", "."], "standard input (-) goes alone", "run of their own"),
        (["scan", "-", "--staged"], "standard input (-) goes alone", "run of their own"),
        (["scan", "--staged"], "--staged needs a git work tree", "inside a repository"),
        (["scan", "--rule", "github-personal-acces-token"], "unknown rule", f"did you mean '{GITHUB}'?"),
        (["scan", "--exclude-rule", "github-personal-acces-token"], "unknown rule", f"did you mean '{GITHUB}'?"),
        (["scan", "--rule", "qqqq"], "unknown rule 'qqqq'", "keytrace rules list"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_the_user_must_mend_is_2(keytrace: Keytrace, arguments: list[str], message: str, hint: str) -> None:
    run = keytrace(*arguments)
    assert (run.code, run.out) == (2, "")
    first, second = run.err.splitlines()
    assert first.startswith(f"keytrace: {message}")
    assert second.startswith("hint: ")
    assert hint in second


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "--no-such-option"], "No such option"),
        (["scan", "--min-severity", "worst"], "'worst' is not one of"),
        (["scan", "--max-file-size", "many"], "'many' is not a size"),
        (["scan", "--jobs", "-1"], "-1 is not in the range"),
        (["scan", "--format", "xml"], "'xml' is not one of"),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_wrong_options_are_2(keytrace: Keytrace, arguments: list[str], message: str) -> None:
    run = keytrace(*arguments)
    assert (run.code, run.out) == (2, "")
    assert message in run.err


def test_help_and_version(keytrace: Keytrace) -> None:
    run = keytrace("--help")
    assert (run.code, run.err) == (0, "")
    assert "Exit codes: 0 clean" in run.out
    run = keytrace("--version")
    assert run.code == 0
    assert run.out.startswith("keytrace ")


# --- what counts ------------------------------------------------------------------------------------------------------


def test_min_severity(keytrace: Keytrace, project: Path) -> None:
    write_keys(project)
    lines = {
        level: [line for _, _, line in keytrace.json("--min-severity", level).findings]
        for level in ("info", "high", "critical")
    }
    assert lines == {"info": [1, 2, 3, 4], "high": [1, 2], "critical": [1]}
    run = keytrace.json()
    assert [line for _, _, line in run.findings] == [1, 2, 3]
    assert run.json["statistics"]["hidden_findings"] == 1


def test_min_confidence(keytrace: Keytrace, project: Path) -> None:
    strong = github_token(1)
    weak, medium = strong[:-6] + "000000", random.Random(1).randbytes(20).hex()  # a checksum that fails, and none
    (project / "a.py").write_text(f'x = "{weak}"\ndeepgram_key = "{medium}"\nx = "{strong}"\n')
    lines = {
        level: [line for _, _, line in keytrace.json("--min-confidence", level).findings]
        for level in ("low", "medium", "high")
    }
    assert lines == {"low": [1, 2, 3], "medium": [2, 3], "high": [3]}
    assert "--min-confidence low shows them" in keytrace("scan").out


def test_rule_and_exclude_rule(keytrace: Keytrace, project: Path) -> None:
    write_keys(project)
    assert keytrace.json("--rule", GITHUB).findings == [(GITHUB, "keys.py", 1)]
    both = keytrace.json("--rule", GITHUB, "--rule", "generic-password", "--exclude-rule", GITHUB)
    assert both.findings == [("generic-password", "keys.py", 2)]


# --- where it looks ---------------------------------------------------------------------------------------------------


def test_paths_are_relative_to_the_root_and_text_to_where_the_user_is(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "src").mkdir()
    (project / "src" / "app.py").write_text(f"token = '{TOKEN}'\n")
    assert keytrace.json("app.py", cwd=project / "src").findings == [(GITHUB, "src/app.py", 1)]
    text = keytrace("scan", "app.py", cwd=project / "src").out
    assert "critical  app.py:1:10" in text


def test_exclude_and_gitignore(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    for name in ("a.py", "b.py", "c.env"):
        (project / name).write_text(f"token = '{TOKEN}'\n")
    (project / ".gitignore").write_text("*.env\n")
    (project / ".keytraceignore").write_text("b.py\n")
    assert [path for _, path, _ in keytrace.json().findings] == ["a.py"]
    assert [path for _, path, _ in keytrace.json("--no-gitignore").findings] == ["a.py", "c.env"]
    assert keytrace.json("--exclude", "a.*").findings == []


def test_standard_input(keytrace: Keytrace) -> None:
    run = keytrace("scan", "-", "-f", "json", stdin=f"x\ntoken = '{TOKEN}'\n".encode())
    assert run.code == 1
    assert run.findings == [(GITHUB, "stdin", 2)]
    named = keytrace("scan", "-", "--stdin-filename", "src/app.py", stdin=f"token = '{TOKEN}'\n".encode())
    assert named.code == 1
    assert "critical  src/app.py:1:10" in named.out
    assert keytrace("scan", "-").code == 0


def test_standard_input_beyond_the_limit(keytrace: Keytrace) -> None:
    run = keytrace("scan", "-", "--max-file-size", "100", stdin=b"x = 1\n" * 100)
    assert run.code == 3
    assert "stdin: larger than 100 bytes" in run.out


def test_staged_reports_the_index_and_the_added_lines_only(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_text(f"token = '{TOKEN}'\n")
    keytrace.git("add", ".")
    keytrace.git("commit", "-q", "-m", "the old token")
    assert keytrace("scan", "--staged").code == 0
    (project / "app.py").write_text(f"token = '{TOKEN}'\nnew = '{github_token(2)}'\n")
    assert keytrace("scan", "--staged").code == 0, "nothing is staged yet"
    keytrace.git("add", ".")
    (project / "app.py").write_text("x = 1\n")  # what counts is the index, not the work tree
    run = keytrace.json("--staged")
    assert run.code == 1
    assert run.findings == [(GITHUB, "app.py", 2)]
    assert run.json["findings"][0]["provenance"] == "staged"


def test_staged_in_a_linked_work_tree_and_below_the_top(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    keytrace.git("commit", "-q", "--allow-empty", "-m", "first")
    linked = project.parent / "linked"
    keytrace.git("worktree", "add", "-q", str(linked))
    (linked / "src").mkdir()
    (linked / "src" / "app.py").write_text(f"token = '{TOKEN}'\n")
    keytrace.git("add", ".", cwd=linked)
    assert keytrace.json("--staged", cwd=linked / "src").findings == [(GITHUB, "src/app.py", 1)]
    assert keytrace("scan", "--staged").code == 0, "nothing is staged in the first work tree"


# --- comments ---------------------------------------------------------------------------------------------------------

COMMENTS = [
    "keytrace:ignore",
    f"keytrace:ignore[{GITHUB}] -- a sample",
    "keytrace:ignore until=2999-01-01 -- a sample",
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "ggignore",
    "pragma: allowlist secret",
    "secretlint-disable-line",
    "nosec",
    "nosec B105",
    "nosemgrep",
]
COMMENTS_ABOVE = [
    "keytrace:ignore",
    "pragma: allowlist nextline secret",
    "secretlint-disable-next-line",
    "nosemgrep",
]
NO_COMMENTS = [
    "keytrace:ignore[generic-password]",
    "keytrace:ignore until=2020-01-01",
    "nosec B301",
    "noqa: E501",
]


def test_comments_of_all_scanners_suppress(keytrace: Keytrace, project: Path) -> None:
    lines = [f"t = '{github_token(seed)}'  # {comment}" for seed, comment in enumerate(COMMENTS)]
    for seed, comment in enumerate(COMMENTS_ABOVE, 100):
        lines += [f"# {comment}", f"t = '{github_token(seed)}'", ""]
    (project / "app.py").write_text("\n".join(lines))
    run = keytrace.json()
    assert (run.code, run.findings) == (0, [])
    numbers = [*range(1, len(COMMENTS) + 1), *(len(COMMENTS) + 2 + 3 * n for n in range(len(COMMENTS_ABOVE)))]
    assert run.suppressed == [("inline", number) for number in numbers]
    assert f"{len(numbers)} suppressed: {len(numbers)} inline" in keytrace("scan").out


def test_comments_that_do_not_hold(keytrace: Keytrace, project: Path) -> None:
    lines = [f"t = '{github_token(seed)}'  # {comment}\n\n" for seed, comment in enumerate(NO_COMMENTS)]
    (project / "app.py").write_text("".join(lines))
    run = keytrace.json()
    assert [line for _, _, line in run.findings] == [1, 3, 5, 7]
    assert run.json["notes"] == [
        f"app.py: line 1: 'keytrace:ignore' does not hold: it names generic-password; this is {GITHUB}",
        "app.py: line 3: 'keytrace:ignore' does not hold: it expired on 2020-01-01",
    ]


# --- processes --------------------------------------------------------------------------------------------------------


def test_four_processes_report_what_one_does(keytrace: Keytrace, project: Path) -> None:
    for number in range(400):
        folder = project / f"package{number % 7}"
        folder.mkdir(exist_ok=True)
        text = f"token = '{github_token(number)}'\n" if number % 5 == 0 else "x = 1\n" * number
        (folder / f"module{number}.py").write_text(text)
    (project / "large.txt").write_text("word " * 2000)

    def report(jobs: str) -> tuple[int, object]:
        run = keytrace.json("--jobs", jobs, "--max-file-size", "5k")
        document = run.json
        del document["statistics"]["seconds"]
        return run.code, document

    code, document = report("1")
    assert code == 1
    assert isinstance(document, dict)
    assert (len(document["findings"]), len(document["errors"])) == (80, 1)
    assert report("4") == (code, document)


def test_comments_that_suppress_nothing(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(
        "import logging\nimport os\n\na = 1  # keytrace:ignore\n"
        f"password = '{password(1)}'  # keytrace: ignore -- a sample\n"
        "logging.info(os.environ['API_KEY'])  # keytrace:ignore[logged-credential]\n"
        f"secret_key = '{password(2)}'  # keytrace:ignore[hardcoded-credentials]\n"
    )
    (project / "b.env").write_text("# keytrace:ignore-file\nA=1\n")
    quiet, told = keytrace.json().json["notes"], keytrace.json("--warn-unused-ignores").json["notes"]
    why = "there is no rule 'hardcoded-credentials'; did you mean 'hardcoded-credential'?"
    assert quiet == [f"app.py: line 7: 'keytrace:ignore' does not hold: {why}"]
    assert told == [
        *quiet,
        "app.py: line 4: the comment 'keytrace:ignore' suppresses nothing",
        "b.env: line 1: the comment 'keytrace:ignore' suppresses nothing",
    ]
    (project / "keytrace.toml").write_text("warn-unused-ignores = true\n")
    assert keytrace.json().json["notes"] == told
    assert keytrace.json("--rule", "logged-credential").json["notes"] == [], "others are for rules that were not asked"
    assert keytrace.json("--no-repo-config", "--warn-unused-ignores").json["notes"] == []


def test_a_dash_is_standard_input(keytrace: Keytrace, project: Path) -> None:
    assert keytrace("scan", "-", "-o", "-", "-f", "json", stdin=b"x").err.startswith("keytrace: -o writes to files")
    (project / "-").write_text("nothing in it\n")
    run = keytrace("scan", "-", stdin=TOKEN.encode())
    assert (run.code, run.out) == (2, "")
    assert "'-' is standard input, but there is a file of that name" in run.err
    assert keytrace("scan", "./-").code == 0


def test_a_rule_file_that_extends_another(keytrace: Keytrace, project: Path) -> None:
    (project / "rules.toml").write_text('[extend]\npath = "base.toml"\n')
    run = keytrace("scan", "--rules-file", "rules.toml")
    assert (run.code, run.out) == (2, "")
    assert "[extend] path is followed only in .gitleaks.toml" in run.err
