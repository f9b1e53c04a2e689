"""Options over file: what was given on the command line becomes a configuration."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from keytrace.cli.options import SCAN_OPTIONS, apply, build_config
from keytrace.model import Confidence, Severity


def given(*arguments: str) -> dict[str, object]:
    taken: dict[str, object] = {}

    @click.command()
    @apply(SCAN_OPTIONS)
    def command(**options: object) -> None:
        taken.update(options)

    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return taken


def test_nothing_given_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "keytrace.toml").write_text('exclude = ["a/"]\njobs = 3\n')
    config = build_config(str(tmp_path), given())
    assert (config.exclude, config.jobs, config.min_severity) == (("a/",), 3, Severity.LOW)


def test_what_is_given_comes_first_and_lists_add_up(tmp_path: Path) -> None:
    (tmp_path / "keytrace.toml").write_text('exclude = ["a/"]\njobs = 3\nmin-severity = "high"\n')
    config = build_config(
        str(tmp_path),
        given(
            "--exclude", "b/", "-j", "1", "--min-severity", "info", "--min-confidence", "HIGH", "--max-file-size", "1MB"
        ),
    )
    assert (config.exclude, config.jobs, config.gitignore) == (("a/", "b/"), 1, True)
    assert (config.min_severity, config.min_confidence) == (Severity.INFO, Confidence.HIGH)
    assert config.max_file_size in (10**6, 2**20)


@pytest.mark.parametrize("size", ["x", "-1", "1XB"])
def test_a_size_that_is_none(size: str) -> None:
    command = apply(SCAN_OPTIONS)(lambda **_: None)
    assert CliRunner().invoke(click.command()(command), ["--max-file-size", size]).exit_code == 2
