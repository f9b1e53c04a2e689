"""In which form a value is given to a name, and what a literal is handed through."""

from __future__ import annotations

import pytest

from keytrace.scoring.form import start_of_name, wrapped


@pytest.mark.parametrize(
    ("wrap", "kind"),
    [
        (b"", ""), (b"(", ""), (b"base64.b64decode(", "decoder"), (b"os.getenv(", "lookup"), (b"config[", "lookup"),
        (b"Client(", "constructor"), (b"shout(", "function"), (b"[]byte(", "decoder"),
    ],
)  # fmt: skip
def test_wrapped(wrap: bytes, kind: str) -> None:
    assert wrapped(wrap) == kind


@pytest.mark.parametrize(
    ("data", "word", "name"),
    [
        (b"x = db.my_password", b"password", b"db.my_password"),
        (b"password", b"password", b"password"),
        (rb"a\npassword=x", b"password", b"password=x"),
    ],
)
def test_start_of_name(data: bytes, word: bytes, name: bytes) -> None:
    assert data[start_of_name(data, data.index(word)) :] == name
