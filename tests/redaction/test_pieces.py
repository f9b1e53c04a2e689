"""Where a secret is one of several pieces, the others are found."""

from __future__ import annotations

import pytest

from keytrace.redaction.pieces import beside, key_bodies
from tests.samples import unmarked

FIRST, SECOND, THIRD = unmarked(1, 20), unmarked(2, 20), unmarked(3, 9)


def others(text: str, secret: str) -> list[str]:
    data = text.encode()
    start = data.index(secret.encode())
    return [data[a:b].decode() for a, b in beside(data, [(start, start + len(secret))])]


@pytest.mark.parametrize(
    "text",
    [
        f'x = "{FIRST}" + "{SECOND}";',
        f"x = '{FIRST}'\n    + '{SECOND}';",
        f'x = "{FIRST}" +\n    "{SECOND}"',
        f'x = ("{FIRST}"  # the first half\n     "{SECOND}")',
        f'x = "{FIRST}" \\\n    "{SECOND}"',
        f'x = "{FIRST}" . "{SECOND}";',
        f'x = "{FIRST}" .. "{SECOND}"',
        f'x := "{FIRST}" & "{SECOND}"',
        f"SELECT '{FIRST}' || '{SECOND}'",
        f'x = "".join(["{FIRST}", "{SECOND}"])',
        f'x = "{FIRST}" + middle + "{SECOND}"',
        f'x = "{FIRST}" + f"{SECOND}"',
        f'x = "{FIRST}" "{SECOND}"',
    ],
)
def test_the_other_half(text: str) -> None:
    assert others(text, FIRST) == [SECOND]
    if "middle" not in text:
        assert others(text, SECOND) == [FIRST]


def test_many_pieces() -> None:
    assert others(f'x = "{FIRST}" + "{THIRD}" +\n "{SECOND}"', THIRD) == [SECOND, FIRST]


def test_a_continued_line() -> None:
    assert others(f"TOKEN={FIRST}\\\n{SECOND}\nNEXT=1", FIRST) == [SECOND]
    assert others(f'"TOKEN={FIRST}\\\n  {SECOND}"', FIRST) == [SECOND]


@pytest.mark.parametrize(
    "text",
    [
        f'header = "Bearer " + "{FIRST}"',
        f'url = "https://example.org/?key=" + "{FIRST}"',
        f'url = "{FIRST}" + "@example.org"',
        f'login("ada", "{FIRST}", "shop")',
        f'"region": "eu-central-1", "password": "{FIRST}"',
        f'x = "prefix" + "{FIRST}"',
        f'x = "{FIRST}"\ny = "{SECOND}"',
    ],
)
def test_what_is_no_piece(text: str) -> None:
    assert others(text, FIRST) == []


def test_bodies_of_keys() -> None:
    body = unmarked(5, 64)
    for text in (
        f'{{"k": "-----BEGIN {"PRIVATE"} KEY-----\\n{body}\\n{body}"}}',
        f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{body}\n{body}",
        f"-----BEGIN {'PRIVATE'} KEY-----\n{body}\n{body}\n-----END {'PRIVATE'} KEY-----\n{body}",
    ):
        data = text.encode()
        assert [data[a:b].decode() for a, b in key_bodies(data)] in ([body, body], ["n" + body, "n" + body])
    assert key_bodies(b"-----BEGIN PUBLIC KEY-----\n" + body.encode()) == []


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("PASS" + "PHRASE=purple{} monkey dishwasher  # mine\nX=1\n", [" monkey dishwasher"]),
        ("- token: purple{}{{7}}2!m\n", ["{7}2!m"]),
        ("export TOKEN=purple{}\n", []),
        ("TOKEN=purple{}", []),
        ("curl -u admin:purple{} https://host.example/x\n", []),
        ("postgres://user:purple{}@host/x\n", []),
        ("password: purple{} # mine\n", []),
    ],
)
def test_the_rest_of_a_setting(text: str, rest: list[str]) -> None:
    assert others(text.format(FIRST), "purple" + FIRST) == rest
