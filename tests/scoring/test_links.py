"""Parameters of links that everybody may follow, and those that are secrets."""

from __future__ import annotations

import pytest

from keytrace.scoring.binding import Binding
from keytrace.scoring.links import in_a_link

VALUE = "kQ7" + "vXw2mPzR9s"
ID = "081889a6-3ea0-" + "451b-b5df-e3985fbe8256"


def told(link: str, name: str, value: str = VALUE, form: str = "url") -> str:
    data = link.replace("~", value).encode()
    start, first = data.index(name.encode()), data.index(value.encode())
    return in_a_link(data, Binding(name, start, first, first + len(value), value.encode(), form, quoted=False))


@pytest.mark.parametrize(
    "link",
    [
        "https://img.shields.io/codecov/c/github/a/b?token=~",
        "https://img.net/a/b?logo=x&style=for-the-badge&token=~",
        "https://ci.net/badge.svg?token=~",
        "https://ci.net/a?token=~&style=svg",
    ],
)
def test_badges(link: str) -> None:
    assert "badge" in told(link, "token")


def test_links_to_join_a_group() -> None:
    assert "group" in told("https://chat.example.net/qr?authKey=~&group_code=1749", "authKey")
    assert told("https://chat.example.net/qr?authKey=~&code=1749", "authKey") == ""


def test_what_has_expired() -> None:
    assert "expired" in told("https://files.net/a?token=~&expires=1500000000", "token")
    assert told("https://files.net/a?token=~&expires=1999999999", "token") == ""


def test_ids_of_pages() -> None:
    assert "page" in told("https://shop.net/events?CommunityKey=~", "CommunityKey", ID)
    assert told("https://shop.net/events?apiKey=~", "apiKey", ID) == ""
    assert told("https://shop.net/events?key=~", "key", ID) == ""
    assert told("CommunityKey=~", "CommunityKey", ID) == ""
