"""A secret in every place that any output can show, and every output searched for it, in every spelling."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from keytrace.reporters import REPORTERS

from .conftest import Keytrace
from .planting import MARKED, OTHER, UNMARKED, leaks, plant


def outputs(keytrace: Keytrace, kinds: tuple[str, ...], *options: str) -> dict[str, bytes]:
    """Return what each format writes, to standard output and to standard error."""
    written = {}
    caches = keytrace.environment()["KEYTRACE_CACHE_DIR"]  # with all rules compiled, also where few are selected
    for kind in kinds:
        run = keytrace("scan", "-f", kind, "-v", *options, env={"KEYTRACE_CACHE_DIR": caches}, timeout=600)
        assert run.code == 1, run.err
        assert len(run.stdout) > 500
        written[kind] = run.stdout + run.stderr
    return written


def test_no_report_shows_a_secret(keytrace: Keytrace, project: Path) -> None:
    plant(project)
    keytrace.git("init", "-q")
    keytrace.git("checkout", "-q", "-b", f"fix/{MARKED}")
    keytrace.git("remote", "add", "origin", f"https://github.com/{OTHER}/shop.git")
    keytrace.git("add", "-A")
    keytrace.git("commit", "-q", "-m", "all")
    low = ("--min-confidence", "low", "--min-severity", "info")
    for kinds, options in (
        ((*REPORTERS,), low),
        (("json",), ("--rule", "generic-password")),
    ):
        for kind, written in outputs(keytrace, kinds, *options).items():
            assert leaks(written) == set(), (kind, options)
    report = json.loads(keytrace("scan", "-f", "sarif").stdout)
    (origin,) = report["runs"][0]["versionControlProvenance"]
    assert origin["repositoryUri"] == "https://github.com/********/shop.git"
    assert origin["branch"] == "fix/********"
    found = keytrace.json().json
    assert {"********.txt", "db_password=********/settings.env"} <= {one["path"] for one in found["findings"]}
    assert [one["path"] for one in found["errors"]] == ["db_password=********/large.txt"]
    assert {one["excerpt"].count('"; again(') for one in found["findings"] if "again" in one["excerpt"]} == {1}


def test_explain_baseline_and_cache(keytrace: Keytrace, project: Path) -> None:
    plant(project)
    for line in (3, 27):
        run = keytrace("explain", f"app.js:{line}")
        assert run.code == 0
        assert leaks(run.stdout + run.stderr) == set(), line
    made = keytrace("baseline", "create", "--reason", f"known: {MARKED}, {UNMARKED}")
    assert made.code == 3, made.err  # a file is too large
    kept = (project / ".keytrace-baseline.jsonl").read_bytes()
    assert b"********.txt" in kept
    assert leaks(kept + made.stdout + made.stderr) == set()
    again = keytrace("scan", "-v", "-f", "json")
    assert (again.code, again.findings) == (3, [])  # masked paths are found again
    shown_entries = keytrace("baseline", "show")
    assert leaks(again.stdout + again.stderr + shown_entries.stdout + shown_entries.stderr) == set()
    updated = keytrace("baseline", "update")
    assert updated.code == 3
    assert (project / ".keytrace-baseline.jsonl").read_bytes() == kept
    folder = Path(keytrace.environment()["KEYTRACE_CACHE_DIR"])
    assert all(leaks(file.read_bytes()) == set() for file in folder.rglob("*") if file.is_file())


def test_errors_quote_no_secret(keytrace: Keytrace, project: Path) -> None:
    (project / "a.py").write_text("x = 1\n")
    wrong = (
        f'"{MARKED}" = 1', f'exclude-rules = ["{MARKED}"]', f'[python]\nsdk = ["{MARKED} {UNMARKED}"]',
        f'max-file-size = "{UNMARKED}"', f'baseline = "{MARKED}.jsonl"', f'rule-files = ["{MARKED}.toml"]',
        f'min-severity = "{MARKED}', f'[[allowlists]]\nregexes = ["{MARKED}("]', f'[[allowlists]]\n"{MARKED}" = 1',
    )  # fmt: skip
    (project / "own.toml").write_text(f'[[rules]]\nid = "own"\ndescription = "{MARKED}"\nregex = "{MARKED}("\n')
    for text in (*wrong, 'rule-files = ["own.toml"]'):
        (project / "keytrace.toml").write_text(text + "\n")
        run = keytrace("scan")
        assert (run.code, leaks(run.stdout + run.stderr)) == (2, set())
    (project / "keytrace.toml").write_text('min-severty = "low"\n')
    assert "did you mean 'min-severity'?" in keytrace("scan").err
    (project / "keytrace.toml").unlink()
    for arguments in (
        (f"{MARKED}.py",), ("--rule", MARKED), ("--config", f"{MARKED}.toml"), ("--baseline", f"{UNMARKED}/{MARKED}"),
        ("--max-file-size", UNMARKED), ("-o", f"{MARKED}/x.json"), ("-f", MARKED), (f"--{MARKED}",),
    ):  # fmt: skip
        run = keytrace("scan", *arguments)
        assert (run.code, leaks(run.stdout + run.stderr)) == (2, set())
    assert leaks(keytrace(MARKED).stderr + keytrace("explain", f"{MARKED}.py:1").stderr) == set()


def test_rules_of_ones_own_quote_no_secret(keytrace: Keytrace, project: Path) -> None:
    documented = "".join(f'{key} = "{MARKED}"\n' for key in ("description", "impact", "remediation", "regex"))
    samples = f'keywords = ["{MARKED}"]\ntags = ["{MARKED}"]\nnegativeExamples = ["{MARKED}"]\n'
    (project / "own.toml").write_text(f'[[rules]]\nid = "own-{MARKED}"\n{documented}{samples}')
    own = ("--rules-file", "own.toml")
    for arguments in (
        ("list", "own", *own), ("list", "own", "--ids", *own), ("list", "own", "-f", "json", *own), ("list", *own),
        ("show", f"own-{MARKED}", *own), ("show", "own", *own), ("test", "own.toml"),
    ):  # fmt: skip
        run = keytrace("rules", *arguments)
        assert ("own" in run.out + run.err, leaks(run.stdout + run.stderr)) == (True, set()), arguments


def test_exceptions_quote_no_secret(keytrace: Keytrace, project: Path) -> None:
    plant(project)
    program = f"""
import keytrace, pathlib, traceback
report = keytrace.scan(["."])
print(report)
for path, text in (("keytrace.toml", '"{MARKED}" = 1'), ("keytrace.toml", '[python]\\nsdk = ["{MARKED}"]')):
    pathlib.Path(path).write_text(text)
    for call in (lambda: keytrace.scan(["."]), lambda: keytrace.load_config(".")):
        try:
            call()
        except keytrace.ScannerError as error:
            traceback.print_exc()
            print(repr(error), error, error.args, error.hint)
        else:
            raise SystemExit("no error")
rule = "{MARKED}"
try:
    keytrace.scan_text("x", rules=[rule])
except keytrace.ScannerError as error:
    traceback.print_exc()
"""
    (project / "program.py").write_text(program)
    done = subprocess.run(
        [*keytrace.command()[:2], "program.py"], cwd=project, env=keytrace.environment(),
        capture_output=True, check=True,
    )  # fmt: skip
    assert leaks(done.stdout + done.stderr) == set()
