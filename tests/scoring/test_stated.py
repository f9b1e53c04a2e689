"""What the grammar says of a value makes up for what its letters lack, and for no more."""

from __future__ import annotations

import pytest

from keytrace.model import Confidence, Evidence
from keytrace.scoring import weigh
from keytrace.scoring.binding import Binding
from keytrace.scoring.stated import lift

LITTLE = [Evidence("it reads like words", -2.0)]


def binding(value: str, form: str = "sql", name: str = "password", user: str = "", host: str = "") -> Binding:
    return Binding(name, 0, 0, len(value), value.encode(), form, False, user=user.encode(), host=host.encode())


def test_a_word_is_lifted_to_what_is_reported() -> None:
    more = lift(binding("Wintergarden"), LITTLE, "a", b"")
    assert more is not None
    assert weigh.confidence_of([*LITTLE, more]) is Confidence.MEDIUM
    assert lift(binding("Wintergarden"), [Evidence("it looks random", 9.0)], "a", b"") is None


@pytest.mark.parametrize(
    "one",
    [
        binding("Wintergarden", "colon"),
        binding("changeme"),
        binding("archive.zip", "command-line"),
        binding("wintergarden", "column"),
        binding("kestrel41", "column", "token"),
        binding("p%40ss41", "connection-string"),
        binding("kestrel41", "connection-string", host="db.example.com"),
        binding("kestrel41", "connection-string", user="$USER"),
        binding("x-oauth-basic", "connection-string", user="ada"),
    ],
)
def test_what_is_no_secret_is_not_lifted(one: Binding) -> None:
    assert lift(one, LITTLE, "a", b"") is None


def test_a_password_that_everybody_tries() -> None:
    for value in ("secret" + "123", "Admin@" + "2024", "letmein" + "1999!", "passw" + "0rd"):
        assert lift(binding(value, "assign", "db_password"), LITTLE, "src/app.js", b""), value
        assert lift(binding(value, "assign", "db_password"), LITTLE, "tests/app.js", b"") is None
        assert lift(binding(value, "assign", "db_password"), LITTLE, "README.md", b"") is None
        assert lift(binding(value, "assign", "fake_password"), LITTLE, "src/app.js", b"") is None
        assert lift(binding(value, "assign", "token"), LITTLE, "src/app.js", b"") is None
    for value in ("changeme", "secret", "kestrel" + "123", "admin", "123456"):
        assert lift(binding(value, "assign", "db_password"), LITTLE, "src/app.js", b"") is None, value


def test_what_a_setter_is_handed() -> None:
    value = "9c2f7ad140be4a55" * 2 + "8d216f3f0b7a9e14"
    assert lift(binding(value, "call", "client.set_client_secret"), LITTLE, "a.java", b"")
    assert lift(binding(value, "call", "client.check_client_secret"), LITTLE, "a.java", b"") is None
    assert lift(binding("client_credentials", "call", "set_client_secret"), LITTLE, "a.java", b"") is None


def test_a_setting_of_a_known_program() -> None:
    one = binding("Wintergarden", "setting")
    assert lift(one, LITTLE, "compose.yml", b"")
    assert lift(one, LITTLE, "tests/compose.yml", b"") is None
    data = b"POSTGRES_USER: wintergarden\nPOSTGRES_PASSWORD: Wintergarden\n"
    first = data.index(b"Wintergarden")
    same = Binding("password", 28, first, first + 12, b"Wintergarden", "setting", quoted=False)
    assert lift(same, LITTLE, "a.yml", data) is None
