"""`keytrace inventory`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.samples import marked

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace


@pytest.fixture(autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYTRACE_INVENTORY_KEY", str(tmp_path_factory.mktemp("key") / "inventory.key"))


def test_the_table_and_the_json(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={marked(1)}\n")
    run = keytrace("inventory")
    assert run.code == 0
    assert run.out.splitlines()[1].split()[:3] == ["A_TOKEN", "github", "production"]
    first, second = keytrace("inventory", "-f", "json"), keytrace("inventory", "-f", "json")
    assert first.out == second.out
    assert marked(1) not in run.out + first.out
    assert first.json["keys"][0]["places"][0]["line"] == 1
    assert keytrace("inventory", "-o", "out.txt").out == ""
    assert Path(project, "out.txt").read_text() == run.out


def test_what_cannot_be_read_is_told(keytrace: Keytrace, project: Path) -> None:
    Path(project, "compose.yaml").write_text("services: [\n")
    run = keytrace("inventory")
    assert run.code == 3
    assert "not read: compose.yaml: line 2" in run.out
