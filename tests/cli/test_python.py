"""Python programs as a user meets them: across files, in notebooks, with a project's own names, in each report."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.samples import unmarked as password

from .conftest import Keytrace

SETTINGS = 'import os\n\nAPI_TOKEN = os.environ["SHOP_API_TOKEN"]\n\n\ndef fetch_password():\n    return vault.read()\n'
CLIENT = "import logging\n\nfrom shop.settings import API_TOKEN as given\n\nlogging.info('sent %s', given)\n"


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "shop").mkdir()
    (project / "shop" / "__init__.py").write_text("")
    (project / "shop" / "settings.py").write_text(SETTINGS)
    (project / "shop" / "client.py").write_text(CLIENT)
    return project


def flow(run: Any) -> list[list[tuple[str, int]]]:
    return [[(step["path"], step["start_line"]) for step in finding["flow"]] for finding in run.json["findings"]]


def test_a_flow_from_another_file(keytrace: Keytrace, shop: Path) -> None:
    run = keytrace.json()
    assert run.findings == [("logged-credential", "shop/client.py", 5)]
    assert flow(run)[0][0] == ("shop/settings.py", 3)
    assert flow(run)[0][-1] == ("shop/client.py", 5)
    text = keytrace("scan").out
    assert "from shop/settings.py line 3, " in text
    assert 'os.environ["SHOP_API_TOKEN"]' in text


def test_alone_a_file_is_read_without_the_other(keytrace: Keytrace, shop: Path) -> None:
    assert keytrace.json("shop/client.py").findings == []


def test_it_does_not_matter_how_many_processes_there_are(keytrace: Keytrace, shop: Path) -> None:
    for number in range(300):
        (shop / "shop" / f"client{number}.py").write_text(CLIENT)
    one, two = keytrace.json("--jobs", "1"), keytrace.json("--jobs", "2")
    assert len(one.findings) == 301
    assert one.json["findings"] == two.json["findings"]


def test_staged_files_are_read_together(keytrace: Keytrace, shop: Path) -> None:
    keytrace.git("init")
    keytrace.git("add", ".")
    (shop / "shop" / "settings.py").write_text("API_TOKEN = None\n")  # what is not staged does not count
    run = keytrace.json("--staged")
    assert run.findings == [("logged-credential", "shop/client.py", 5)]


def test_a_flow_in_sarif(keytrace: Keytrace, shop: Path) -> None:
    log = json.loads(keytrace("scan", "-f", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    steps = [one["location"] for one in result["codeFlows"][0]["threadFlows"][0]["locations"]]
    place = steps[0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("shop/settings.py", 3)
    assert all(step["message"]["text"] for step in steps)


def test_explain_tells_the_flow(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text("import os\nkey = os.environ['API_KEY']\nprint(key)\n")
    run = keytrace("explain", "app.py:3")
    assert (run.code, run.err) == (0, "")
    assert "logged-credential" in run.out
    assert "os.environ['API_KEY']" in run.out


def test_a_place_of_use_is_shown_and_a_secret_on_its_line_is_not(keytrace: Keytrace, project: Path) -> None:
    value = password(3)
    (project / "app.py").write_text(f"password = '{value}'; print(password)\n")
    run = keytrace("scan")
    assert value not in run.out
    assert "print(password)" in run.out
    assert {rule for rule, _, _ in keytrace.json().findings} == {"hardcoded-credential", "logged-credential"}


# --- the project's own names ------------------------------------------------------------------------------------------

PROGRAM = """\
from acme import audit, text, vault
import acme

audit.record(vault.fetch("door"))
audit.record(text.cloak(vault.fetch("door")))
print(vault.fetch("door"))
print(tan_list)
acme.Client("shop", "{value}")
"""


def test_additions(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_text(PROGRAM.format(value=password(5)))
    assert keytrace.json().findings == []
    (project / "pyproject.toml").write_text(
        "[tool.keytrace.python]\nsinks = ['acme.audit.record']\nsources = ['acme.vault.fetch']\n"
        "sanitizers = ['acme.text.cloak']\nsdk = ['acme.Client: token@1']\nnames = ['tan_list']\n"
    )
    assert keytrace.json().findings == [
        ("logged-credential", "app.py", 4),
        ("logged-credential", "app.py", 6),
        ("logged-credential", "app.py", 7),
        ("hardcoded-credential", "app.py", 8),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("python = 3", "'python': must be a table ([python], in pyproject.toml [tool.keytrace.python])"),
        ("[python]\nsink = ['x']", "did you mean 'sinks'?"),
        ("[python]\nsinks = 'x'", "'sinks' must be a list of strings"),
        ("[python]\nsdk = ['acme.Client']", "acme.Client: token@0"),
    ],
)
def test_bad_additions(keytrace: Keytrace, project: Path, text: str, reason: str) -> None:
    (project / "keytrace.toml").write_text(text + "\n")
    run = keytrace("scan")
    assert (run.code, run.out) == (2, "")
    assert "keytrace.toml:" in run.err
    assert reason in run.err


# --- notebooks and broken programs ------------------------------------------------------------------------------------


def test_a_notebook(keytrace: Keytrace, project: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# A shop"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import os\n", "token = os.environ['SHOP_TOKEN']\n"]},
        {"cell_type": "code", "source": ["x = 1\n", "print(token)\n"], "outputs": []},
    ]
    (project / "shop.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}, indent=1))
    line = (project / "shop.ipynb").read_text().split("\n").index('    "print(token)\\n"') + 1
    assert keytrace.json().findings == [("logged-credential", "shop.ipynb", line)]
    assert "cell 3, line 2" in keytrace("scan").out


@pytest.mark.parametrize("text", ["print 'hello'", "def f(:\n", "x = 'a", "if x:\n\ty\n        z\n", "a = b = \n"])
def test_what_is_no_program_is_searched_as_text_and_said(keytrace: Keytrace, project: Path, text: str) -> None:
    inner = textwrap.indent(f"password = '{password(7)}'\n{text}\n", "    ")
    (project / "app.py").write_text(f"def connect(x):\n{inner}")
    run = keytrace.json()
    assert [(path, line) for _, path, line in run.findings] == [("app.py", 2)]
    (note,) = run.json["notes"]
    assert note.startswith("app.py: not valid Python 3")
    assert note.endswith("searched as text only, not read as a Python program")
    assert run.json["errors"] == []


def test_a_program_of_python_2_alone_is_noted(keytrace: Keytrace, project: Path) -> None:
    (project / "old.py").write_text('import os\nkey = os.environ["API_KEY"]\nprint "key", key\n')
    (note,) = keytrace.json().json["notes"]
    assert note.startswith("old.py: not valid Python 3.")
    assert "searched as text only" in note
