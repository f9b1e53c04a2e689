"""The version that the program tells is that of the package."""

from __future__ import annotations

import tomllib
from pathlib import Path

import keytrace
from keytrace.version import __version__


def test_version() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    assert keytrace.__version__ == __version__ == project["project"]["version"]


def test_all_that_is_offered_is_there() -> None:
    assert all(getattr(keytrace, name) for name in keytrace.__all__)
