"""What Python programs send of what they look up."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.key import Role
from keytrace.lifecycle.reads.python import reads

WAYS = [
    'requests.get(url, auth=("ada", os.environ["A_KEY"]))',
    'key = os.environ["A_KEY"]\nhttpx.post(url, json={"key": key})',
    'key = os.getenv("A_KEY")\nh = {"Authorization": f"Bearer {key}"}\nrequests.Session().get(url, headers=h)',
    'class C:\n  def f(self):\n    self.key = os.environ["A_KEY"]\n    self.session.post(url, data="k=" + self.key)',
    'urllib.request.urlopen(Request(url, headers={"X": base64.b64encode(os.environ["A_KEY"].encode())}))',
]


def sent(text: str) -> list[tuple[str, int]]:
    found = reads(f"import base64, os, requests, urllib.request\n{text}\n".encode())
    return sorted({(one.name, one.line) for one in found if one.role is Role.SENT})


@pytest.mark.parametrize("text", WAYS)
def test_ways_to_send(text: str) -> None:
    assert sent(text) == [("A_KEY", 1 + len(text.split("\n")))]


@pytest.mark.parametrize(
    "text",
    [
        'key = os.environ["A_KEY"]\nrequests.get(url)',
        'shop = Shop(os.environ["A_KEY"])\nrequests.get(shop.url)',
        'client = Client(os.environ["A_KEY"])',
    ],
)
def test_what_is_not_sent(text: str) -> None:
    assert sent(text) == []
