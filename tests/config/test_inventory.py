"""The table [inventory]."""

from __future__ import annotations

from typing import Any

import pytest

from keytrace.config.inventory import InventorySettings, parse


def test_all_keys() -> None:
    given = {"environments": {"production": ["a", "b"]}, "owners": {"*.py": ["@py"]}, "max-age-days": 90}
    assert parse(given, None) == InventorySettings((("production", ("a", "b")),), (("*.py", ("@py",)),), 90, 30)
    assert parse({}, None) == InventorySettings()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "must be a table"), ({"owner": {}}, "no key 'owner'; did you mean 'owners'"),
        ({"owners": {"a": "b"}}, "'owners' must be a table of lists"), ({"max-age-days": -1}, "a number of days"),
        ({"max-age-days": True}, "a number of days"), ({"environments": []}, "'environments' must be"),
    ],
)  # fmt: skip
def test_what_is_wrong(given: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        parse(given, None)
