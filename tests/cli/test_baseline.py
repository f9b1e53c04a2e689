"""`keytrace baseline`: what was accepted stays accepted, what is new is reported."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace

OLD, NEW = github_token(1), github_token(2)
NAME = ".keytrace-baseline.jsonl"


@pytest.fixture
def accepted(keytrace: Keytrace, project: Path) -> Path:
    """A project with two accepted findings in two files."""
    (project / "app.py").write_text(f"import os\ntoken = '{OLD}'\n")
    (project / "db.py").write_text(f"password = '{password(1)}'\n")
    run = keytrace("baseline", "create", "--reason", "rotated in May")
    assert (run.code, run.out, run.err) == (0, f"wrote {NAME}: 2 accepted findings\n", "")
    return project


def test_after_create_a_scan_is_clean_and_says_so(keytrace: Keytrace, accepted: Path) -> None:
    run = keytrace("scan")
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith("No secrets found in ")
    assert "2 suppressed: 2 baseline" in run.out
    assert "rotated in May (baseline)" in keytrace("scan", "-v").out
    assert keytrace.json().suppressed == [("baseline", 2), ("baseline", 1)]


def test_the_file_holds_no_secret_and_is_no_finding(keytrace: Keytrace, accepted: Path) -> None:
    text = (accepted / NAME).read_text()
    assert [set(json.loads(line)) for line in text.splitlines()[1:]] == [{"rule", "path", "digest", "reason"}] * 2
    assert OLD not in text
    assert OLD[4:12] not in text
    assert keytrace("scan", NAME, "--no-baseline", "--min-confidence", "low").code == 0


def test_moved_lines_stay_accepted(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / "app.py").write_text(f"import os\n\n\nif True:\n    token = '{OLD}'  # moved\n")
    assert keytrace("scan").code == 0


def test_a_renamed_file_stays_accepted(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / "src").mkdir()
    (accepted / "app.py").rename(accepted / "src" / "main.py")
    assert keytrace("scan").code == 0


def test_another_checkout_is_accepted(keytrace: Keytrace, accepted: Path) -> None:
    other = accepted.parent / "elsewhere"
    shutil.copytree(accepted, other)
    assert keytrace("scan", cwd=other).code == 0
    assert keytrace("scan", other).code == 0


def test_a_new_secret_on_an_accepted_line_is_reported(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / "app.py").write_text(f"import os\ntoken = '{NEW}'\n")
    run = keytrace.json()
    assert run.code == 1
    assert run.findings == [(GITHUB, "app.py", 2)]
    (accepted / "app.py").write_text(f"import os\ntoken, other = '{OLD}', '{NEW}'\n")
    run = keytrace.json()
    assert run.findings == [(GITHUB, "app.py", 2)]
    assert ("baseline", 2) in run.suppressed


def test_a_copy_of_an_accepted_secret_is_reported(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / "copy.py").write_text(f"token = '{OLD}'\n")
    assert keytrace.json().findings == [(GITHUB, "copy.py", 1)]
    (accepted / "copy.py").unlink()
    (accepted / "app.py").write_text(f"import os\ntoken = '{OLD}'\nagain = '{OLD}'\n")
    assert keytrace.json().findings == [(GITHUB, "app.py", 3)]


def test_unused_entries_are_noted_and_dropped_by_update(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / "app.py").write_text("import os\n")
    run = keytrace("scan")
    assert run.code == 0
    assert f"{NAME}: 1 unused entry; `keytrace baseline update` drops them" in run.out
    assert keytrace.json("db.py").json["notes"] == [], "what was not scanned is not unused"
    assert keytrace.json("--rule", "generic-password").json["notes"] == [], "nor what was not looked for"
    assert keytrace("baseline", "update").out == f"updated {NAME}: 1 accepted finding\n"
    assert "unused" not in keytrace("scan").out


def test_update_adds_what_is_new_and_keeps_the_rest_as_it_is(keytrace: Keytrace, accepted: Path) -> None:
    before = (accepted / NAME).read_text().splitlines()
    (accepted / "new.py").write_text(f"token = '{NEW}'\n")
    run = keytrace("baseline", "update", "--reason", "a sample")
    assert (run.code, run.out) == (0, f"updated {NAME}: 3 accepted findings\n")
    after = (accepted / NAME).read_text().splitlines()
    assert set(before) < set(after)
    assert keytrace("scan").code == 0
    assert keytrace("baseline", "update").code == 0
    assert (accepted / NAME).read_text().splitlines() == after, "nothing new, nothing changed"


def test_show(keytrace: Keytrace, accepted: Path) -> None:
    run = keytrace("baseline", "show")
    assert run.code == 0
    assert run.out.splitlines() == [
        f"app.py: {GITHUB}  (rotated in May)", "db.py: hardcoded-credential  (rotated in May)",
    ]  # fmt: skip
    assert run.err == f"2 entries in {NAME}\n"


def test_create_does_not_overwrite(keytrace: Keytrace, accepted: Path) -> None:
    before = (accepted / NAME).read_bytes()
    run = keytrace("baseline", "create")
    assert run.code == 2
    assert f"{NAME} exists" in run.err
    assert "keytrace baseline update" in run.err
    assert (accepted / NAME).read_bytes() == before
    assert keytrace("baseline", "create", "--force").code == 0
    assert (accepted / NAME).read_bytes() != before, "a new salt"
    assert len((accepted / NAME).read_text().splitlines()) == 3


@pytest.mark.parametrize("action", ["update", "show"])
def test_without_a_baseline(keytrace: Keytrace, action: str) -> None:
    run = keytrace("baseline", action)
    assert (run.code, run.out) == (2, "")
    assert "there is no baseline" in run.err
    assert "hint: `keytrace baseline create` makes one" in run.err


def test_another_place_and_none(keytrace: Keytrace, accepted: Path) -> None:
    (accepted / NAME).rename(accepted.parent / "known.jsonl")
    assert keytrace("scan").code == 1
    assert keytrace("scan", "--baseline", "../known.jsonl").code == 0
    assert keytrace("scan", env={"KEYTRACE_BASELINE": "../known.jsonl"}).code == 0
    assert keytrace("scan", "--baseline", "../known.jsonl", "--no-baseline").code == 1
    run = keytrace("scan", "--baseline", "../gone.jsonl")
    assert (run.code, run.out) == (2, "")
    assert "gone.jsonl: No such file or directory" in run.err


def test_it_lies_at_the_top_of_the_work_tree_and_holds_for_staged_changes(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "src").mkdir()
    (project / "src" / "app.py").write_text(f"token = '{OLD}'\n")
    keytrace.git("add", ".")
    run = keytrace("baseline", "create", ".", cwd=project / "src")
    assert (run.code, run.out) == (0, f"wrote ../{NAME}: 1 accepted finding\n")
    assert keytrace("scan", "--staged").code == 0
    assert keytrace("scan", "app.py", cwd=project / "src").code == 0


def test_what_could_not_be_scanned_is_said_on_create(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"token = '{OLD}'\n")
    (project / "large.py").write_text("x = 1\n" * 100)
    run = keytrace("baseline", "create", "--max-file-size", "100")
    assert (run.code, run.out) == (3, f"wrote {NAME}: 1 accepted finding\n")
    assert run.err.startswith("keytrace: large.py: larger than 100 bytes")


def test_an_entry_for_a_secret_accepts_its_parts(keytrace: Keytrace, project: Path) -> None:
    digits = "".join(random.Random(4).choices("0123456789abcdef", k=72))
    config = project / "config.py"
    config.write_text(f"TWILIO_SID = 'AC{digits[:32]}'\nTWILIO_AUTH_TOKEN = '{digits[40:]}'\n")
    shown = ["--min-severity", "info"]
    assert keytrace.json(*shown).findings == [("twilio-auth-token", "config.py", 2)]
    assert keytrace("baseline", "create").code == 0
    assert keytrace.json(*shown).findings == []
    config.write_text(config.read_text().splitlines()[0] + "\n")
    assert keytrace.json(*shown).findings == [("twilio-account-sid", "config.py", 1)]
