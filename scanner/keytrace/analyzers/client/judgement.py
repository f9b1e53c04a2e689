"""May a client have what a name promises? The lexicon says what it promises, the providers' rules whose key it is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from keytrace.model import Confidence, Evidence, Severity
from keytrace.names import tables
from keytrace.names.lexicon import Role, asks_for_password, behind_prefix, promise, words
from keytrace.names.tables import Words
from keytrace.rules.load import builtin_providers
from keytrace.triage.providers import Owner


class Verdict(NamedTuple):
    """How sure and how bad it is that a client is handed a key of this name; `confidence` None: it may have it."""

    confidence: Confidence | None
    severity: Severity
    evidence: Evidence
    says: str = "a secret by its name"


@lru_cache(maxsize=4096)
def judge(name: str) -> Verdict:
    """Return what becomes of a name, with the prefix of a bundler or without one."""
    own = behind_prefix(name) or name
    if not promise(own, Role.SETTING).is_secret:
        return Verdict(None, Severity.INFO, Evidence("the name promises no secret", -9))
    if asks_for_password(own):
        return Verdict(None, Severity.INFO, Evidence("the name is of what is done with a password: it is reset", -9))
    owner, parts, known = builtin_providers().owner(own), words(own), tables.clients()
    if owner and owner.is_documented and all(rule.scope == "publishable" for rule in owner.rules):
        return Verdict(None, Severity.INFO, Evidence(f"made to be public: {owner.rules[0].name}", -9))
    whose = f"for {builtin_providers().called(owner.rules[0].provider)} by its name" if owner else ""
    if _has(parts, known.broad):
        told = Evidence("the name is one of a key that opens everything", 6)
        return Verdict(Confidence.HIGH, Severity.CRITICAL, told, f"a secret {whose or 'by its name'}")
    if _has(parts, known.never):
        told = Evidence("the name promises what no client may have", 5)
        return Verdict(Confidence.HIGH, Severity.HIGH, told, f"a secret {whose or 'by its name'}")
    if owner is None:
        told = Evidence("some keys and tokens are made for clients, and the name does not tell of which kind it is", 1)
        return Verdict(Confidence.LOW, Severity.MEDIUM, told)
    return _of_provider(owner, parts, whose)


def _of_provider(owner: Owner, parts: Words, whose: str) -> Verdict:
    """Return the verdict on a key or token of which only its provider tells whether it is for clients."""
    says = f"a key {whose}"
    for_clients = any(rule.scope == "publishable" or "for-clients" in rule.tags for rule in owner.every)
    if for_clients and not (owner.is_documented and _says_which(parts, owner.rules[0].provider)):
        told = Evidence("the provider has keys for clients and others, and the name fits both", 1)
        return Verdict(Confidence.LOW, Severity.MEDIUM, told, says)
    if owner.is_documented and all(rule.scope == "admin" for rule in owner.rules):
        told = Evidence("the provider's key of this name opens everything", 6)
        return Verdict(Confidence.HIGH, Severity.CRITICAL, told, says)
    severity = max((rule.severity for rule in owner.rules if rule.scope != "admin"), default=Severity.HIGH)
    if severity < Severity.HIGH or not owner.is_documented:
        told = Evidence("the provider may have keys of this name for clients, or they open little", 1)
        return Verdict(Confidence.LOW, min(severity, Severity.MEDIUM), told, says)
    return Verdict(
        Confidence.HIGH, Severity.HIGH, Evidence("the provider's keys of this name are not for clients", 4), says
    )


def _says_which(parts: Words, provider: str) -> bool:
    """Tell whether a name says more than that it is a key of its provider."""
    said, own = "".join(parts), provider.replace("-", "")
    first = said.find(own)
    at = 0
    for part in parts:
        is_own = first >= 0 and first <= at < first + len(own)
        if not is_own and part not in tables.clients().plain and part not in provider.split("-"):
            return True
        at += len(part)
    return False


def _has(parts: Words, wanted: tuple[Words, ...]) -> bool:
    """Tell whether a name has one of these words, or words in a row, in it, or ends with one: CLIENTSECRET."""
    for one in wanted:
        if any(parts[at : at + len(one)] == one for at in range(len(parts))):
            return True
        if len(one) == 1 and len(one[0]) > 5 and parts[-1].endswith(one[0]):
            return True
    return False
