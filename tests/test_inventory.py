"""The inventory of a tree."""

from __future__ import annotations

from pathlib import Path

from keytrace.api import folder_source
from keytrace.config import Config
from keytrace.inventory import Taken, check, take_inventory
from tests.conftest import Repository
from tests.samples import marked


def taken(folder: Path) -> Taken:
    config = Config(jobs=1)
    return take_inventory(folder_source([str(folder)], str(folder), config), str(folder), config, b"k" * 32)


def test_names_and_values_of_a_tree(tmp_path: Path) -> None:
    repo = Repository(tmp_path)
    Path(tmp_path, ".env.production").write_text(f"A_TOKEN={marked(1)}\nPORT=80\n")
    Path(tmp_path, "app.py").write_text('import os\nTOKEN = os.environ["A_TOKEN"]\n')
    Path(tmp_path, "CODEOWNERS").write_text("* @all\n")
    repo.git("add", "-f", ".")
    repo.git("-c", "user.name=Ada", "-c", "user.email=x@y.z", "commit", "-qm", "x")
    (key,) = taken(tmp_path).inventory.keys
    assert [(place.role, place.path, place.line) for place in key.places] == [
        ("defined", ".env.production", 1), ("read", "app.py", 2),
    ]  # fmt: skip
    assert (key.id, key.owners, key.environments, key.provider) == ("A_TOKEN", ("@all",), ("production",), "github")
    assert key.first_seen == key.last_changed != ""


def test_without_git_and_without_keys(tmp_path: Path) -> None:
    Path(tmp_path, "a.txt").write_text("nothing")
    found = taken(tmp_path).inventory
    assert found.keys == ()
    assert found.errors == ()


def test_what_clients_get_is_checked_too(tmp_path: Path) -> None:
    names = ["NEXT_PUBLIC_OPENAI_API_KEY", "OPENAI_API_KEY"]
    Path(tmp_path, "chat.ts").write_text("".join(f"use(process.env.{name});\n" for name in names))
    found = check(taken(tmp_path), str(tmp_path), Config(jobs=1)).findings
    assert [(one.rule_id, one.location.region.start_line) for one in found] == [("client-exposed-key", 1)]
    config = Config(jobs=1, exclude_rules=("client-exposed-key",))
    assert check(taken(tmp_path), str(tmp_path), config).findings == ()
