"""What a provider's advice says of ending a key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keytrace.engine import Engine
from keytrace.lifecycle.revoking import advice, page_of

URL = "https://a.example.com/keys"


@pytest.mark.parametrize(
    ("remediation", "expected"),
    [
        (f"Delete the key at {URL} and create a new one; read it from A_KEY.", f"Delete the key at {URL}."),
        (f"Revoke it at {URL}; read the new one from A_KEY.", f"Revoke it at {URL}."),
        (f"Disable, then delete it at {URL}, make a new one and read it from A_KEY.",
         f"Disable, then delete it at {URL}."),
        (f"Delete the app's key or create a new one at {URL}; read it from A_KEY.", f"Delete the app's key: {URL}."),
        (f"Regenerate it at {URL}; read the new one from A_KEY.",
         f"End the old key where it was made, unless making the new one ended it: {URL}."),
        ("Create a new key, then read it from A_KEY.",
         "End the old key where it was made, unless making the new one ended it."),
    ],
)  # fmt: skip
def test_what_makes_a_key_is_left_out(engine: Engine, remediation: str, expected: str) -> None:
    rule = replace(engine.rules["stripe-webhook-secret"], remediation=remediation)
    assert advice(rule) == expected
    assert page_of(rule) == (URL if URL in remediation else "")


def test_no_advice_makes_a_key(engine: Engine) -> None:
    told = [advice(rule) for rule in engine.rules.values() if rule.remediation]
    assert [one for one in told if " create a new" in one.lower() or "generate a new" in one.lower()] == []
    assert page_of(None) == ""
