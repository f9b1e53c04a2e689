"""Which rules a word speaks of."""

from __future__ import annotations

from typing import Any

from keytrace.model import Confidence, Rule, Severity
from keytrace.triage.spoken import speak


def rule(rule_id: str, origin: str, analyzer: str = "pattern", **more: Any) -> Rule:
    return Rule(rule_id, "", Severity.HIGH, Confidence.HIGH, analyzer=analyzer, origin=origin, **more)


RULES = [
    rule("acme-api-key", "ac-me.toml", near=("acme_key",), remediation="Read it from ACME_API_KEY."),
    rule("acme-checked-key", "ac-me.toml", checksum="luhn"),
    rule("acme-client-id", "ac-me.toml", near=("acme-client-id",), part=True),
    rule("generic-secret", "generic.toml", "keyword", tags=("generic",)),
    rule("ac-me-credential", "ac-me.toml", "named", near=("acme", "mail_host"), tags=("product", "derived")),
    rule("mail-credential", "mail.toml", "named", near=("mail",), tags=("product",)),
    rule("signing-credential", "roles.toml", "named", near=("signing",), tags=("role",)),
]


def test_speak() -> None:
    spoken = speak(RULES)
    assert spoken.formats == {"acmekey": ("acme-api-key",), "acmeapikey": ("acme-api-key",)}
    assert spoken.formats_of == {"acme": ("acme-api-key",)}, "what a checksum tells needs no name"
    assert spoken.keys == {"acmekey": ("acme-api-key",)}, "in short, both names are one"
    assert spoken.keys_of == {"acme": ("acme-api-key", "acme-checked-key")}
    assert spoken.all_of["ac-me"] == ("acme-api-key", "acme-checked-key", "acme-client-id")
    assert spoken.products == {"mail": "mail-credential", "acme": "ac-me-credential"}, "MAIL_HOST is not Acme's alone"
    assert spoken.roles == {"signing": "signing-credential"}
