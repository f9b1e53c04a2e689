"""Files of assignments."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.definitions.dotenv import claims, is_example, read
from keytrace.lifecycle.key import Role
from tests.lifecycle.saying import said

TEXT = """\
# a comment
export A_KEY="one two"  # and why
B_KEY='single'\r
C_KEY=bare # comment
  D_KEY = ${A_KEY}
E_KEY=
#F_KEY=off
not a line
G_KEY: colon
H_URL=postgres://me:"""


def test_lines() -> None:
    assert said(read, TEXT, ".env") == [
        ("A_KEY", 2, "value"), ("B_KEY", 3, "value"), ("C_KEY", 4, "value"), ("D_KEY", 5, "reference"),
        ("E_KEY", 6, "empty"), ("G_KEY", 9, "value"), ("H_URL", 10, "value"),
    ]  # fmt: skip
    values = {one.name: one.value for one in read(".env", TEXT.encode())}
    assert (values["A_KEY"], values["B_KEY"], values["C_KEY"]) == (b"one two", b"single", b"bare")


def test_an_example_documents_also_what_it_has_in_comments() -> None:
    found = list(read(".env.example", b"A_KEY=\n# B_KEY=\n# not a variable = 1\n"))
    assert [(one.name, one.role) for one in found] == [("A_KEY", Role.DOCUMENTED), ("B_KEY", Role.DOCUMENTED)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".env", True), ("a/.env.production", True), ("a/prod.env", True), (".envrc", True), (".env-sample", True),
     ("env.example", True), (".dev.vars", True), ("a/env.py", False), ("environment.ts", False), ("a.env.js", False)],
)  # fmt: skip
def test_which_files(path: str, expected: bool) -> None:
    assert claims(path, b"") is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [(".env.example", True), ("a/.env.prod.sample", True), (".env.template", True), (".env.production", False),
     ("example/.env", False), (".env-dist", True), (".env.default", True), (".env.defaults", False)],
)  # fmt: skip
def test_which_are_examples(path: str, expected: bool) -> None:
    assert is_example(path) is expected
