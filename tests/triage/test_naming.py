"""What rules tell of the names under which a provider's keys are kept."""

from __future__ import annotations

import pytest

from keytrace.rules.validate import parse_rules
from keytrace.triage.naming import called, documented, is_general, is_key


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["ACME_API_KEY", "HF_TOKEN"], ["ACME_API_KEY", "HF_TOKEN"]),
        (["API_KEY", "x_auth_token", "ACCESS_TOKEN"], []),  # of keys in general
        (["signer_key", "acme_signer"], ["acme_signer"]),  # anybody may have a signer key
        (["ACME_KEY_ID", "acme"], []),
    ],
)
def test_documented(names: list[str], told: list[str]) -> None:
    text = f"[[rules]]\nid = 'acme-key'\nregex = '[a-z]{{9}}'\nnear = {names}"
    (rule,) = parse_rules(text, "acme.toml").rules
    assert list(documented(rule)) == told


def test_keys_and_names() -> None:
    text = "[[rules]]\nid = 'acme-key'\nname = 'Acme Shop API key'\nregex = 'a'\n"
    text += "[[rules]]\nid = 'acme-id'\nname = 'Acme Shop id'\nregex = 'b'"
    rules = parse_rules(text, "acme.toml").rules
    assert [is_key(rule) for rule in rules] == [True, False]
    assert called(rules) == "Acme Shop"
    assert is_general(("secret", "key"))
    assert not is_general(("acme", "key"))
