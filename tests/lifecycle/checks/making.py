"""Places of keys, made for tests of the checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from keytrace.lifecycle.checks.facts import Facts
from keytrace.lifecycle.digests import Digests
from keytrace.lifecycle.key import Role
from keytrace.lifecycle.seen import Seen
from keytrace.lifecycle.taking import keys
from keytrace.model import Confidence, Rule, Severity
from keytrace.redaction.report import Cover
from keytrace.redaction.spellings import Exact
from tests.lifecycle.test_joining import seen


def rule(scope: str) -> Rule:
    return Rule("acme-key", "Acme key", Severity.HIGH, Confidence.HIGH, "pattern", scope=scope, origin="acme.toml")


def placed(
    name: str, value: str = "", path: str = ".env", environment: str = "", *, line: int = 1, service: str = "",
    role: Role = Role.DEFINED, form: str = "dotenv", scope: str = "", number: int = 0, day: str = "",
    owned_by: str = "",
) -> Seen:  # fmt: skip
    one = seen(name, value, path=path, environment=environment, line=line, service=service, role=role)
    one.mention = replace(one.mention, form=form)
    one.rule, one.is_sure = (rule(scope), True) if scope else (None, False)
    one.number, one.day, one.owned_by = number, day, owned_by
    one.text = f"{name}={value}".encode()
    return one


def facts(*groups: Sequence[Seen]) -> Facts:
    return Facts(keys(groups, Digests(b""), Cover({}, Exact(()))), has_owners=True)
