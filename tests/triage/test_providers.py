"""What a name and a value made is told by the provider that the name, a host or the file speaks of."""

from __future__ import annotations

import random

import pytest

from keytrace.engine import Engine
from keytrace.findings import find_alone
from keytrace.model import FileProvenance
from keytrace.text.document import Document

DRAWN = random.Random(8)
UUID = "-".join(DRAWN.randbytes(size).hex() for size in (4, 2, 2, 2, 6))
HEX = DRAWN.randbytes(16).hex()
OTHER = "".join(DRAWN.choices("abcdefghkmnpqrstuvwxyz0123456789", k=26))


@pytest.mark.parametrize(
    ("path", "text", "rule", "message"),
    [
        # the value has the shape that the provider's rule knows
        ("a.env", f"OLD_RAILWAY_DEPLOY_TOKEN={UUID}", "railway-token", "Railway token"),
        ("a.py", f"railway = Client(token='{UUID}')", "railway-token", "Railway token"),
        ("conf/pagerduty.yml", f"integration_key: {HEX}", "pagerduty-integration-key", "PagerDuty"),
        ("a.sh", f"curl -H 'X-Api-Key: {HEX}' https://api.elevenlabs.io/v1", "elevenlabs-api-key-old", "ElevenLabs"),
        ("a.js", f"const railway = connect({{ apiKey: '{UUID}' }})", "railway-token", "Railway token"),
        ("a.py", f'AMPLITUDE_API_KEY = "{HEX}"', "amplitude-api-key", "Amplitude API key"),  # public, and stays so
        # it has another: the rule and the message say whose it is
        ("a.env", f"OPENAI_API_KEY={OTHER}", "openai-credential", "Hardcoded API key, for OpenAI by its name"),
        ("a.env", f"MY_STRIPE_SECRET={OTHER}", "stripe-credential", "Hardcoded secret, for Stripe by its name"),
        # no provider's name
        ("a.env", f"LOGIN_PASSWORD={OTHER}", "generic-password", "Hardcoded password"),
        ("a.env", f"NAME_COM_TOKENS_SECRET={OTHER}", "generic-secret", "Hardcoded secret"),
        ("a.env", f"SIGNING_PRIVATE_KEY={OTHER}", "generic-secret", "Hardcoded secret"),
    ],
)
def test_providers(engine: Engine, path: str, text: str, rule: str, message: str) -> None:
    found = find_alone(engine, Document(FileProvenance(path), text.encode()), [])
    assert (found[-1].rule_id, found[-1].message[: len(message)]) == (rule, message)
    if rule.startswith("generic"):
        assert found[-1].message == message
