"""`keytrace fix --interactive`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Keytrace
from tests.samples import unmarked

ONE, TWO = unmarked(11, 40), unmarked(12, 40)
BEFORE = f'import os\nAPI_KEY = "{ONE}"\nSHOP_KEY = "{TWO}"\n'


@pytest.fixture
def file(keytrace: Keytrace, project: Path) -> Path:
    keytrace.git("init", "-q")
    (project / ".gitignore").write_text(".env\n")
    (project / "app.py").write_text(BEFORE)
    return project / "app.py"


@pytest.mark.parametrize(
    ("answers", "fixed"),
    [
        ("y\nn\n", ["API_KEY"]), ("n\ny\n", ["SHOP_KEY"]), ("a\n", ["API_KEY", "SHOP_KEY"]), ("q\n", []),
        ("y\nq\n", ["API_KEY"]), ("", []), ("?\nx\ny\nn\n", ["API_KEY"]), ("\n\nn\na\n", ["SHOP_KEY"]),
    ],
)  # fmt: skip
def test_answers(keytrace: Keytrace, file: Path, answers: str, fixed: list[str]) -> None:
    run = keytrace("fix", "--interactive", stdin=answers.encode())
    after = file.read_text()
    assert [name for name in ("API_KEY", "SHOP_KEY") if f'os.environ["{name}"]' in after] == fixed
    assert run.code == int(len(fixed) < 2)
    assert ONE not in run.out + run.err
    assert TWO not in run.out + run.err
    assert ("y - fix this" in run.out) == ("?" in answers or answers.startswith("\n"))


def test_another_name(keytrace: Keytrace, project: Path, file: Path) -> None:
    run = keytrace("fix", "--interactive", stdin=b"e\n2 words\ne\nMINE\ny\nn\n")
    assert "'2 words' is no name of a variable" in run.out
    assert file.read_text() == BEFORE.replace(f'"{ONE}"', 'os.environ["MINE"]')
    assert (project / ".env").read_text() == f"MINE={ONE}\n"


def test_a_webhook_is_shown_and_not_asked_for(keytrace: Keytrace, project: Path) -> None:
    source = 'from flask import request\n\n\n@app.post("/stripe/webhook")\ndef stripe_webhook():\n    '
    (project / "app.py").write_text(source + "handle(request.get_json())\n    return 'ok'\n")
    run = keytrace("fix")
    assert "+    event = stripe.Webhook.construct_event(request.get_data()" in run.out
    assert "only shown, to be completed by hand" in run.err
    again = keytrace("fix", "--interactive", stdin=b"y\n")
    assert "[y,n" not in again.out
    assert "construct_event" not in (project / "app.py").read_text()
