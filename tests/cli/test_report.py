"""Reports: one well-formed document on standard output or in each file, without the secrets, wholly or not at all."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keytrace.reporters import REPORTERS
from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import Keytrace

TOKEN, PASSWORD = github_token(1), password(1)


@pytest.fixture
def leaky(project: Path) -> Path:
    """A project with a token and a password on one line, and the token in another file."""
    (project / "app.py").write_text(f"login(token='{TOKEN}', password='{PASSWORD}')\n")
    (project / "deploy.sh").write_text(f"curl -H 'Authorization: token {TOKEN}' https://api.github.com/user\n")
    return project


def read_json(text: str) -> int:
    return len(json.loads(text)["findings"])


def read_jsonl(text: str) -> int:
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["type"] for record in records[-1:]] == ["summary"]
    return sum(record["type"] == "finding" for record in records)


def read_sarif(text: str) -> int:
    return len(json.loads(text)["runs"][0]["results"])


READERS: dict[str, Callable[[str], int]] = {"json": read_json, "jsonl": read_jsonl, "sarif": read_sarif}


@pytest.mark.parametrize("kind", READERS)
def test_standard_output_is_one_document(keytrace: Keytrace, leaky: Path, kind: str) -> None:
    run = keytrace("scan", "-f", kind)
    assert (run.code, run.err) == (1, "")
    assert READERS[kind](run.out) >= 2
    (leaky / "app.py").unlink()
    (leaky / "deploy.sh").unlink()
    run = keytrace("scan", "-f", kind)
    assert (run.code, run.err, READERS[kind](run.out)) == (0, "", 0)


@pytest.mark.parametrize("kind", READERS)
def test_errors_are_in_the_document_and_on_standard_error(keytrace: Keytrace, leaky: Path, kind: str) -> None:
    run = keytrace("scan", "-f", kind, "--max-file-size", "10")
    assert run.code == 3
    assert READERS[kind](run.out) == 0
    assert run.out.count("larger than 10 bytes") == 2
    assert [line.partition(": larger")[0] for line in run.err.splitlines()] == [
        "keytrace: app.py", "keytrace: deploy.sh",
    ]  # fmt: skip


def test_sarif_to_a_file_and_text_to_the_terminal(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "sarif", "-o", "out.sarif")
    assert (run.code, run.err) == (1, "")
    assert "critical  app.py:1:" in run.out
    assert read_sarif((leaky / "out.sarif").read_text()) >= 2


def test_the_ending_tells_the_format(keytrace: Keytrace, leaky: Path) -> None:
    outside = leaky.parent / "reports"
    outside.mkdir()
    names = {"a.json": read_json, "b.jsonl": read_jsonl, "c.sarif": read_sarif, "d.ndjson": read_jsonl}
    outputs = [argument for name in [*names, "e.txt"] for argument in ("-o", outside / name)]
    run = keytrace("scan", *outputs)
    assert run.code == 1
    assert len({reader((outside / name).read_text()) for name, reader in names.items()}) == 1
    assert (outside / "e.txt").read_text().splitlines()[:-3] == run.out.splitlines()[:-3]


def test_each_format_goes_to_the_file_beside_it(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "sarif", "-o", "one.log", "-f", "json", "-o", "two.log", "-q")
    assert (run.code, run.out, run.err) == (1, "", "")
    assert read_sarif((leaky / "one.log").read_text()) == read_json((leaky / "two.log").read_text())


def test_as_many_formats_as_files_go_together_in_their_order(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "gitlab", "-o", "one.json", "-f", "json", "-o", "two.json", "-q")
    assert (run.code, run.out, run.err) == (1, "", "")
    assert len(json.loads((leaky / "one.json").read_text())["vulnerabilities"]) == read_json(
        (leaky / "two.json").read_text()
    )
    run = keytrace("scan", "-f", "sarif", "-f", "json", "-o", "two.json", "-o", "one.sarif", "-q")
    assert read_sarif((leaky / "one.sarif").read_text()) == read_json((leaky / "two.json").read_text())


def test_a_format_without_a_file_goes_to_standard_output(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "json", "-f", "sarif", "-o", "out.sarif")
    assert run.code == 1
    assert read_json(run.out) == read_sarif((leaky / "out.sarif").read_text())


def test_two_formats_cannot_share_standard_output(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "json", "-f", "sarif")
    assert (run.code, run.out) == (2, "")
    assert "only one format can go to standard output" in run.err
    run = keytrace("scan", "-o", "report.odd")
    assert (run.code, run.out) == (2, "")
    assert run.err == f"keytrace: no format for report.odd\nhint: put one before it: -f {'|'.join(REPORTERS)}\n"


def test_reports_in_the_tree_are_no_findings(keytrace: Keytrace, leaky: Path) -> None:
    (leaky / "deploy.sh").unlink()
    run = keytrace("scan", "-v", "-o", "a.json", "-o", "b.jsonl", "-o", "c.sarif", "-o", "d.txt")
    assert run.code == 1
    assert {path for _, path, _ in keytrace.json().findings} == {"app.py"}


def test_github_actions_get_annotations_and_a_summary_beside_the_text(keytrace: Keytrace, leaky: Path) -> None:
    summary = leaky.parent / "summary.md"
    summary.write_text("before\n")
    job = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "NO_COLOR": "1"}
    run = keytrace("scan", env=job)
    assert (run.code, run.err) == (1, "")
    assert "critical  app.py:1:" in run.out
    assert "\n::error file=app.py,line=1," in run.out
    assert summary.read_text().startswith("before\n<!-- keytrace -->\n**keytrace: ")
    for arguments, more in ((["-f", "text"], {}), ([], {"KEYTRACE_FORMAT": "text"}), (["-f", "json"], {})):
        assert "::error" not in keytrace("scan", *arguments, env=job | more).out
    missing = job | {"GITHUB_STEP_SUMMARY": str(leaky / "no" / "summary.md")}
    run = keytrace("scan", "-f", "github", env=missing)
    assert (run.code, run.err) == (1, "keytrace: no summary of the step: No such file or directory\n")


def test_sarif_describes_all_rules_on_request(keytrace: Keytrace, leaky: Path) -> None:
    few, every = (
        len(keytrace("scan", "-f", "sarif", *more).json["runs"][0]["tool"]["driver"]["rules"])
        for more in ((), ("--sarif-all-rules",))
    )
    assert few < 10
    assert every > 1000


def test_many_findings_are_grouped_on_standard_output_and_in_a_file(keytrace: Keytrace, project: Path) -> None:
    lines = [f"token_{number} = '{github_token(number)}'" for number in range(60)]
    (project / "app.txt").write_text("\n".join(lines) + "\n")
    run = keytrace("scan", "-o", "all.txt")
    assert run.code == 1
    assert "  60 findings\n" in run.out
    assert len(run.out.splitlines()) < 20
    assert (project / "all.txt").read_text().splitlines()[:-4] == run.out.splitlines()[:-4]
    keytrace("scan", "-o", "all.txt", "--group-by", "none")
    assert (project / "all.txt").read_text().count("critical  app.txt:") == 60
    assert keytrace("scan", "--limit", "3").out.count("critical  app.txt:") == 3
    run = keytrace("scan", "--group-by", "rule", "--show-secrets")
    assert (run.code, run.err) == (
        2, "keytrace: groups do not show secrets\nhint: leave out --group-by or --show-secrets\n",
    )  # fmt: skip


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["text", *READERS])
def test_secrets_are_never_printed(keytrace: Keytrace, leaky: Path, kind: str) -> None:
    run = keytrace("scan", "-f", kind, "-v", "--min-confidence", "low")
    assert run.code == 1
    for secret in (TOKEN, PASSWORD):
        for part in (secret[:12], secret[-8:]):
            assert part not in run.out + run.err


def test_a_known_secret_is_masked_wherever_it_stands_on_the_line(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(f"login('{PASSWORD}', password='{PASSWORD}')\n")
    run = keytrace("scan")
    assert run.code == 1
    assert PASSWORD not in run.out


@pytest.mark.parametrize("kind", ["text", "json"])
def test_show_secrets(keytrace: Keytrace, leaky: Path, kind: str) -> None:
    run = keytrace("scan", "-f", kind, "--show-secrets")
    assert run.code == 1
    assert TOKEN in run.out
    assert PASSWORD in run.out


@pytest.mark.parametrize("kind", ["sarif", "jsonl"])
def test_show_secrets_is_refused_where_reports_are_uploaded(keytrace: Keytrace, leaky: Path, kind: str) -> None:
    for arguments in (["-f", kind], ["-f", kind, "-o", "out.log"], ["-o", "first.json", "-f", kind]):
        run = keytrace("scan", "--show-secrets", *arguments)
        assert (run.code, run.out) == (2, "")
        assert run.err.lower().startswith(f"keytrace: {kind} reports never show secrets\nhint: ")
    assert sorted(os.listdir(leaky)) == ["app.py", "deploy.sh"]


# --- names ------------------------------------------------------------------------------------------------------------

ODD_NAMES = [b"new\nline.py", b"caf\xe9.py", b"esc\x1b[31m.py", b'quote"<&>.py', b" -f.py", "\u202egpj.py".encode()]


@pytest.fixture
def odd(project: Path) -> Path:
    for seed, name in enumerate(ODD_NAMES):
        with open(os.path.join(os.fsencode(project), name), "w") as file:
            file.write(f"token = '{github_token(seed)}'\n")
    with open(os.path.join(os.fsencode(project), b"large\n\x1b\xff.txt"), "w") as file:
        file.write("word " * 200)
    return project


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
@pytest.mark.parametrize("kind", READERS)
def test_documents_are_well_formed_whatever_the_names(keytrace: Keytrace, odd: Path, kind: str, locale: str) -> None:
    run = keytrace("scan", "-f", kind, "--max-file-size", "500", env={"LC_ALL": locale})
    assert run.code == 1
    assert READERS[kind](run.out) == len(ODD_NAMES)
    assert "\x1b" not in run.out


def test_an_error_on_standard_error_is_one_line_without_control_characters(keytrace: Keytrace, odd: Path) -> None:
    run = keytrace("scan", "-f", "json", "--max-file-size", "500")
    assert run.err.splitlines() == [
        "keytrace: large\\n\\x1b\\xff.txt: larger than 500 bytes; raise max-file-size to scan it"
    ]


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_text_shows_odd_names_on_one_line_without_control_characters(
    keytrace: Keytrace, odd: Path, locale: str
) -> None:
    run = keytrace("scan", "--max-file-size", "500", env={"LC_ALL": locale, "PYTHONIOENCODING": "ascii"})
    assert (run.code, run.err) == (1, "")
    assert [name for name in ("new\\nline.py:1", "caf\\xe9.py:1", "esc\\x1b[31m.py:1") if name not in run.out] == []
    assert "large\\n\\x1b\\xff.txt: larger than" in run.out
    assert run.out.isascii()
    assert "\x1b" not in run.out


def test_odd_names_can_be_accepted_and_staged(keytrace: Keytrace, odd: Path) -> None:
    keytrace.git("init", "-q")
    keytrace.git("add", ".")
    assert len(keytrace.json("--staged", "--max-file-size", "500").findings) == len(ODD_NAMES)
    assert keytrace("baseline", "create", "--max-file-size", "500").code == 3, "the large file was not scanned"
    assert keytrace("scan", "--exclude", "large*").code == 0
    shown = keytrace("baseline", "show")
    assert shown.code == 0
    assert len(shown.out.splitlines()) == len(ODD_NAMES)


def test_colours_are_for_terminals(keytrace: Keytrace, leaky: Path) -> None:
    assert "\x1b[" not in keytrace("scan").out
    assert "\x1b[" in keytrace("scan", "--color").out
    assert "\x1b[" not in keytrace("scan", "--no-color").out
    keytrace("scan", "--color", "-o", "out.txt")
    assert "\x1b[" not in (leaky / "out.txt").read_text()


# --- places that cannot be written ------------------------------------------------------------------------------------


def test_output_into_a_missing_folder(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-o", "missing/out.sarif")
    assert run.code == 2
    assert run.err.startswith("keytrace: cannot write ")
    assert "No such file or directory" in run.err
    assert not (leaky / "missing").exists()


def test_output_onto_a_folder(keytrace: Keytrace, leaky: Path) -> None:
    (leaky / "out.sarif").mkdir()
    run = keytrace("scan", "-o", "out.sarif")
    assert run.code == 2
    assert "it is a folder" in run.err


def test_a_full_disk_behind_standard_output(keytrace: Keytrace, leaky: Path) -> None:
    for kind in ("text", "json", "jsonl", "sarif"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                keytrace.command("scan", "-f", kind), cwd=leaky, env=keytrace.environment(), stdout=full,
                stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        assert b"No space left on device" in done.stderr
        assert b"bug" not in done.stderr
        assert b"Traceback" not in done.stderr
        assert done.returncode == 2


def test_a_full_device_as_output(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-f", "sarif", "-o", "/dev/full")
    assert run.code == 2
    assert run.err.startswith("keytrace: cannot write /dev/full: No space left on device\n")


def limit_files_to_1_kb() -> None:
    """What a disk with that much space left does, in the new process alone."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))


def test_a_disk_that_fills_up_leaves_nothing_behind(keytrace: Keytrace, leaky: Path) -> None:
    keytrace("scan")  # the cache is written
    run = keytrace("scan", "-o", "out.sarif", before=limit_files_to_1_kb)
    assert run.code == 2
    assert run.err.startswith(f"keytrace: cannot write {leaky / 'out.sarif'}: File too large\n")
    assert sorted(os.listdir(leaky)) == ["app.py", "deploy.sh"]


def test_a_disk_that_fills_up_leaves_the_old_report(keytrace: Keytrace, leaky: Path) -> None:
    (leaky / "out.sarif").write_text("the old report")
    run = keytrace("scan", "-o", "out.sarif", before=limit_files_to_1_kb)
    assert run.code == 2
    assert (leaky / "out.sarif").read_text() == "the old report"


def test_output_to_standard_output_by_name(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-q", "-f", "sarif", "-o", "/dev/stdout")
    assert (run.code, run.err) == (1, "")
    assert read_sarif(run.out) >= 2


# --- readers that go away ---------------------------------------------------------------------------------------------


def head(keytrace: Keytrace, *arguments: str) -> tuple[int, bytes, bytes]:
    """What `keytrace ... | head -1` does: exit code, the line, standard error."""
    process = subprocess.Popen(
        keytrace.command(*arguments), cwd=keytrace.folder, env=keytrace.environment(*arguments),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    line = process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    return process.wait(30), line, errors


@pytest.mark.parametrize("kind", ["text", *READERS])
def test_a_closed_pipe_is_quiet(keytrace: Keytrace, project: Path, kind: str) -> None:
    lines = (f"token = '{github_token(seed)}'\n" for seed in range(300))
    (project / "app.py").write_text("".join(lines))
    code, line, errors = head(keytrace, "scan", "-f", kind, "--group-by", "none")
    assert (code, errors) == (141, b"")
    assert line


def test_a_closed_pipe_of_other_commands_is_quiet(keytrace: Keytrace) -> None:
    code, line, errors = head(keytrace, "rules", "list", "--all")
    assert (code, line, errors) == (141, b"2captcha\n", b"")


def test_standard_output_that_is_closed_from_the_start(keytrace: Keytrace, leaky: Path) -> None:
    run = keytrace("scan", "-q", "-o", "out.json", before=lambda: os.close(1))
    assert (run.code, run.err) == (1, "")
    assert read_json((leaky / "out.json").read_text()) >= 2


def test_a_json_report_has_what_scripts_read(keytrace: Keytrace, leaky: Path) -> None:
    document: dict[str, Any] = keytrace.json().json
    assert set(document) == {
        "version", "tool", "root", "incomplete", "findings", "errors", "skipped", "notes", "statistics", "summary",
    }  # fmt: skip
    assert document["root"] == str(leaky)
    assert document["summary"]["exit_code"] == 1
    assert document["summary"]["active"] == len(document["findings"])


def test_one_line_a_finding_and_notes_beside(keytrace: Keytrace, leaky: Path) -> None:
    (leaky / "old.env").write_text(f"PASSWORD={password(3)} # keytrace:ignore until=2020-01-01\n")
    run = keytrace("scan", "-f", "line")
    assert run.code == 1
    assert all(
        re.fullmatch(r"[\w./]+:\d+:\d+: (critical|high|medium|low) [\w-]+ \S.*", line) for line in run.out.splitlines()
    )
    assert "keytrace: note: old.env: line 1: 'keytrace:ignore' does not hold" in run.err
    assert keytrace("scan", "-f", "line", "-q").err == ""


def test_quiet_says_nothing_of_what_is_clean(keytrace: Keytrace, leaky: Path) -> None:
    (leaky / "clean.py").write_text("x = 1\n")
    run = keytrace("scan", "-q", "clean.py")
    assert (run.code, run.out, run.err) == (0, "", "")
    assert "findings: " in keytrace("scan", "-q").out


def test_the_width_is_that_of_columns(keytrace: Keytrace, leaky: Path) -> None:
    lines = keytrace("scan", env={"COLUMNS": "80"}).out.splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_colours_when_they_are_asked_for(keytrace: Keytrace, leaky: Path) -> None:
    assert "\x1b[" not in keytrace("scan").out
    assert "\x1b[" in keytrace("scan", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" in keytrace("scan", env={"GITHUB_ACTIONS": "true"}).out
    assert "\x1b[" not in keytrace("scan", "--no-color", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" not in keytrace("scan", "-f", "line", env={"FORCE_COLOR": "1"}).out
    assert "\x1b[" in keytrace("rules", "list", env={"FORCE_COLOR": "1"}).out


def test_a_word_while_rules_compile(keytrace: Keytrace, leaky: Path, tmp_path: Path) -> None:
    cold = {"KEYTRACE_CACHE_DIR": str(tmp_path / "cold")}
    word = "keytrace: compiling the rules; this takes some seconds, and again only when they change\n"
    leaky.joinpath("short.txt").write_text("nothing\n")
    assert word not in keytrace("scan", "short.txt", env=cold).err, "so little needs no database"
    leaky.joinpath("long.txt").write_bytes(b"nothing\n" * 2**18)
    run = keytrace("scan", "-f", "json", env=cold, timeout=600)
    assert run.code == 1
    assert word in run.err
    assert word not in keytrace("scan", env=cold).err


def test_a_word_where_compiled_rules_cannot_be_kept(keytrace: Keytrace, leaky: Path, tmp_path: Path) -> None:
    nowhere = {"KEYTRACE_CACHE_DIR": "/dev/null/cache"}
    word = "the compiled rules cannot be kept in /dev/null/cache"
    leaky.joinpath("long.txt").write_bytes(b"nothing\n" * 2**18)
    assert keytrace("scan", env=nowhere, timeout=600).out.count(word) == 1
