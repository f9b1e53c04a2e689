"""`keytrace rotate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Repository
from tests.samples import marked

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace


pytestmark = pytest.mark.usefixtures("own_inventory_key")


def test_a_plan_without_the_secret(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    run = keytrace("rotate", "A_TOKEN")
    assert (run.code, run.out.splitlines()[0]) == (0, "# Rotate `A_TOKEN`")
    assert "- [ ] `prod.env:1`: replace the value (environment `production`)" in run.out
    plan = keytrace("rotate", "A_TOKEN", "-e", "prod", "-f", "json")
    assert plan.json["kind"] == "GitHub personal access token (classic)"
    assert "broader than most uses need" in plan.json["steps"][0]["says"]
    [digest] = plan.json["old"]
    assert keytrace("rotate", digest, "-e", "prod", "-f", "json").out == plan.out
    assert marked(1)[4:] not in run.out + plan.out
    assert keytrace("rotate", "A_TOKEN", "-o", "plan.md").out == ""
    assert Path(project, "plan.md").read_text() == run.out


def test_a_tracked_file_is_not_overwritten(keytrace: Keytrace, project: Path) -> None:
    repo = Repository(project)
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    Path(project, "CODEOWNERS").write_text("* @all\n")
    repo.git("add", "-f", "CODEOWNERS")
    run = keytrace("rotate", "A_TOKEN", "-o", "CODEOWNERS")
    assert (run.code, Path(project, "CODEOWNERS").read_text()) == (2, "* @all\n")
    assert "git tracks this file" in run.err
    assert keytrace("rotate", "A_TOKEN", "-o", "plan.md").code == 0


def test_what_is_no_key(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    run = keytrace("rotate", "A_TOKN")
    assert run.code == 2
    assert run.err.splitlines()[-2:] == ["keytrace: there is no key called A_TOKN", "hint: did you mean 'A_TOKEN'?"]


def test_a_plan_that_may_lack_places(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    Path(project, "compose.yaml").write_text("services: [\n")
    run = keytrace("rotate", "A_TOKEN")
    assert run.code == 3
    assert "Note: compose.yaml was not read, and may hold the key: line 2" in run.out


def test_no_source_is_overwritten_by_a_plan(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    run = keytrace("rotate", "A_TOKEN", "-o", "prod.env")
    assert (run.code, "prod.env is a source" in run.err) == (2, True)
