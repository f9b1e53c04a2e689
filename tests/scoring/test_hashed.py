"""Hashes of passwords, and passwords that only look like one."""

from __future__ import annotations

import base64
import random

import pytest

from keytrace.scoring.binding import Binding
from keytrace.scoring.hashed import hashed

_RANDOM = random.Random(3)
SHA1, SHORT, SHA256 = ("".join(_RANDOM.choices("0123456789abcdef", k=size)) for size in (40, 39, 64))
IDENTITY_2 = base64.b64encode(b"\0" + _RANDOM.randbytes(48)).decode()
_NUMBERS = b"".join(number.to_bytes(4, "big") for number in (1, 10_000, 16))
IDENTITY_3 = base64.b64encode(b"\1" + _NUMBERS + _RANDOM.randbytes(48)).decode()


def told(text: str, value: str, name: str = "password", form: str = "assign") -> str:
    data = text.replace("~", value).encode()
    start, first = data.index(name.encode()), data.index(value.encode())
    return hashed(data, Binding(name, start, first, first + len(value), value.encode(), form, quoted=True))


@pytest.mark.parametrize("value", [IDENTITY_2, IDENTITY_3])
def test_of_asp_net(value: str) -> None:
    assert "ASP.NET" in told('Password = "~"', value, "Password")
    assert told('Password = "~"', "B" + value[1:], "Password") == ""
    assert told('ApiKey = "~"', value, "ApiKey") == ""


@pytest.mark.parametrize("value", [SHA1, SHORT, SHA256])
def test_its_salt_stands_beside_it(value: str) -> None:
    assert "salt" in told('<users name="ada" password="~" salt="c788c6ad82a1"/>', value)
    assert "salt" in told("{'salt': 'c788c6ad82a1', 'password': '~'}", value, form="colon")
    assert told('<users name="ada" password="~"/>\n<users salt="c788c6ad82a1"/>', value) == ""
    assert told('<users name="ada" password="~" salt=""/>', value) == ""


def test_where_tables_keep_it() -> None:
    assert "tables" in told('<column name="password" value="~"/>', SHORT, form="value")
    assert "tables" in told("INSERT INTO users (name, password) VALUES ('ada', '~')", SHA256, form="column")
    assert "tables" in told('{"passwordEncoded": "~"}', SHA256, "passwordEncoded", "colon")
    assert told('<entry name="password" value="~"/>', SHORT, form="value") == ""
    assert told('{"password": "~"}', SHA256, form="colon") == ""
    assert told("INSERT INTO settings (name, api_token) VALUES ('x', '~')", SHA256, "api_token", "column") == ""
