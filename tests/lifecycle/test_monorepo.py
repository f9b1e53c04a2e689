"""The figures: what is found in a seeded monorepo, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from keytrace.api import folder_source
from keytrace.config import Config
from keytrace.inventory import Taken, check, take_inventory
from keytrace.lifecycle.wording import words_of
from tests.lifecycle.monorepo import OWNERS, Monorepo, commit, monorepo, plant

CONFIG = Config(jobs=1)


def taken(folder: Path) -> Taken:
    return take_inventory(folder_source([str(folder)], str(folder), CONFIG), str(folder), CONFIG, b"k" * 32)


def compared(tree: Monorepo, found: Taken) -> None:
    """Compare (key, place, role) with the truth."""
    truth = {(words_of(key), path, line, role) for key, path, line, role in tree.truth}
    seen = {
        (words_of(name), place.path, place.line, str(place.role))
        for key in found.inventory.keys for name in key.names for place in key.places
    }  # fmt: skip
    places = {(place.path, place.line, str(place.role)) for key in found.inventory.keys for place in key.places}
    assert truth - seen == set()
    assert places - {(path, line, role) for _, path, line, role in truth} == set()


@pytest.mark.parametrize("seed", [1, 7])
def test_every_key_place_role_and_owner_and_nothing_wrong(tmp_path: Path, seed: int) -> None:
    tree = monorepo(seed)
    assert len({key for key, *_ in tree.truth}) >= 59
    assert len(tree.truth) > 260
    tree.write(tmp_path)
    commit(tmp_path)
    found = taken(tmp_path)
    compared(tree, found)
    for key in found.inventory.keys:
        for place in key.places:
            for service, owner in OWNERS.items():
                assert not place.path.startswith(f"services/{service}/") or place.owners == (owner,)
    report = check(found, str(tmp_path), CONFIG)
    assert [(one.rule_id, one.location.provenance.path, one.message) for one in report.findings] == []
    assert report.errors == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_fault_and_no_other(tmp_path: Path, seed: int) -> None:
    tree = monorepo(seed)
    plant(tree, tmp_path)
    found = taken(tmp_path)
    compared(tree, found)
    report = check(found, str(tmp_path), CONFIG)
    places = {(one.rule_id, one.location.provenance.path, one.location.region.start_line) for one in report.findings}
    assert places == tree.faults
    shown = repr([(one.message, one.location.excerpt, one.related) for one in report.findings])
    assert not [value for value in tree.values.values() if value in shown]
    old = tree.value("OPENAI_API_KEY", "production")
    Path(tmp_path.parent, "old").write_text(old)
    still = check(found, str(tmp_path), CONFIG, old=str(tmp_path.parent / "old"))
    assert {one.location.provenance.path for one in still.findings} == {
        "k8s/overlays/production/api-extra.yaml", "services/api/app/legacy.py", ".circleci/config.yml",
    }  # fmt: skip
    assert still.exit_code == 1
    Path(tmp_path.parent, "old").write_text("never-seen-anywhere-1")
    assert check(found, str(tmp_path), CONFIG, old=str(tmp_path.parent / "old")).exit_code == 0
