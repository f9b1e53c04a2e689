"""What binds a value to a name, cut out of the text."""

from __future__ import annotations

import pytest

from keytrace.match.multipattern import Trigger, build_index
from keytrace.scoring.binding import TRIGGER_KEYWORDS, TRIGGERS, Binding, extension, find, is_code

INDEX = build_index(tuple(Trigger(shape, TRIGGER_KEYWORDS, overlapping=True) for shape in TRIGGERS), hyperscan=False)


def bindings(text: str, path: str = "app.py") -> list[Binding]:
    data = text.encode()
    return list(find(data, path, INDEX.scan(data)))


@pytest.mark.parametrize(
    ("path", "text", "name", "value", "form"),
    [
        ("app.py", 'db.password = "tiger-81"', "db.password", "tiger-81", "assign"),
        ("app.js", "{password: 'tiger-81'}", "password", "tiger-81", "colon"),
        ("app.rb", ":password => 'tiger-81'", "password", "tiger-81", "arrow"),
        ("app.py", 'os.getenv("PASSWORD", "tiger-81")', "PASSWORD", "tiger-81", "pair"),
        ("app.py", 'set_password("tiger-81")', "set_password", "tiger-81", "call"),
        ("app.conf", "password = tiger-81", "password", "tiger-81", "assign"),
        ("app.xml", "<password>tiger-81</password>", "password", "tiger-81", "element"),
        ("run.sh", "tool --password tiger-81", "password", "tiger-81", "option"),
        ("app.py", "# see https://x.io/?api_key=tiger-81-tiger", "api_key", "tiger-81-tiger", "url"),
    ],
)
def test_found(path: str, text: str, name: str, value: str, form: str) -> None:
    (binding,) = bindings(text, path)
    assert (binding.name, binding.value.decode(), binding.form) == (name, value, form)
    assert text.encode()[binding.first : binding.last] == binding.value
    assert text[binding.start :].lstrip("-").startswith(name)


@pytest.mark.parametrize(
    "text", ["password = tiger", 'config["password_key"]', 'x = {"password": "a", "b": 1}', "$(PWD):/mnt"]
)
def test_not_found(text: str) -> None:
    assert [binding for binding in bindings(text) if len(binding.value) > 3] == []


def test_one_after_the_other() -> None:
    assert [binding.value for binding in bindings('password = "tiger-81"\ntoken = "lion-9172"\n')] == [
        b"tiger-81",
        b"lion-9172",
    ]


def test_endings() -> None:
    assert [extension(path) for path in ("a/b.PY", "a.b/c", ".env", "x.tar.gz")] == [".py", "", ".env", ".gz"]
    assert is_code("a.py")
    assert not is_code("a.conf")
