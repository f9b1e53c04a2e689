from __future__ import annotations

import pytest

from keytrace.fixers.kinds import kind_of


@pytest.mark.parametrize(
    ("path", "kind"), [("a/b.py", "python"), ("a.PYW", "python"), ("a.ipynb", "notebooks"), ("a.c", "")]
)
def test_kinds(path: str, kind: str) -> None:
    assert kind_of(path, b"") == kind
