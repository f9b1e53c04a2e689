"""A probe, a rule and a key, made up on the spot."""

from __future__ import annotations

import random
import string

from keytrace.model import (
    Answer,
    Confidence,
    Excerpt,
    FileProvenance,
    Finding,
    Location,
    Probe,
    Region,
    Rule,
    Secret,
    Severity,
)

KEY = "acme_" + "".join(random.Random(6).choices(string.ascii_letters + string.digits, k=32))
PROBE = Probe(
    method="GET",
    url="https://api.acme.example/v1/me",
    headers=(("Authorization", "Bearer {secret}"),),
    live=(Answer((200,), (("login", ("*",)),)),),
    dead=(Answer((401,), (("message", ("no such key",)),)),),
    tells=(("account", "login"), ("scopes", "header:X-Scopes")),
    source="https://acme.example/docs",
)
REFUSED = {"message": "no such key"}  # as the probe knows it
RULE = Rule(
    "acme-key", "Acme key", Severity.HIGH, Confidence.HIGH, "pattern", regex="acme_", origin="acme.toml", verify=PROBE
)


def finding(value: str = KEY, rule: Rule = RULE, **more: object) -> Finding:
    location = Location(FileProvenance("app.py"), 0, len(value), Region(1, 1, 1, len(value) + 1), Excerpt("", 0, 0))
    fields: dict[str, object] = {
        "message": rule.name,
        "severity": rule.severity,
        "confidence": Confidence.MEDIUM,
        "fingerprint": "0" * 32,
    }
    return Finding(rule_id=rule.id, location=location, secret=Secret(value.encode()), **(fields | more))  # type: ignore[arg-type]
