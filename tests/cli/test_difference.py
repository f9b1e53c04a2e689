"""`keytrace inventory diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.samples import unmarked

SECRET, OTHER = unmarked(1, 32), unmarked(2, 32)

if TYPE_CHECKING:
    from tests.cli.conftest import Keytrace


pytestmark = pytest.mark.usefixtures("own_inventory_key")


def test_inventories_of_two_keys(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    for name in ("one", "two"):
        assert keytrace("inventory", "--key-file", f"../{name}.key", "-o", f"../{name}.json").code == 0
    run = keytrace("inventory", "diff", "../one.json", "../two.json")
    assert (run.code, run.out) == (3, "nothing else changed\n")
    assert "the values were not compared" in run.err


def test_what_changed(keytrace: Keytrace, project: Path) -> None:
    Path(project, "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    assert keytrace("inventory", "-o", "../old.json").code == 0
    Path(project, "prod.env").write_text(f"A_TOKEN={OTHER}\n")
    assert keytrace("inventory", "-o", "../new.json").code == 0
    run = keytrace("inventory", "diff", "../old.json", "../new.json")
    assert (run.code, run.out) == (1, "A_TOKEN: another value (1 before, 1 now)\n1 change\n")
    assert keytrace("inventory", "diff", "../old.json", "../old.json").out == "nothing changed\n"
    assert keytrace("inventory", "diff", "../old.json", "prod.env").code == 2
    assert keytrace("inventory", "diff", "../old.json", "../new.json", "--exit-zero").code == 0
    assert keytrace("inventory", "diff", "../old.json", "../old.json", "-q").out == ""
    assert keytrace("inventory", "-f", "json", "-q", "diff", "../old.json", "../new.json").code == 1
    for options in (("-f", "csv"), ("-o", "x")):
        assert keytrace("inventory", "diff", "../old.json", "../new.json", *options).code == 2


def test_the_help_of_the_comparison_is_its_own(keytrace: Keytrace) -> None:
    run = keytrace("inventory", "diff", "--help")
    assert (run.code, run.out.split("\n")[0]) == (0, "Usage: keytrace inventory diff [OPTIONS] OLD.json NEW.json")
    assert "Exit codes: 0 nothing changed, 1 something did" in run.out
    assert "--truth" not in run.out


def test_a_folder_that_is_called_diff(keytrace: Keytrace, project: Path) -> None:
    Path(project, "diff").mkdir()
    Path(project, "diff", "prod.env").write_text(f"A_TOKEN={SECRET}\n")
    assert keytrace("inventory", "diff", "-f", "csv").code == 0
