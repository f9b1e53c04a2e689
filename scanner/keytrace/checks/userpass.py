"""User name and password in base64: the Authorization header, and the registries in a Docker configuration."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from keytrace.checks.verdict import Verdict, unbase64
from keytrace.scoring import value as values

_TEMPLATE = re.compile(
    r"""\$?\{.*\} | \$[A-Z_][A-Z0-9_]* | \$\(.*\) | %\w% | %[sv@] | %\(.*\)s | %[A-Z_]+%
    | <.*> | \[.*\] | [*xX.]+ | __\w+__""",
    re.VERBOSE,
)


def basic_auth(value: bytes) -> Verdict:
    decoded = unbase64(value)
    try:
        text = "" if decoded is None else decoded.decode()
    except UnicodeDecodeError:
        text = ""
    _, colon, password = text.partition(":")
    if not colon or not text.isprintable():
        return Verdict(False, "does not decode to a user name and a password")
    if not password:
        return Verdict(False, "decodes to a user name without a password")
    if _TEMPLATE.fullmatch(password):
        return Verdict(False, "decodes to a user name and a template in place of the password")
    if password.lower() in values.example_passwords() or values.placeholder(password.encode())[0]:
        return Verdict(False, "decodes to a user name and a sample word in place of the password")
    return Verdict(True, "decodes to a user name and a password")


def password(value: bytes) -> Verdict:
    """Judge a password in clear, perhaps percent-encoded: nothing proves one, but some cannot be meant."""
    if values.stand_in(unquote_to_bytes(value)):
        return Verdict(False, "the password is a stand-in, such as 'secret' or 'my-password'")
    return Verdict(None)


docker_config_auth = basic_auth
