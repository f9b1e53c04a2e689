"""Files of other scanners in a temporary folder, and findings that they may be about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keytrace import scan
from keytrace.imports import read_foreign
from keytrace.imports.accepting import accepted
from keytrace.imports.foreign import Content, Foreign
from keytrace.model import Finding
from tests.samples import marked

OLD, NEW = marked(1), marked(2)
Read = Callable[..., Foreign]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file and read it as what its name and content say, or as `kind`."""

    def read(name: str, text: str, kind: str = "") -> Foreign:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return read_foreign(Content(str(file), root=str(tmp_path)), kind)[1]

    return read


@pytest.fixture
def findings(tmp_path: Path) -> list[Finding]:
    """A token on line 2 of app.py, another on line 1 of src/db.py."""
    (tmp_path / "src").mkdir()
    (tmp_path / "app.py").write_text(f"import os\ntoken = '{OLD}'\n")
    (tmp_path / "src" / "db.py").write_text(f"token = '{NEW}'\n")
    return list(scan(tmp_path, rules=["github-personal-access-token"]).findings)


def about(foreign: Foreign, findings: list[Finding], root: Path) -> list[str]:
    """Return the paths of the findings that a file speaks of."""
    return [one.location.provenance.path for one in accepted(foreign, findings, str(root), lambda _: ()).findings]
