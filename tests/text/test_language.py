"""The ending of a name tells the language, and nothing else of a path does."""

from __future__ import annotations

import pytest

from keytrace.text.language import extension, is_code


@pytest.mark.parametrize(
    ("path", "ending", "code"),
    [
        ("a/b.PY", ".py", True),
        ("a.b/c", "", False),
        (".env", ".env", False),
        ("a.tar.gz", ".gz", False),
        ("x.tsx", ".tsx", True),
        ("", "", False),
    ],
)
def test_language(path: str, ending: str, code: bool) -> None:
    assert (extension(path), is_code(path)) == (ending, code)
