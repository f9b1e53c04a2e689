"""`keytrace fleet`."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema  # type: ignore[import-untyped]

from keytrace import fleet
from keytrace.cli import main
from keytrace.errors import Stopped
from keytrace.fleet.work import scan_repository
from tests.samples import marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from keytrace.fleet.repositories import Repository
    from keytrace.fleet.state import State
    from keytrace.fleet.work import Outcome, Plan
    from tests.cli.conftest import Keytrace


def made(keytrace: Keytrace, name: str, **files: str) -> None:
    folder = Path(keytrace.folder, name)
    folder.mkdir()
    keytrace.git("init", cwd=folder)
    for file, content in {"shared.txt": "a text that all have\n", **files}.items():
        Path(folder, file).write_text(content)
    keytrace.git("add", ".", cwd=folder)
    keytrace.git("commit", "-m", "x", cwd=folder)


def test_findings_errors_and_reports(keytrace: Keytrace, project: Path) -> None:
    made(keytrace, "a", **{"k.env": f"TOKEN={marked(1)}\n"})
    made(keytrace, "b")
    made(keytrace, "c", **{"k.env": f"TOKEN={marked(1)}\n"})
    Path(project, "list").write_text("# ours\na\nb\nnowhere\nc\n")
    run = keytrace("fleet", "list", "-o", "all.sarif", "-o", "all.jsonl", "-o", "all.txt", "--jobs", "2")
    assert run.code == 3
    assert "b: clean" in run.out
    assert "nowhere: not scanned" in run.out
    assert "one secret in 2 repositories: GitHub personal access token (classic), in " in run.out
    assert run.out.endswith("2 findings in 2 of 4 repositories, 1 not scanned\n")
    sarif = json.loads(Path(project, "all.sarif").read_text())
    assert [(one["automationDetails"]["id"], len(one["results"])) for one in sarif["runs"]] == [
        ("keytrace/a/", 1), ("keytrace/b/", 0), ("keytrace/nowhere/", 0), ("keytrace/c/", 1),
    ]  # fmt: skip
    schema = json.loads(Path(__file__).parents[1].joinpath("reporters", "sarif-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(sarif)
    records = [json.loads(line) for line in Path(project, "all.jsonl").read_text().splitlines()]
    assert [one["repository"] for one in records if one["type"] == "finding"] == ["a", "c"]
    assert len({one["secret_digest"] for one in records if one["type"] == "finding"}) == 1
    assert all(marked(1) not in Path(project, f"all.{end}").read_text() for end in ("sarif", "jsonl", "txt"))
    assert marked(1) not in run.out
    assert keytrace("fleet", "b").code == 0
    assert keytrace("fleet", "a", "b", "--exit-zero").code == 0
    assert keytrace("fleet", "a", "--history").code == 1
    assert keytrace("fleet", "-", "-f", "jsonl", stdin=b"a\n").out.count('"finding"') == 1


def test_it_goes_on_where_it_was_interrupted(keytrace: Keytrace, project: Path) -> None:
    for name in "abcd":
        made(keytrace, name, **{"k.env": f"TOKEN={marked(1)}\n"})
    first = keytrace("fleet", "a", "b", "--state", "done")
    assert first.code == 1
    command = keytrace.command("fleet", "a", "b", "c", "d", "--jobs", "1", "--state", "done")
    where = keytrace.environment() | {"TMPDIR": str(project)}  # what is killed leaves its temporary folder there
    with subprocess.Popen(command, cwd=project, env=where, stdout=subprocess.PIPE) as process:
        assert process.stdout
        while b"c: 1 finding" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGKILL)
    run = keytrace("fleet", "a", "b", "c", "d", "--state", "done", "-o", "all.jsonl")
    assert run.code == 1
    assert run.out.index("c: ") < run.out.index("d: ")
    assert "4 findings in 4 of 4 repositories" in run.out
    assert Path(project, "all.jsonl").read_text().count('"finding"') == 4


def test_what_the_user_must_mend(keytrace: Keytrace, project: Path) -> None:
    made(keytrace, "a")
    for wrong in ((), ("-",), ("a", "--rule", "no-such-rule"), ("a", "-o", "x.y"), ("a", "--config", "nowhere"),
                  ("a", "--dask", "nowhere"), ("a", "--state", "a/shared.txt")):  # fmt: skip
        run = keytrace("fleet", *wrong)
        assert run.code == 2, wrong
        assert run.err.startswith("keytrace: ")
        assert "Traceback" not in run.err


def test_no_report_replaces_what_is_read(keytrace: Keytrace, project: Path) -> None:
    made(keytrace, "a")
    Path(project, "list.txt").write_text("a\n")
    Path(project, "link.txt").symlink_to("list.txt")
    for output, why in (("list.txt", "is what is"), ("link.txt", "is what is"), ("a/shared.txt", "is a source"),
                        ("nowhere/all.txt", "no folder")):  # fmt: skip
        run = keytrace("fleet", "list.txt", "-o", output)
        assert (run.code, run.out) == (2, ""), output
        assert why in run.err
    assert Path(project, "list.txt").read_text() == "a\n"
    for _ in range(2):  # its own it replaces, also in the tree
        assert keytrace("fleet", "list.txt", "-o", "a/all.txt", "-o", "all.jsonl", "-o", "all.sarif").code == 0


def test_stopped_it_writes_what_was_found(
    keytrace: Keytrace, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopping(found: list[Repository], plan: Plan, state: State, **_: object) -> Iterator[Outcome]:
        outcome = scan_repository(plan, found[0], {})
        state.keep(found[0], outcome)
        yield outcome
        raise Stopped(signal.SIGTERM)

    made(keytrace, "a", **{"k.env": f"TOKEN={marked(1)}\n"})
    made(keytrace, "b")
    monkeypatch.setattr(fleet, "scan_fleet", stopping)
    monkeypatch.chdir(project)
    assert main(["fleet", "a", "b", "-o", "all.jsonl", "-o", "all.sarif"]) == 143
    assert "--state FOLDER, the same command goes on" in capsys.readouterr().err
    records = [json.loads(line) for line in Path(project, "all.jsonl").read_text().splitlines()]
    told = {(one["repository"], one["type"]) for one in records}
    assert ("a", "finding") in told
    assert ("b", "error") in told
    runs = json.loads(Path(project, "all.sarif").read_text())["runs"]
    assert [one["invocations"][0]["executionSuccessful"] for one in runs] == [True, False]


def test_stopped_at_once_it_says_so(keytrace: Keytrace, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise Stopped(signal.SIGTERM)

    made(keytrace, "a")
    made(keytrace, "b")
    monkeypatch.chdir(project)
    for where, told in (("keytrace.fleet.repositories.named", ["a", "b"]), ("keytrace.fleet.state.State", ["a", "b"]),
                        ("keytrace.fleet.shared.SharedContent.__init__", ["a", "b"])):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(where, stop)
            assert main(["fleet", "a", "b", "-o", "all.jsonl", "-o", "all.sarif"]) == 143, where
        records = [json.loads(line) for line in Path(project, "all.jsonl").read_text().splitlines()]
        assert [one["repository"] for one in records if one["type"] == "error"] == told, where
        runs = json.loads(Path(project, "all.sarif").read_text())["runs"]
        assert [one["invocations"][0]["executionSuccessful"] for one in runs] == [False, False], where


def test_one_inventory_of_all(keytrace: Keytrace, project: Path) -> None:
    for name in ("a", "b"):
        made(
            keytrace, name, **{"deploy.env": f"ACME_TOKEN={marked(1)}\n", "own.env": f"ACME_TOKEN_{name}={marked(2)}\n"}
        )
    made(keytrace, "c", **{"deploy.env": f"ACME_TOKEN={marked(3)}\n"})
    run = keytrace("fleet", "a", "b", "c", "--inventory", "-f", "json", "-o", "all.csv")
    assert run.code == 0, run.err
    places = [sorted(place["path"] for place in key["places"]) for key in json.loads(run.out)["keys"]]
    assert sorted(places) == [["a/deploy.env", "b/deploy.env"], ["a/own.env", "b/own.env"], ["c/deploy.env"]]
    assert Path(project, "all.csv").read_text().count("deploy.env") == 3
    assert marked(1) not in run.out + run.err
    Path(project, "list.txt").write_text("a\ngone\n")
    run = keytrace("fleet", "list.txt", "--inventory", "-f", "json")
    assert (run.code, [one["path"] for one in json.loads(run.out)["errors"]]) == (3, ["gone"])
    for wrong in (["--history"], ["-f", "sarif"], ["-o", "all.sarif"]):
        assert keytrace("fleet", "a", "--inventory", *wrong).code == 2, wrong
    assert keytrace("fleet", "a", "-f", "table").code == 2
