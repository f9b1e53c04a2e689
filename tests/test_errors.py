"""The one exception a user may see."""

from __future__ import annotations

import pickle

from keytrace.errors import ScannerError, suggest


def test_suggest() -> None:
    assert suggest("regx", ["id", "regex"]) == "did you mean 'regex'?"
    assert suggest("qqq", ["id", "regex"]) == ""


def test_an_error_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(ScannerError("no such file", "check the spelling")))
    assert (error.message, error.hint, str(error)) == ("no such file", "check the spelling", "no such file")
    assert error.one_line == "no such file; check the spelling"
    assert ScannerError("no such file").one_line == "no such file"
