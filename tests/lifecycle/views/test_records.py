"""The records of the JSON format."""

from __future__ import annotations

import json

import pytest

from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role
from keytrace.lifecycle.views.records import of_inventory, to_keys
from keytrace.model import ScanError

PLACE = Place(
    Role.DEFINED,
    ".env",
    3,
    "A_KEY",
    "dotenv",
    Holds.VALUE,
    "production",
    "api",
    ("@a",),
    "0123456789abcdef",
    "2026-01-02",
)
KEY = Key("A_KEY", ("A_KEY", "a"), "stripe", "stripe-live-secret-key", "live", ("production",), ("api",), ("@a",),
          "CODEOWNERS", "2026-01-01", "2026-01-02", "", (PLACE,))  # fmt: skip
INVENTORY = Inventory((KEY,), (ScanError("x", "why"),), ("note",))


def test_there_and_back() -> None:
    assert to_keys(json.loads(json.dumps(of_inventory(INVENTORY)))) == (KEY,)


@pytest.mark.parametrize("data", [[], {}, {"format": "keytrace-inventory/1", "keys": [{"id": 1}]}])
def test_what_is_none_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_keys(data)
