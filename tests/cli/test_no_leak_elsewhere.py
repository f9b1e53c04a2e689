"""Every command but `scan`, and what is kept between runs, searched for the secrets of a tree, in every spelling."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from keytrace.reporters import REPORTERS
from tests.editor.client import Editor
from tests.samples import spellings
from tests.verifiers.server import says, serving

from .conftest import Keytrace, Run
from .planting import MARKED, OTHER, UNMARKED, leaks, plant


@pytest.fixture
def committed(keytrace: Keytrace, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tree in two commits, the second of which takes a file away; messages, a branch and a remote hold secrets."""
    monkeypatch.setenv("KEYTRACE_INVENTORY_KEY", str(tmp_path / "inventory.key"))
    plant(project)
    (project / "gone.env").write_text(f"GONE_TOKEN={OTHER}\nGONE_PASSWORD={UNMARKED}\n")
    (project / "prod.env").write_text(f"API_TOKEN={MARKED}\nDB_PASSWORD={UNMARKED}\n# was {OTHER} before\n")
    (project / "compose.yaml").write_text(f"services: # {OTHER}\n  app:\n    environment:\n      API_TOKEN: {MARKED}\n")
    keytrace.git("init", "-q")
    keytrace.git("checkout", "-q", "-b", f"fix/{MARKED}")
    keytrace.git("remote", "add", "origin", f"https://github.com/{OTHER}/shop.git")
    keytrace.git("add", "-A")
    keytrace.git("commit", "-q", "-m", f"all, with {OTHER} in the message and {spellings(UNMARKED)['hex']}")
    keytrace.git("rm", "-q", "gone.env")
    keytrace.git("commit", "-q", "-m", f"without {UNMARKED}")
    keytrace.git("tag", "-a", "-m", f"released with {OTHER}", f"v-{OTHER}")
    return project


def quiet_about(*runs: Run, least: int = 100) -> None:
    """Check that runs said something, and none of it a secret."""
    for number, run in enumerate(runs):
        assert len(run.stdout + run.stderr) >= least, number
        assert leaks(run.stdout + run.stderr) == set(), number


def every_format(folder: Path) -> list[str]:
    """Return the options that write a report of each format into a new folder."""
    folder.mkdir()
    return [word for kind in REPORTERS for word in ("-f", kind, "-o", str(folder / f"report.{kind}-report"))]


def of_folder(folder: Path) -> set[tuple[int, str]]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    return {leak for file in files for leak in leaks(file.read_bytes()) | leaks(file.name.encode())}


def test_history_and_what_it_keeps(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    own = {"KEYTRACE_CACHE_DIR": str(tmp_path / "caches")}
    low = ("--min-confidence", "low", "--min-severity", "info", "-v")
    for number in range(2):  # the second time from what was kept
        run = keytrace("history", *low, *every_format(tmp_path / f"reports{number}"), env=own)
        assert run.code == 1, run.err
        quiet_about(run)
        assert of_folder(tmp_path / f"reports{number}") == set()
    run = keytrace("history", "--clean-up", "replace.txt", env=own)
    quiet_about(run)
    assert of_folder(tmp_path / "caches") == set()
    (committed / "replace.txt").unlink()
    quiet_about(keytrace("explain", "prod.env:1"), keytrace("history", f"{MARKED}..{OTHER}"), least=20)


def test_fleet_and_its_state(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    (tmp_path / "list").write_text(f"{committed}\nhttps://{OTHER}@127.0.0.1:1/{MARKED}.git\n{committed}/{UNMARKED}\n")
    for more in ((), ("--history",)):
        targets = [word for name in ("all.sarif", "all.jsonl", "all.txt") for word in ("-o", str(tmp_path / name))]
        run = keytrace("fleet", str(tmp_path / "list"), "--state", str(state), *targets, *more)
        assert run.code == 3, run.err
        quiet_about(run)
        for name in targets[1::2]:
            assert leaks(Path(name).read_bytes()) == set(), (name, more)
    assert of_folder(state) == set()


def test_inventory_and_rotation(keytrace: Keytrace, committed: Path) -> None:
    for kind in ("table", "json", "csv", "markdown", "cyclonedx"):
        run = keytrace("inventory", "-f", kind)
        assert run.code in (0, 3), run.err
        quiet_about(run)
    quiet_about(keytrace("inventory", "--check", "-v"), keytrace("scan", "--inventory", "-f", "json"))
    for name in ("API_TOKEN", "DB_PASSWORD"):
        quiet_about(keytrace("rotate", name), keytrace("rotate", name, "-f", "json"), least=40)


def test_fixes(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    for ending in ("sarif", "rdjson"):
        out = tmp_path / f"fixes.{ending}"
        quiet_about(keytrace("fix", "--unsafe", "-o", str(out)))
        assert leaks(out.read_bytes()) == set(), ending
    quiet_about(keytrace("fix"), keytrace("fix", "--unsafe"))
    quiet_about(keytrace("fix", "--unsafe", "--apply"))
    assert leaks((committed / ".env.example").read_bytes()) == set()


def test_verification(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    """Also where the provider says the key once more, in every spelling."""
    (committed / "only.env").write_text(f"API_TOKEN={MARKED}\n")
    said = {"login": " ".join(spellings(MARKED).values()), "id": 1}
    with serving(says(200, said, X_OAuth_Scopes=spellings(MARKED)["backwards"])) as provider:
        there = ("--verify-endpoint", f"github={provider.url}")
        quiet_about(keytrace("verify", *there, stdin=MARKED.encode()), least=10)
        quiet_about(keytrace("scan", "only.env", "--verify", *there, "-v", *every_format(tmp_path / "reports")))
    assert of_folder(tmp_path / "reports") == set()


def test_hooks_and_agents(keytrace: Keytrace, committed: Path) -> None:
    (committed / "message").write_text(f"use {OTHER} and password={UNMARKED}\n")
    quiet_about(keytrace("scan", "--commit-message", "message"), keytrace("scan", "--staged", "-v", "-f", "json"))
    quiet_about(keytrace("hook", "status"), keytrace("init"), least=10)
    command = f"curl -H 'Authorization: token {MARKED}' -d '{' '.join(spellings(UNMARKED).values())}' x?p={OTHER}"
    for agent in ("claude", "codex", "copilot", "cursor", "gemini", "windsurf"):
        event = {
            "session_id": "1", "cwd": str(committed), "hook_event_name": "PreToolUse", "tool_name": "Bash",
            "tool_input": {"command": command}, "agent_action_name": "pre_run_command",
            "tool_info": {"command_line": command}, "command": command,
        }  # fmt: skip
        quiet_about(keytrace("agent-hook", "--agent", agent, stdin=json.dumps(event).encode()), least=10)


def test_an_editor(committed: Path) -> None:
    """All that a session says but the names of files, which are the editor's own."""
    editor = Editor(committed)
    for name in ("app.js", "app.py", "prod.env", "compose.yaml", f"{MARKED}.txt"):
        shown = editor.open(name, (committed / name).read_text())
        assert shown, name
        for line in {one["range"]["start"]["line"] for one in shown[:4]}:
            editor.ask("hover", name, line)
            editor.ask("codeAction", name, line, diagnostics=shown)
    _, printed = editor.end()
    said = json.dumps(editor.all, ensure_ascii=False).replace(f"{MARKED}.txt", "")
    assert len(said) > 5000
    assert leaks((said + printed).encode()) == set()


def test_a_job_of_github_actions(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    there = {
        "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SERVER_URL": "https://github.com", "GITHUB_SHA": "1" * 40,
    }  # fmt: skip
    quiet_about(keytrace("scan", "-v", env=there))
    assert len(summary.read_bytes()) > 500
    assert leaks(summary.read_bytes()) == set()


def test_what_scans_keep(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    own = {"KEYTRACE_CACHE_DIR": str(tmp_path / "caches")}
    for number in range(40):  # so many files that it is kept which have nothing to tell
        (committed / f"plain{number}.py").write_text(f"import prod\nNAME{number} = 'x'\n# {OTHER[:8]}\n")
    for _ in range(2):
        quiet_about(keytrace("scan", "-v", "--list-skipped", env=own))
    assert of_folder(tmp_path / "caches") == set()


def test_the_configuration_and_the_cache_by_their_names(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    there = {"KEYTRACE_EXCLUDE": f"{MARKED} {UNMARKED}", f"KEYTRACE_{MARKED}": "1", "KEYTRACE_BASELINE": OTHER}
    quiet_about(keytrace("config", "show", env=there))
    folder = {"KEYTRACE_CACHE_DIR": str(tmp_path / MARKED)}
    quiet_about(*(keytrace("cache", what, env=folder) for what in ("info", "clear")), least=20)


def test_what_other_scanners_accept(keytrace: Keytrace, committed: Path) -> None:
    (committed / ".gitleaksignore").write_text(f"app.js:generic-api-key:1\n{MARKED}:{OTHER}:3\nprod.env:{UNMARKED}:x\n")
    found = {"RuleID": "generic-api-key", "File": "app.js", "StartLine": 1, "Secret": UNMARKED, "Match": MARKED}
    (committed / "gitleaks.json").write_text(json.dumps([found | {"Fingerprint": f"app.js:{OTHER}:1"}]))
    entry = {"type": OTHER, "filename": f"{MARKED}.txt", "hashed_secret": UNMARKED, "line_number": 1}
    (committed / ".secrets.baseline").write_text(
        json.dumps({"version": "1.5.0", "results": {entry["filename"]: [entry]}})
    )
    (committed / ".gitguardian.yaml").write_text(
        f"version: 2\nsecret:\n  ignored_paths: ['{OTHER}']\n"
        f"  ignored_matches:\n  - name: {MARKED}\n    match: {UNMARKED}\n"
    )
    for name in (".gitleaksignore", "gitleaks.json", ".secrets.baseline", ".gitguardian.yaml"):
        quiet_about(keytrace("baseline", "import", name, "--reason", f"as {OTHER}"))
    quiet_about(keytrace("scan", "-v"), keytrace("baseline", "show"))
    assert leaks((committed / ".keytrace-baseline.jsonl").read_bytes()) == set()


def test_values_from_outside(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.env"
    truth.write_text(f"API_TOKEN={OTHER}\nDB_PASSWORD={UNMARKED}\nX{MARKED}={MARKED}\n")
    quiet_about(
        keytrace("inventory", "--check", "-v", "--truth", f"production={truth}"),
        keytrace("inventory", "--check", "--old", str(truth)),
        keytrace("inventory", "--check", "--old", MARKED),
        keytrace("inventory", "--environment", f"{MARKED}={OTHER}*"),
    )


def test_archives_authors_and_patches(keytrace: Keytrace, committed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(committed / "a.zip", "w") as packed:
        packed.writestr(f"{MARKED}/{UNMARKED}.env", f"PASSWORD={UNMARKED}\nT={OTHER}\n")
        packed.writestr(f"in-{OTHER}.zip", b"PK\x03\x04broken")
    quiet_about(keytrace("scan", "a.zip", "-v", "--list-skipped", *every_format(tmp_path / "members")))
    quiet_about(keytrace("explain", f"a.zip!{MARKED}/{UNMARKED}.env:1"))
    (committed / "new.env").write_text(f"NEW_PASSWORD={UNMARKED}\n")
    keytrace.git("add", "new.env")
    author = ("-c", f"user.name={OTHER}", "-c", f"user.email={MARKED}@keys.example")
    keytrace.git(*author, "commit", "-q", "-m", f"as {MARKED}")
    quiet_about(keytrace("history", "-v", *every_format(tmp_path / "commits")), keytrace("inventory", "-f", "json"))
    assert of_folder(tmp_path / "members") | of_folder(tmp_path / "commits") == set()
    name = f"{MARKED}.env"
    patch = f"--- a/{name}\n+++ b/{name}\n@@ -1 +1,2 @@ {OTHER}\n x\n+PASSWORD={UNMARKED}\n"
    quiet_about(keytrace("scan", "-", "-v", stdin=patch.encode()))
    quiet_about(keytrace("scan", "-", "--stdin-filename", name, stdin=f"PASSWORD={UNMARKED}".encode()))
    (committed / "link").symlink_to(f"https://u:{OTHER}@h/{UNMARKED}")
    quiet_about(keytrace("scan", "-v", "--list-skipped"), keytrace("scan", "link"))
