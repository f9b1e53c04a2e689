"""`keytrace lsp`: what a user sees who calls it; sessions are in tests/editor."""

from __future__ import annotations

from pathlib import Path

from .conftest import Keytrace


def test_an_editor_that_says_nothing(keytrace: Keytrace) -> None:
    run = keytrace("lsp")
    assert (run.code, run.out, run.err) == (1, "", "")


def test_without_the_extra(keytrace: Keytrace, tmp_path: Path) -> None:
    (tmp_path / "hidden" / "pygls").mkdir(parents=True)
    (tmp_path / "hidden" / "pygls" / "__init__.py").write_text("raise ModuleNotFoundError(name='pygls')\n")
    path = f"{tmp_path / 'hidden'}:{keytrace.environment()['PYTHONPATH']}"
    run = keytrace("lsp", env={"PYTHONPATH": path})
    assert (run.code, run.out) == (2, "")
    assert run.err == "keytrace: the language server is not installed\nhint: pip install 'keytrace[editor]'\n"
