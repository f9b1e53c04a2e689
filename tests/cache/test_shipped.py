"""The tables that ship with keytrace: the same from the file and from the cache, parsed anew when the file changes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from keytrace.cache import shipped
from keytrace.errors import ScannerError


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    shipped.table.cache_clear()
    yield
    shipped.table.cache_clear()


@pytest.mark.parametrize("name", ["names", "python"])
def test_a_table_is_that_of_its_file_with_and_without_the_cache(name: str, own_cache: Path) -> None:
    content = tomllib.loads((shipped.folder() / f"{name}.toml").read_text("utf-8"))[name]
    assert shipped.table(name) == content
    assert [file.name.partition("-")[0] for file in own_cache.iterdir()] == [name]
    shipped.table.cache_clear()
    assert shipped.table(name) == content


def test_a_damaged_cache_is_not_believed(own_cache: Path) -> None:
    content = shipped.table("names")
    for file in own_cache.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    shipped.table.cache_clear()
    assert shipped.table("names") == content


def test_a_changed_file_is_parsed_anew(own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    file = tmp_path / "names.toml"
    file.write_text("[names]\nx = 1\n")
    assert shipped.table("names") == {"x": 1}
    file.write_text("[names]\nx = 200\n")
    shipped.table.cache_clear()
    assert shipped.table("names") == {"x": 200}


def test_a_missing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    with pytest.raises(ScannerError, match=r"names\.toml is missing"):
        shipped.table("names")


def test_a_checkout_has_nothing_that_was_made_when_it_was_built() -> None:
    assert shipped.made("rules") is None
