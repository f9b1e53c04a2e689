from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.fixers.destinations import Destinations
from keytrace.fixers.keeping import keep
from tests.conftest import Repository
from tests.fixers.fixing import SAMPLES, outcome

PATHS = ["package.json", "apps/api/package.json", "apps/api/src/db.ts", "jobs/pyproject.toml", "deploy/compose.yml"]
KEY, KEY2 = SAMPLES["{KEY}"], SAMPLES["{KEY2}"]


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("a.js", ".env"),
        ("scripts/a.sh", ".env"),
        ("apps/api/src/db.ts", "apps/api/.env"),
        ("apps/web/a.ts", ".env"),
        ("jobs/a/b/c.py", "jobs/.env"),
        ("deploy/compose.yml", "deploy/.env"),
        ("apps/api/docker-compose.yml", "apps/api/.env"),
        ("apps/api/docker/docker-compose.yml", "apps/api/docker/.env"),
        (".github/workflows/ci.yml", ".env"),
    ],
)
def test_the_variables_of_a_program(tmp_path: Path, path: str, file: str) -> None:
    assert Destinations(str(tmp_path), PATHS).env_file(path) == file
    assert Destinations(str(tmp_path), PATHS, "local.env").env_file(path) == "local.env"


@pytest.mark.parametrize("name", [".env", ".env.example", ".env.sample"])
def test_variables_that_are_there_come_before_manifests(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    there = Destinations(str(tmp_path), PATHS)
    assert there.env_file("apps/api/src/db.ts") == ".env"
    assert there.env_file("deploy/compose.yml") == "deploy/.env"
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / name).touch()
    assert Destinations(str(tmp_path), PATHS).env_file("apps/api/src/db.ts") == "apps/.env"


def test_each_program_has_its_own_values(repository: Repository) -> None:
    """Two packages call two keys the same; a second run changes nothing."""
    tree = repository.folder
    repository.write(".gitignore", ".env\n")
    for name, key in ("api", KEY), ("web", KEY2):
        repository.write(f"{name}/requirements.txt", "flask\n")
        repository.write(f"{name}/app.py", f'API_KEY = "{key}"\n')
    repository.write("deploy/compose.yml", f"services:\n  a:\n    environment:\n      API_KEY: {KEY2}\n")
    destinations = Destinations(str(tree), ["api/requirements.txt", "web/requirements.txt"])
    kept = keep(outcome(tree, unsafe=True), destinations)
    assert (sorted(kept.values), kept.apart) == (["api/.env", "deploy/.env", "web/.env"], [])
    for name, key in ("api", KEY), ("web", KEY2), ("deploy", KEY2):
        assert (tree / name / ".env").read_text() == f"API_KEY={key}\n"
        assert (tree / name / ".env.example").read_text() == "API_KEY=\n"
    assert (tree / "web" / "app.py").read_text().endswith('API_KEY = os.environ["API_KEY"]\n')
    again = outcome(tree, unsafe=True)
    assert (again.changes, again.report.active) == ([], ())


def test_out_of_the_tree_each_program_has_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    there = Destinations(str(tmp_path / "tree"), PATHS)
    files = [there.of(path) for path in ("a.js", "apps/api/a.js", "apps/api/production.js", "deploy/compose.yml")]
    assert files[1] == files[2]
    assert len({*files}) == 3
    assert all(file.startswith(str(tmp_path / "state")) for file in files)
    assert not there.is_apart("apps/api/production.js")
