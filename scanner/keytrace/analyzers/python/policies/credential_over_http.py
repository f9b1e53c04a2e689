"""Credentials in requests that go over plain http to a host on the internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.values import Node, Step, Taint, Value
from keytrace.analyzers.python.policies.context import Context, Policy, whole

RULE = "credential-over-http"
_SAFE_HOST = re.compile(
    r"(?i)^(?:localhost|.*\.(?:local|localhost|internal|test|example|invalid|lan|svc|cluster\.local|home\.arpa|onion)"
    r"|(?:www\.)?example\.(?:com|org|net)|[^.]*|host\.docker\.internal|metadata\.google\.internal|.*\{.*|%s.*)$"
)
_END_OF_HOST = re.compile(r"[/?#]")
_NO_SECRETS = frozenset(("parameter", "dump"))  # kinds of taints
_ARGUMENTS = ("auth", "headers", "proxy_auth", "cookies")
_PAIRS = frozenset(("auth", "proxy_auth"))
_ATTRIBUTES = ("auth", "headers")
_HEADERS = ("Authorization", "X-Api-Key", "X-API-Key")
_LONGEST_OTHER = 8  # characters of a literal header that is no credential
_SCHEME = "http://"


def _called(event: Called, context: Context) -> Iterator[Flow]:
    site = event.site
    if site.method not in context.knowledge.http_methods and site.ref not in context.knowledge.url_calls:
        return
    host = _host_of(site)
    if host is None or not _is_public(host):
        return
    for name, value, node in _credentials(site):
        taint = _taint_in(value, name, node, context)
        if taint is not None:
            yield Flow(RULE, site.node, taint, "sent over plain http")
            return


def _credentials(site: Site) -> Iterator[tuple[str, Value, Node]]:
    """Yield the values of a request that may be credentials: its arguments, and what its session has."""
    for name in _ARGUMENTS:
        argument = site.keyword(name)
        if argument is not None:
            yield name, argument.value, argument.node
    base = site.function.owner
    if base is None:
        return
    for name in _ATTRIBUTES:
        value = site.known.get(name) or (base.items or {}).get(name)
        if value is not None:
            yield name, value, site.node
    for header in _HEADERS:
        value = site.known.get(f"headers[{header!r}]")
        if value is not None:
            yield "auth", value, site.node


def _taint_in(value: Value, name: str, node: Node, context: Context) -> Taint | None:
    """Return the credential in what is handed as auth= or headers=."""
    found = next((taint for taint in value.taints if taint.kind not in _NO_SECRETS), None)
    if found is not None:
        return found
    if name in _PAIRS:
        is_given = value.const is not None and (value.items is not None or value.ref or value.const)
        return Taint("name", "auth", (Step(node, "credentials for the request"),)) if is_given else None
    for key, entry in (value.items or {}).items():
        if isinstance(key, str) and context.names.is_header(key) and _is_given(entry):
            return Taint("name", key, (Step(node, f"the header '{key}'"),))
    return None


def _is_given(header: Value) -> bool:
    """Tell whether a header may hold a credential: it is there, and no short literal."""
    return header.const is not None and not header.clean and (header.text is None or len(header.text) > _LONGEST_OTHER)


def _host_of(site: Site) -> str | None:
    """Return the host that a request goes to over http, None when it does not."""
    named = filter(None, (site.keyword("url"), site.keyword("base_url")))
    for argument in (*site.positional[:2], *named):
        if (host := _host(argument.value)) is not None:
            return host
    owner = site.function.owner
    base = (owner.items or {}).get("base_url") if owner is not None else None
    return _host(base) if base is not None else None


def _host(value: Value) -> str | None:
    for leaf in value.leaves:
        text = leaf.text
        if text is None and leaf.parts:
            text = "".join(part.text if part.text is not None else "{}" for part in leaf.parts)
        if text and text[: len(_SCHEME)].lower() == _SCHEME:
            rest = _END_OF_HOST.split(text[len(_SCHEME) :], maxsplit=1)[0]
            return rest.rpartition("@")[2]
    return None


def _is_public(host: str) -> bool:
    """Tell whether a host, with or without a port, is on the internet as far as its name says."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if not name:
        return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _SAFE_HOST.match(name) is None
    return address.is_global


POLICY = Policy({Called: _called}, whole(RULE))
