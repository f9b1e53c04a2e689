"""What binds a value to a name, cut out of the text."""

from __future__ import annotations

import random
import string

import pytest

from keytrace.match.multipattern import Trigger, build_index
from keytrace.scoring.binding import Binding, find
from keytrace.scoring.shapes import TRIGGER_KEYWORDS, TRIGGERS

VALUE = "".join(random.Random(5).choices(string.ascii_letters + string.digits, k=16))
INDEX = build_index(tuple(Trigger(shape, TRIGGER_KEYWORDS, overlapping=True) for shape in TRIGGERS), hyperscan=False)


def bindings(text: str, path: str = "app.py") -> list[Binding]:
    """Return the bindings of a text, in which ~ stands for a value."""
    data = text.replace("~", VALUE).encode()
    return list(find(data, path, INDEX.scan(data)))


@pytest.mark.parametrize(
    ("path", "text", "name", "form"),
    [
        ("app.py", 'db.password = "~"', "db.password", "assign"),
        ("app.js", "{password: '~'}", "password", "colon"),
        ("app.rb", ":password => '~'", "password", "arrow"),
        ("app.py", 'os.getenv("PASSWORD", "~")', "PASSWORD", "pair"),
        ("app.py", 'set_password("~")', "set_password", "call"),
        ("app.conf", "password = ~", "password", "assign"),
        ("app.xml", "<password>~</password>", "password", "element"),
        ("run.sh", "tool --password ~", "password", "option"),
        ("app.py", "# see https://x.io/?api_key=~", "api_key", "url"),
    ],
)
def test_found(path: str, text: str, name: str, form: str) -> None:
    (binding,) = bindings(text, path)
    assert (binding.name, binding.value.decode(), binding.form) == (name, VALUE, form)
    data = text.replace("~", VALUE).encode()
    assert data[binding.first : binding.last] == binding.value
    assert data[binding.start :].lstrip(b"-").startswith(name.encode())


@pytest.mark.parametrize(
    "text", ["password = ~", 'config["password_key"]', 'x = {"password": "a", "b": 1}', "$(PWD):/mnt"]
)
def test_not_found(text: str) -> None:
    assert [binding for binding in bindings(text) if len(binding.value) > 3] == []


def test_one_after_the_other() -> None:
    found = bindings('password = "~"\ntoken = "~"\n')
    assert [(binding.name, binding.value.decode()) for binding in found] == [("password", VALUE), ("token", VALUE)]


@pytest.mark.parametrize(
    "text",
    [
        "KEY `~` (`office_id`),", "UNIQUE KEY `~` USING BTREE (`a`)", "ALTER TABLE t DROP FOREIGN KEY `~`;",
        'KEY "~" ("office_id")',
        "('rule', 'of the length of all passwords', '~')",
    ],
)  # fmt: skip
def test_names_of_indexes_and_ends_of_sentences(text: str) -> None:
    assert bindings(text.replace("~", VALUE.upper()), "a.sql") == []
    assert bindings("KEY `~`", "a.sql")
    assert bindings("('all passwords', '~')", "a.sql")
