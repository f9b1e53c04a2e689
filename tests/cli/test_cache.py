"""`keytrace cache`: what is compiled ahead is not compiled by a scan, and what is dropped is ours alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .conftest import Keytrace

OWN_RULE = "[[rules]]\nid = 'acme-key'\ndescription = 'x'\nregex = 'acme_[a-z]{12}'\nkeywords = ['acme_']\n"


def test_warm_compiles_all(keytrace: Keytrace, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    own = {"KEYTRACE_CACHE_DIR": str(place)}
    assert "0 entries" in keytrace("cache", "info", env=own).out
    run = keytrace("cache", "warm", env=own)
    assert run.code == 0
    assert "compiling the rules" in run.err
    assert f"{place}: " in run.out.replace("\n", "")
    assert "patterns     3" in run.out  # of texts, of programs, of binary files
    kept = {file.name for file in place.iterdir()}
    keytrace.folder.joinpath("app.py").write_text("import os\n" + "# much\n" * 2**18)
    keytrace.folder.joinpath("binary").write_bytes(bytes(range(256)) * 2**13)
    assert (keytrace("scan", env=own).code, keytrace("scan", env=own).err) == (0, "")
    assert {file.name for file in place.iterdir()} == kept
    again = keytrace("cache", "warm", env=own)
    assert (again.out, again.err) == (keytrace("cache", "info", env=own).out, "")


def test_warm_compiles_the_rules_of_the_project(keytrace: Keytrace, tmp_path: Path) -> None:
    own = {"KEYTRACE_CACHE_DIR": str(tmp_path / "cache")}
    keytrace("cache", "warm", env=own)
    keytrace.folder.joinpath("own.toml").write_text(OWN_RULE)
    keytrace.folder.joinpath("keytrace.toml").write_text(
        "rule-files = ['own.toml']\nexclude-rules = ['generic-api-key']\n"
    )
    run = keytrace("cache", "warm", env=own)
    assert (run.code, run.err) == (0, ""), "a database of all rules is not compiled for one more and one less"
    assert "patterns     5" in run.out, "two small ones more, one of them for binary files"


def test_clear_leaves_what_is_not_ours(keytrace: Keytrace, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    own = {"KEYTRACE_CACHE_DIR": str(place)}
    keytrace("scan", env=own)
    kept = {"notes.txt", "patterns-old"}
    for name in kept:
        (place / name).write_text("mine")
    (place / "patterns-x1y2.tmp").write_text("left by a run that was killed")
    assert "entries dropped" in keytrace("cache", "clear", env=own).out
    assert {file.name for file in place.iterdir()} == kept
    assert ": 0 entries dropped" in keytrace("cache", "clear", env=own).out


def test_where_nothing_can_be_kept(keytrace: Keytrace) -> None:
    run = keytrace("cache", "warm", env={"KEYTRACE_CACHE_DIR": "/dev/null/cache"}, timeout=600)
    assert (run.code, run.out) == (2, "")
    assert "cannot be kept in /dev/null/cache; KEYTRACE_CACHE_DIR names another" in run.err


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no permission bits")
def test_a_folder_that_others_may_write_to(keytrace: Keytrace, tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    (place / ("rules-" + "0" * 32)).write_bytes(b"x")
    place.chmod(0o777)
    run = keytrace("cache", "info", env={"KEYTRACE_CACHE_DIR": str(place)})
    assert "0 entries" in run.out
    assert "other users may write to it" in run.err
    keytrace("cache", "clear", env={"KEYTRACE_CACHE_DIR": str(place)})
    assert len(list(place.iterdir())) == 1
