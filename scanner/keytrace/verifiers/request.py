"""From a question to a request: the probe's templates with the key put in. Nothing prints it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from keytrace.rules.probes import PLACEHOLDER
from keytrace.verifiers.aws import signed
from keytrace.verifiers.question import Question
from keytrace.version import __version__

AGENT = f"keytrace/{__version__}"
_MASK = "********"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def render(asked: Question, base: str, now: datetime | None = None) -> Request:
    """Return the request that asks one host."""
    request = _unsigned(asked, base)
    if not asked.probe.sign:
        return request
    more = signed(request.method, request.url, request.body, dict(asked.values), now or datetime.now(UTC))
    return replace(request, headers=(*request.headers, *more.items()))


def shown(asked: Question) -> str:
    """Return the request in words, the values masked."""
    masked = replace(asked, values=tuple((name, _MASK) for name, _ in asked.values))
    request = _unsigned(masked, asked.bases[0])
    lines = [f"{request.method} {request.url.replace(_quoted(_MASK), _MASK)}"]
    for name, value in request.headers:
        is_pair = name == "Authorization" and asked.probe.basic
        lines.append(f"{name}: Basic {_MASK}" if is_pair else f"{name}: {value}")
    lines += [f"Authorization: a signature ({asked.probe.sign})"] if asked.probe.sign else []
    body = request.body.decode().replace(_quoted(_MASK), _MASK)
    return "\n".join([*lines, *(["", body] if body else [])])


def _unsigned(asked: Question, base: str) -> Request:
    probe, values = asked.probe, dict(asked.values)
    path = probe.url.split("/", 3)[3]
    url = f"{base}/{_filled(path, values, _quoted)}"
    body = _filled(probe.body, values, _quoted).encode()
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    headers |= {name: _filled(text, values, str) for name, text in probe.headers}
    if probe.basic:
        pair = _filled(probe.basic, values, str).encode()
        headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
    if body and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = _FORM
    return Request(probe.method, url, tuple(headers.items()), body)


def _filled(template: str, values: Mapping[str, str], form: Callable[[str], str]) -> str:
    def put(found: re.Match[str]) -> str:
        return form(values[found[1]])

    return PLACEHOLDER.sub(put, template)


def _quoted(value: str) -> str:
    return quote(value, safe=":")
