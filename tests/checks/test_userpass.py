"""User name and password in base64."""

from __future__ import annotations

from base64 import b64encode

import pytest

from keytrace.checks import CHECKS, Verdict

GENUINE = Verdict(True, "decodes to a user name and a password")


TEMPLATE = Verdict(False, "decodes to a user name and a template in place of the password")


SAMPLE = Verdict(False, "decodes to a user name and a sample word in place of the password")


@pytest.mark.parametrize("name", ["basic-auth", "docker-config-auth"])
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("deploy:Zq8!vR2#mW", GENUINE),
        ("jörg:läuft7Kx", GENUINE),
        ("bot:a:b{c<d$e", GENUINE),
        ("bot:", Verdict(False, "decodes to a user name without a password")),
        ("bot", Verdict(False, "does not decode to a user name and a password")),
        ("bot:a\x00b", Verdict(False, "does not decode to a user name and a password")),
        *[(f"bot:{template}", TEMPLATE) for template in
          ("${PASS}", "$PASS", "{{ pass }}", "<password>", "%s", "[redacted]", "****", "XXXX", "__PASS__", "$(pass)")],
        *[(f"bot:{word}", SAMPLE) for word in ("password", "open sesame", "changeme", "your-password-here")],
    ],
)  # fmt: skip
def test_user_and_password(name: str, text: str, verdict: Verdict) -> None:
    assert CHECKS[name](b64encode(text.encode())) == verdict


@pytest.mark.parametrize("value", [b"", b"!", b"a", b64encode(b"\xff\xfe:\xfd")])
def test_what_is_no_user_and_password(value: bytes) -> None:
    assert CHECKS["basic-auth"](value) == Verdict(False, "does not decode to a user name and a password")
