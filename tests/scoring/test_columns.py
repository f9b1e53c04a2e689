"""Values of named columns: which cells of which rows are bound."""

from __future__ import annotations

import regex

from keytrace.scoring import columns


def cells(text: str) -> list[tuple[str, str]]:
    """Return the names and values of the cells that are bound."""
    data = text.encode()
    hits = [found.end() for found in regex.finditer(columns.TRIGGER.encode(), data, overlapped=True)]
    bindings = list(columns.find(data, hits))
    assert all(data[one.first : one.last].replace(b"''", b"'") == one.value for one in bindings)
    return [(one.name, one.value.decode()) for one in bindings]


def test_rows() -> None:
    text = "INSERT INTO t (id, a, `password`) VALUES (1, 'bob', 'it''s'), (2, concat('a', 'b'), 'x,y'), (3, '', NULL);"
    assert cells(text) == [("password", "it's"), ("password", "x,y")]
    assert cells("replace into t(secret)values('abc'); insert into u (a) values ('b')") == [("secret", "abc")]
    assert cells("execute(\"INSERT INTO t (login, password) VALUES ('a', 'b')\")") == [("password", "b")]
    assert cells("INSERT INTO t (login, password_hint) VALUES ('a', 'b')") == []


def test_rows_of_names_and_values() -> None:
    text = "INSERT INTO settings (id, name, value) VALUES (1, 'smtp_password', 'abc'), (2, 'title', 'def')"
    assert cells(text) == [("smtp_password", "abc")]


def test_rows_of_a_copy() -> None:
    text = "COPY public.users (id, password, note) FROM stdin;\n1\tabc\tx\n2\t\\N\ty\n3\tdef\tz\n\\.\nrest\tno\tx\n"
    assert cells(text) == [("password", "abc"), ("password", "def")]
    assert cells("INSERT INTO t (password) VALUES ('unended") == []
