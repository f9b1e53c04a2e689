from __future__ import annotations

import pytest

from keytrace.fixers.lookup import lookup
from keytrace.fixers.program import Program


@pytest.mark.parametrize(
    ("source", "reader", "code", "imports"),
    [
        ("x = 1\n", "environ", 'os.environ["N"]', ("os",)),
        ("import os\n", "environ", 'os.environ["N"]', ()),
        ("from os import environ\n", "environ", 'environ["N"]', ()),
        ("from os import environ\n", "getenv", 'os.getenv("N")', ("os",)),
        ("from os import getenv as g\n", "getenv", 'g("N")', ()),
        ("from decouple import config as c\n", "decouple", 'c("N")', ()),
        ("x = 1\n", "decouple", 'config("N")', ("decouple.config",)),
    ],
)
def test_lookup(source: str, reader: str, code: str, imports: tuple[str, ...]) -> None:
    found = lookup(Program(source.encode()), "N", reader, 0)
    assert (found.code.decode(), found.imports) == (code, imports)
