"""Only added lines count: of a patch on standard input, and of what is staged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import marked as github_token
from tests.samples import unmarked as password

from .conftest import GITHUB, Keytrace

TOKEN = f'token = "{github_token(1)}"\n'
OTHER = f'token = "{github_token(2)}"\n'
ONE = ("--rule", GITHUB)
BOUND = ("--rule", "generic-password", "--rule", "hardcoded-credential")
FLOW = ("--rule", "logged-credential")
TEXT = "".join(f"line {number}\n" for number in range(1, 30))


@pytest.fixture
def project(keytrace: Keytrace) -> Path:
    keytrace.git("init", "-q")
    for name in ("added.py", "removed.py", "context.py"):
        (keytrace.folder / name).write_text(TEXT + (TOKEN if name != "added.py" else "") + TEXT)
    keytrace.git("add", "-A")
    keytrace.git("commit", "-qm", "one")
    return keytrace.folder


def patch(keytrace: Keytrace, *options: str) -> bytes:
    import subprocess

    return subprocess.run(["git", "diff", *options], cwd=keytrace.folder, check=True, stdout=subprocess.PIPE).stdout


def places(keytrace: Keytrace, data: bytes, *options: str) -> list[str]:
    run = keytrace("scan", "-", *ONE, "-f", "line", *options, stdin=data)
    assert run.code == int(bool(run.out))
    return [":".join(line.split(":")[:2]) for line in run.out.splitlines()]


def test_a_new_name_counts(keytrace: Keytrace, project: Path) -> None:
    key = f"{github_token(3)}.py"
    for content in ((project / "added.py").read_text(), TEXT + "new\n" + TEXT):
        keytrace.git("mv", "added.py", key)
        (project / key).write_text(content)
        keytrace.git("add", "-A")
        staged = keytrace("scan", "--staged", *ONE, "-f", "line")
        assert staged.out.startswith("********.py:1:1: critical")
        assert "it stands in the name of the file" in staged.out
        assert keytrace("scan", "-", *ONE, "-f", "line", stdin=patch(keytrace, "--cached")).out == staged.out
        keytrace.git("reset", "-q", "--hard")
    (project / "context.py").write_text("new\n" + TEXT)
    keytrace.git("mv", "removed.py", "moved.py")
    keytrace.git("add", "-A")
    assert keytrace("scan", "--staged", *ONE).code == 0, "what a renamed file holds is not new"


def test_a_patch_on_standard_input(keytrace: Keytrace, project: Path) -> None:
    (project / "removed.py").write_text(TEXT + TEXT)
    (project / "context.py").write_text(TEXT + TOKEN + "new\n" + TEXT)
    for options in (("--color",), ("--color", "--color-moved", "--stat", "-p"), ()):
        clean = patch(keytrace, *options)
        assert TOKEN[:-1].encode() in clean
        assert places(keytrace, clean) == []
    (project / "added.py").write_text(TEXT + OTHER + TEXT)
    leaky = patch(keytrace)
    assert places(keytrace, leaky) == ["added.py:30"]
    assert places(keytrace, leaky, "--stdin-filename", "change.diff") == ["added.py:30"]
    mail = f"From: Ada\nSubject: the token\n\n{OTHER}\n".encode() + clean
    assert places(keytrace, mail) == ["stdin:4"]
    plain = {f"stdin:{number}" for number, line in enumerate(leaky.split(b"\n"), 1) if b"token" in line}
    assert set(places(keytrace, leaky, "--no-diff")) == plain
    assert {place.split(":")[0] for place in places(keytrace, leaky, "--stdin-filename", "a.md")} == {"a.md"}
    report = keytrace("scan", "-", *ONE, "-f", "json", "--exclude", "added.py", stdin=leaky).json
    assert (report["findings"], report["statistics"]["skipped"]) == ([], {"exclude": 1})
    assert keytrace("scan", "--no-diff", ".", *ONE).code == 2


def test_programs_in_a_patch(keytrace: Keytrace, project: Path) -> None:
    secret = password(3)
    (project / "a.py").write_text(f"def f():\n    if x:\n        password = '{secret}'\n    return 1\n")
    keytrace.git("add", "-A")
    run = keytrace("scan", "-", "-f", "json", *BOUND, stdin=patch(keytrace, "--cached"))
    assert [(one["path"], one["start_line"]) for one in run.json["findings"]] == [("a.py", 3)]
    keytrace.git("commit", "-qm", "two")
    (project / "a.py").write_text(f"def f():\n    if x:\n        password = '{secret}'\n    return 2\n")
    run = keytrace("scan", "-", "-f", "json", *BOUND, stdin=patch(keytrace, "-U1"))
    assert (run.json["findings"], run.json["notes"]) == ([], [])


def test_a_series_of_patches_of_one_file(keytrace: Keytrace, project: Path) -> None:
    for number, line in enumerate((f"password = '{password(1)}'\n", f"password = '{password(2)}'\n")):
        (project / f"b{number}.py").write_text(line)
        keytrace.git("add", "-A")
    first = patch(keytrace, "--cached", "--", "b0.py")
    second = patch(keytrace, "--cached", "--", "b1.py").replace(b"b1.py", b"b0.py")
    found = keytrace("scan", "-", "-f", "json", *BOUND, stdin=first + second).json["findings"]
    assert [(one["path"], one["start_line"]) for one in found] == [("b0.py", 1)] * 2


SINK = "import os, logging\n\nlog = logging.getLogger()\n\n\ndef f(x):\n    log.info(x)\n"


def test_a_flow_with_one_step_on_an_added_line(keytrace: Keytrace, project: Path) -> None:
    (project / "flow.py").write_text(SINK)
    (project / "sink.py").write_text(SINK + "\n\nOLD = 1\n")
    keytrace.git("add", "-A")
    keytrace.git("commit", "-qm", "two")
    assert keytrace("scan", "--staged", *FLOW).code == 0
    (project / "flow.py").write_text(SINK + '\n\nf(os.environ["API_TOKEN"])\n')
    keytrace.git("add", "-A")
    (finding,) = keytrace.json("--staged", *FLOW).json["findings"]
    assert (finding["rule"], finding["path"]) == ("logged-credential", "flow.py")
    (project / "flow.py").write_text(SINK + '\n\nf(os.environ["API_TOKEN"])\n')
    keytrace.git("commit", "-qm", "three")
    (project / "flow.py").write_text(SINK + '\n\nf(os.environ["API_TOKEN"])\nadded = 1\n')
    keytrace.git("add", "-A")
    assert keytrace("scan", "--staged", *FLOW).code == 0  # all of the flow was there before


def test_a_flow_from_another_staged_file(keytrace: Keytrace, project: Path) -> None:
    (project / "sink.py").write_text(SINK + "\n\nOLD = 1\n")
    keytrace.git("add", "-A")
    keytrace.git("commit", "-qm", "two")
    (project / "sink.py").write_text(SINK + "\n\nNEW = 1\n")
    (project / "source.py").write_text('import os\n\nfrom sink import f\n\nf(os.environ["API_TOKEN"])\n')
    keytrace.git("add", "-A")
    found = keytrace.json("--staged", *FLOW).json["findings"]
    assert [finding["rule"] for finding in found] == ["logged-credential"]
