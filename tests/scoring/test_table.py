"""Values below the head of a table, with the column that each stands in."""

from __future__ import annotations

import re

from keytrace.scoring import table


def values(text: str) -> list[str]:
    """Return `name = value` of what is found in `text`, each checked to stand where the binding says."""
    data = text.encode()
    hits = [found.end() for found in re.finditer(table.TRIGGER.encode(), data)]
    found = list(table.find(data, hits))
    assert all(data[one.first : one.last] == one.value for one in found)
    return [f"{one.name} is {one.value.decode()}" for one in found]


def test_a_file_of_values() -> None:
    text = 'name,url,user,password\nMail,https://mail.shop.net,ada,"kes,trel41"\r\n"a, b",,bob,Xk27\n'
    assert values(text) == ["password is kes,trel41", "password is Xk27"]
    assert values("\ufeffhost;API key\r\ndb;9f86d081\r\n") == ["API key is 9f86d081"]
    assert values("user\tnote\tpwd\nada\t\tkestrel41\n") == ["pwd is kestrel41"]
    assert values("token,count\nthe,12\n") == ["token is the"]


def test_a_table_in_markdown() -> None:
    text = "Log in:\n\n| user | **Password** |\n|:-----|---|\n| ada | `kestrel41` |\n| bob | |\n\n| a | b |\n"
    assert values(text) == ["Password is kestrel41"]


def test_what_is_no_table() -> None:
    for text in (
        "password, as everybody knows, is short\nand nothing follows\n",
        "user,password\n",
        "user,password\nada,kestrel41,more\n",
        "import token\nx = 1, 2\n",
        "user,password_hash\nada,kestrel41\n",
        "| password |\nno rule below\n",
    ):
        assert values(text) == [], text
