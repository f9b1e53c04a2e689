from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.errors import ScannerError
from keytrace.fixers.destinations import Destinations
from keytrace.fixers.keeping import keep
from tests.conftest import Repository
from tests.fixers.fixing import SAMPLES, outcome

KEY = SAMPLES["{KEY}"]


@pytest.fixture
def tree(repository: Repository) -> Repository:
    repository.write("app.py", f'API_KEY = "{KEY}"\n')
    repository.write(".gitignore", ".env\n")
    return repository


def destinations(tree: Repository, given: str = "") -> Destinations:
    return Destinations(str(tree.folder), (), given)


def test_values_go_to_the_ignored_file(tree: Repository) -> None:
    kept = keep(outcome(tree.folder), destinations(tree))
    assert (kept.values, kept.errors, sorted(kept.files)) == ([".env"], [], [".env.example", "app.py"])
    assert (tree.folder / ".env").read_text() == f"API_KEY={KEY}\n"
    assert (tree.folder / ".env").stat().st_mode & 0o7777 == 0o600
    assert (tree.folder / ".env.example").read_text() == "API_KEY=\n"


def test_values_stay_out_of_the_tree_where_git_ignores_no_file(
    tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    tree.write(".gitignore", "")
    kept = keep(outcome(tree.folder), destinations(tree))
    assert not (tree.folder / ".env").exists()
    assert Path(kept.values[0]).read_text() == f"API_KEY={KEY}\n"
    assert Path(kept.values[0]).stat().st_mode & 0o7777 == 0o600


def test_values_of_production_are_not_made_a_developers(
    tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    tree.write("settings/production.py", f'SHOP_KEY = "{SAMPLES["{KEY2}"]}"\n')
    kept = keep(outcome(tree.folder), destinations(tree))
    assert (tree.folder / "settings" / "production.py").read_text().endswith('SHOP_KEY = os.environ["SHOP_KEY"]\n')
    assert (tree.folder / ".env").read_text() == f"API_KEY={KEY}\n"
    assert Path(kept.apart[0]).read_text() == f"SHOP_KEY={SAMPLES['{KEY2}']}\n"
    assert Path(kept.apart[0]).stat().st_mode & 0o7777 == 0o600


def test_a_name_has_one_value_in_each_file_that_values_go_to(
    tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    tree.write(".github/workflows/deploy-production.yml", f"env:\n  API_KEY: {SAMPLES['{KEY2}']}\n")
    tree.write("compose.yml", f"services:\n  web:\n    environment:\n      API_KEY: {KEY}\n")
    kept = keep(outcome(tree.folder, unsafe=True), destinations(tree))
    assert (tree.folder / ".env").read_text() == f"API_KEY={KEY}\n"
    assert Path(kept.apart[0]).read_text() == f"API_KEY={SAMPLES['{KEY2}']}\n"
    again = outcome(tree.folder, unsafe=True)
    assert (again.changes, again.report.active) == ([], ())


def test_what_is_out_of_the_tree_already_keeps_its_name(
    tree: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for ignored in (".env\n", ""):  # values of production alone go there, or all
        tree.write(".gitignore", ignored)
        for name, text in ("{KEY2}", "SHOP_KEY"), ("{KEY3}", "PRODUCTION_SHOP_KEY"):
            tree.write("settings/production.py", f'SHOP_KEY = "{SAMPLES[name]}"\n')
            done = outcome(tree.folder, unsafe=True)
            keep(done, destinations(tree))
            assert text in done.variables()[""]


def test_values_of_production_go_to_a_file_that_is_for_them(tree: Repository) -> None:
    tree.write(".gitignore", ".env*\n")
    tree.write("settings/production.py", f'SHOP_KEY = "{SAMPLES["{KEY2}"]}"\n')
    kept = keep(outcome(tree.folder), destinations(tree, ".env.production"))
    assert kept.apart == []
    assert f"SHOP_KEY={SAMPLES['{KEY2}']}\n" in (tree.folder / ".env.production").read_text()


def test_where_values_cannot_be_kept_nothing_is_written(tree: Repository) -> None:
    done = outcome(tree.folder)
    tree.write(".env", "API_KEY=another\n")
    with pytest.raises(ScannerError, match="API_KEY has another value already"):
        keep(done, destinations(tree))
    assert KEY in (tree.folder / "app.py").read_text()


def test_a_file_that_changed_is_an_error_and_the_others_are_written(tree: Repository) -> None:
    tree.write("b.py", f'SHOP_KEY = "{SAMPLES["{KEY2}"]}"\n')
    done = outcome(tree.folder)
    tree.write("app.py", "x = 1\n")
    kept = keep(done, destinations(tree))
    assert [error.message.endswith("app.py changed since the scan") for error in kept.errors] == [True]
    assert (tree.folder / "app.py").read_text() == "x = 1\n"
    assert sorted(kept.files) == [".env.example", "b.py"]


def test_a_source_that_leads_out_of_the_tree_is_not_touched(tree: Repository, tmp_path: Path) -> None:
    done = outcome(tree.folder)
    outside = tmp_path / "outside.py"
    (tree.folder / "app.py").rename(outside)
    (tree.folder / "app.py").symlink_to(outside)
    kept = keep(done, destinations(tree))
    assert [error.message for error in kept.errors] == ["app.py leads out of the tree"]
    assert KEY in outside.read_text()


def test_for_a_file_that_is_read_only_nothing_is_written(tree: Repository) -> None:
    tree.write("b.py", f'SHOP_KEY = "{SAMPLES["{KEY2}"]}"\n')
    (tree.folder / "app.py").chmod(0o444)
    kept = keep(outcome(tree.folder), destinations(tree))
    assert [error.message.endswith("app.py is read-only") for error in kept.errors] == [True]
    assert (tree.folder / ".env").read_text() == f"SHOP_KEY={SAMPLES['{KEY2}']}\n"
    assert (tree.folder / ".env.example").read_text() == "SHOP_KEY=\n"
