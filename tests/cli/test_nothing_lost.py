"""Whatever happens to one file, a worker or the process: findings are reported, processes end, the code says it."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace
from .test_bad_input import is_there, start, wait_for_workers, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def large(project: Path) -> Path:
    """A tree that takes a while: some two hundred files, the first with a token."""
    (project / "a.js").write_text(f'x = "{github_token(1)}"\n')
    lines = "".join(f'password{number} = "{password(number)}";\n' for number in range(400))
    for number in range(200):
        (project / f"b{number:03}.js").write_text(lines)
    return project


def workers_end(workers: list[int]) -> None:
    wait_until(lambda: not any(map(is_there, workers)), 60)


@pytest.mark.parametrize(("name", "jobs"), [("SIGTERM", "1"), ("SIGTERM", "2"), ("SIGHUP", "2"), ("SIGINT", "2")])
def test_a_signal(keytrace: Keytrace, large: Path, name: str, jobs: str) -> None:
    number = getattr(signal, name)
    outputs = ("-o", "out.json", "-o", "out.sarif", "-f", "json", "-f", "sarif")
    process = start(keytrace, "scan", "-j", jobs, *(outputs if name != "SIGHUP" else ()))
    workers: list[int] = []
    if jobs == "2":
        workers = wait_for_workers(process)
    else:
        wait_until(lambda: b"hyperscan" in Path(f"/proc/{process.pid}/maps").read_bytes(), 60)
    process.send_signal(number)
    out, errors = process.communicate(timeout=600)
    workers_end(workers)
    assert out == b"", "no partial report"
    assert b"Traceback" not in errors
    assert process.returncode == 128 + number, errors
    assert not list(large.glob(".keytrace-*"))
    if (large / "out.json").exists():
        report = json.loads((large / "out.json").read_text())
        assert report["incomplete"] is True
        assert report["summary"]["exit_code"] == 128 + number
        log = json.loads((large / "out.sarif").read_text())
        (invocation,) = log["runs"][0]["invocations"]
        assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 128 + number)
        assert any(name in item["message"]["text"] for item in invocation["toolExecutionNotifications"])


def test_what_was_found_before_a_signal(keytrace: Keytrace, large: Path) -> None:
    for pause in (0.5, 1, 2, 4, 8, 16):  # until the signal comes after the first file and before the last
        process = start(keytrace, "scan", "-j", "1", "-f", "json", "-o", "out.json")
        wait_until(lambda pid=process.pid: b"hyperscan" in Path(f"/proc/{pid}/maps").read_bytes(), 60)  # type: ignore[misc]
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=600)
        assert process.returncode in (143, 1)
        report = json.loads((large / "out.json").read_text()) if (large / "out.json").exists() else {}
        if process.returncode == 143 and report.get("findings"):
            break
        (large / "out.json").unlink(missing_ok=True)
    assert report["incomplete"] is True
    assert "a.js" in {finding["path"] for finding in report["findings"]}
    assert 0 < report["statistics"]["files"] < 201


def test_workers_end_with_a_parent_that_is_killed(keytrace: Keytrace, large: Path) -> None:
    process = start(keytrace, "scan", "-j", "2", "-f", "json", "-o", "out.json")
    workers = wait_for_workers(process)
    process.kill()
    process.communicate()
    workers_end(workers)
    assert not (large / "out.json").exists()


@pytest.fixture
def small(project: Path) -> Path:
    for number in range(150):
        (project / f"a{number:03}.js").write_text("x = 1;\n")
    (project / "found.js").write_text(f'x = "{github_token(1)}"\n')
    return project


def findings(run: Any) -> list[str]:
    return [rule for rule, _, _ in run.findings]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_one_file_without_memory(keytrace: Keytrace, small: Path, jobs: str) -> None:
    text = "\n".join(["\u5bc6\u7801" * 500] * 23_000)
    (small / "z.txt").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))

    keytrace("scan", "a001.js")  # the rules are compiled
    for megabytes in range(320, 180, -20):  # until it is too little for the large file, and enough for the others
        limits = (megabytes * 1_000_000,) * 2
        run = keytrace(
            "scan", "--no-cache", "-f", "json", "-j", jobs, timeout=600,
            before=lambda limits=limits: resource.setrlimit(resource.RLIMIT_AS, limits),  # type: ignore[misc]
        )  # fmt: skip
        assert run.code == 1, run.err
        assert findings(run) == [GITHUB]
        if run.json["errors"]:
            break
    assert [error["path"] for error in run.json["errors"]] == ["z.txt"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_files_that_take_too_long(keytrace: Keytrace, small: Path, jobs: str) -> None:
    passwords = [password(number) for number in range(500)]
    many = {
        "keyword.js": "".join(f'password{number} = "{word}";\n' for number, word in enumerate(passwords * 240)),
        "format.js": "".join(f'x = "{github_token(number)}";\n' for number in range(500)) * 80,
        "encoded.js": "".join(f'x = "{word.encode().hex()}";\n' for word in passwords) * 240,
        "python.py": "".join(
            f'def f{number}(a):\n    password = get("{word}")\n    print(password)\n'
            for number, word in enumerate(passwords * 80)
        ),
    }  # fmt: skip
    for name, text in many.items():
        (small / name).write_text(text)
    run = keytrace("scan", "-f", "json", "-j", jobs, "--file-timeout", "0.4", timeout=600)
    late = {error["path"] for error in run.json["errors"] if "longer than 0.4 s" in error["message"]}
    assert late >= many.keys()
    assert "found.js" in late or (run.code == 1 and GITHUB in findings(run))
    (small / "found.js").unlink()
    (small / "keytrace.toml").write_text("file-timeout = 0.1\n")
    assert keytrace("scan", "python.py", "-j", jobs).code in (1, 3)
    (small / "keytrace.toml").write_text("file-timeout = -1\n")
    assert keytrace("scan").code == 2


def test_closed_streams(keytrace: Keytrace, project: Path) -> None:
    (project / "a.js").write_text(f'x = "{github_token(1)}"\n')
    run = keytrace("scan", "nope", before=lambda: os.close(2))
    assert (run.code, run.out) == (2, "")
    run = keytrace("scan", "-f", "json", before=lambda: os.close(2))
    assert (run.code, findings(run)) == (1, [GITHUB])
    run = keytrace("scan", before=lambda: os.close(1))
    assert (run.code, run.err.splitlines()[0]) == (2, "keytrace: standard output is closed")
    assert keytrace("scan", before=lambda: os.closerange(0, 3)).code == 2


@pytest.mark.parametrize(
    "arguments", [("scan", "."), ("scan",), ("scan", "--staged"), ("explain", "a:1"), ("baseline", "show")]
)
def test_a_folder_that_is_gone(keytrace: Keytrace, project: Path, arguments: tuple[str, ...]) -> None:
    folder = project / "gone"
    folder.mkdir()
    run = keytrace(*arguments, cwd=folder, before=folder.rmdir)
    assert run.code == 2, run.err
    assert "gone" in run.err or "no such file" in run.err
    assert "Traceback" not in run.err
