"""From a finding to a question: what its rule asks of which hosts, and the values that it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from keytrace.errors import ScannerError, suggest
from keytrace.match.patterns import compile_text_pattern
from keytrace.model import Finding, Probe, Rule
from keytrace.rules.probes import placeholders

_LABEL = re.compile(r"[a-z0-9-]{1,63}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
OF_SIGNED = {  # what a signed request takes: its own name -> the rule of that part
    "aws-sts": ("aws-access-key-id",),
}
_OPTIONAL = {"aws-sts": ("aws-session-token",)}


class UnfitError(Exception):
    """A key cannot be asked about; the text says why, and holds nothing of the key."""


@dataclass(frozen=True, slots=True)
class Question:
    """Is this key live? Equal keys are one question. `bases` are what stands before the path, asked in turn."""

    probe: Probe
    bases: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = field(repr=False)
    named: bool = False  # the user named the host


def question(finding: Finding, rule: Rule, probe: Probe, endpoints: Mapping[str, str]) -> Question:
    """Return what is to be asked about a finding; raise UnfitError."""
    found = {name: secret.value for name, secret in finding.parts} | {"secret": finding.secret.value}
    values = {name: _text(value) for name, value in found.items()}
    values |= _taken(probe, values["secret"])
    wanted = placeholders(probe) | {"secret"} | set(OF_SIGNED.get(probe.sign, ()))
    if missing := sorted(wanted - values.keys()):
        raise UnfitError(f"{' and '.join(missing)} would be needed, too")
    wanted |= values.keys() & set(_OPTIONAL.get(probe.sign, ()))
    named = endpoints.get(rule.id) or endpoints.get(rule.provider)
    bases = (named,) if named else (_base(probe.url, values), *probe.regions)
    return Question(probe, bases, tuple(sorted((name, values[name]) for name in wanted)), bool(named))


def _taken(probe: Probe, secret: str) -> dict[str, str]:
    """Return what a probe takes out of the secret."""
    taken: dict[str, str] = {}
    for name, pattern in probe.take:
        found = compile_text_pattern(pattern).search(secret)
        if not found:
            raise UnfitError(f"the key does not tell its {name}")
        taken[name] = found[1]
    return taken


def _base(url: str, values: Mapping[str, str]) -> str:
    """Return scheme and host of an address, with the first label put in where the key tells it."""
    base = "/".join(url.split("/", 3)[:3])
    label = re.search(r"\{([a-z]+)\}", base)
    if not label:
        return base
    if not _LABEL.fullmatch(values[label[1]]):
        raise UnfitError(f"the {label[1]} of the key is no name of a host")
    return base.replace(label[0], values[label[1]])


def _text(value: bytes) -> str:
    text = value.decode("utf-8", "replace")
    if not text or not text.isascii() or not text.isprintable():
        raise UnfitError("it cannot stand in a request")
    return text


def endpoints(given: Iterable[str], providers: Mapping[str, str]) -> dict[str, str]:
    """Return addresses by rule or provider, as in `github=https://ghe.example.com/api/v3`; raise ScannerError.

    `providers` are those of the rules that say how to ask, by rule.
    """
    known = {*providers, *providers.values()}
    found: dict[str, str] = {}
    for one in given:
        name, separator, url = one.partition("=")
        if not separator or not url:
            raise ScannerError("--verify-endpoint is not of the form NAME=URL", "github=https://ghe.example.com/api/v3")
        if name not in known:
            hint = suggest(name, known) or "a provider or a rule, as `keytrace rules list` shows"
            raise ScannerError(f"--verify-endpoint: nothing is asked of '{name}'", hint)
        found[name] = _checked(name, url)
    return found


def _checked(name: str, url: str) -> str:
    try:
        parts = urlsplit(url)
        is_ours = parts.hostname in _LOOPBACK
        plain = not (parts.query or parts.fragment or "@" in parts.netloc or parts.port == 0)
    except ValueError:
        raise ScannerError(
            f"--verify-endpoint: that of {name} is no address", "https://ghe.example.com/api/v3"
        ) from None
    if not plain or not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise ScannerError(
            f"--verify-endpoint: the address of {name} is not plain", "no user, no question mark: https://host/path"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_ours):
        raise ScannerError(
            f"--verify-endpoint: the address of {name} must begin with https://", "a key is not sent in the clear"
        )
    return url.rstrip("/")
