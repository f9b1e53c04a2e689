"""Credentials in requests that go over plain http to a host on the internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keytrace.analyzers.python.events import Called
from keytrace.analyzers.python.finds import Flow
from keytrace.analyzers.python.interpret.assigning import PAIRS
from keytrace.analyzers.python.interpret.containers import ADDED
from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.values import NOTHING, Node, Step, Taint, Value
from keytrace.analyzers.python.policies.context import Context, Policy, whole

RULE = "credential-over-http"
_SAFE_HOST = re.compile(
    r"(?i)^(?:localhost|.*\.(?:local|localhost|internal|test|example|invalid|lan|svc|cluster\.local|home\.arpa|onion)"
    r"|(?:www\.)?example\.(?:com|org|net)|[^.]*|host\.docker\.internal|metadata\.google\.internal|.*\{.*|%s.*)$"
)
_END_OF_HOST = re.compile(r"[/?#]")
_SCHEMES = ("http://", "ws://")
_PLAIN_CONNECTION = re.compile(r"(?:^|\.)HTTPConnection(?:Pool)?\(\)$")
_NO_SECRETS = frozenset(("parameter", "dump"))  # kinds of taints
_HEADERS = frozenset("headers extra_headers additional_headers header".split())
_BODIES = frozenset("data json fields body content".split())
_SENT = (*sorted(PAIRS), *sorted(_HEADERS), "cookies", *sorted(_BODIES))
_OF_CLIENTS = ("auth", "headers", "cookies", ADDED)  # what a client, or a request, sends
_WITH_A_BODY = frozenset("post put patch urlopen Request".split())  # as their second argument
_ADDRESSES = ("url", "base_url", "host", "hosts", "endpoint", "endpoint_url", "api_base", "server", "server_url")
_ENTRY = re.compile(r"^(headers|cookies)\[(['\"])(.+)\2\]$")
_OF_SESSIONS = re.compile(r"(?i)sess|^sid$|token|auth|jwt")
_LONGEST_OTHER = 8  # characters of a literal header that is no credential


@dataclass(frozen=True, slots=True)
class _Part:
    """What a request sends: as auth, headers, cookies or body; `by_client`: given when its client was made."""

    kind: str
    value: Value
    node: Node
    by_client: bool = False


def _called(event: Called, context: Context) -> Iterator[Flow]:
    site = event.site
    requests = site.method in context.knowledge.http_methods or site.ref in context.knowledge.url_calls
    host, by_client = _host_of(site) if requests else (_host_of_service(site), False)
    if host is None or not _is_public(host):
        return
    for part in _sent(site) if requests else _given_to_service(site, context):
        if part.by_client and by_client:
            continue  # that was told of where the client was made
        if (taint := _taint_in(part, context)) is not None:
            yield Flow(RULE, site.node, taint, "sent over plain http")
            return


# --- what is sent ---


def _sent(site: Site) -> Iterator[_Part]:
    """Yield what a request sends: of its arguments, and of what its session or client has."""
    for name in _SENT:
        if (argument := site.keyword(name)) is not None:
            yield _Part(name, argument.value, argument.node)
    positional = site.positional
    if site.method in _WITH_A_BODY and len(positional) > 1:
        yield _Part("data", positional[1].value, positional[1].node)
    yield from _set(site.known, site.node)
    holders = [site.function.owner, *(one.value for one in positional[:1] if one.value.ref.endswith("Request()"))]
    for holder in holders:
        if holder is not None and not isinstance(holder.const, str):
            yield from _made_with(holder, site.node)


def _set(known: Mapping[str, Value], node: Node) -> Iterator[_Part]:
    """Yield what was set of a session: `auth`, `headers`, single headers and cookies."""
    for name, value in known.items():
        if name in _OF_CLIENTS:
            yield _Part(name, value, node)
        elif found := _ENTRY.match(name):
            yield _Part(found[1], Value(items={found[3]: value}, taints=value.taints), node)


def _made_with(holder: Value, node: Node) -> Iterator[_Part]:
    """Yield what a client was made with."""
    owner = holder.instance
    for name in _OF_CLIENTS:
        value = (holder.items or {}).get(name) or (owner.find(name) if owner is not None else None)
        if value is not None and value.function is None:
            yield _Part(name, value, node, by_client=name != ADDED and owner is None)


def _given_to_service(site: Site, context: Context) -> Iterator[_Part]:
    """Yield what is given as credentials to what makes a client of a service."""
    for argument in site.arguments:
        if argument.keyword in PAIRS or argument.keyword in _HEADERS:
            yield _Part(argument.keyword, argument.value, argument.node)
        elif context.names.is_secret(argument.keyword) and _is_given(argument.value):
            yield _Part("auth", argument.value, argument.node)


def _taint_in(part: _Part, context: Context) -> Taint | None:
    """Return the credential in a part of a request."""
    value, kind = part.value, part.kind
    found = next((taint for taint in value.taints if taint.kind not in _NO_SECRETS and not taint.part), None)
    if found is not None:
        return found
    if kind in PAIRS:
        is_given = value.const is not None and (value.items is not None or value.ref or value.const)
        return Taint("name", "auth", (Step(part.node, "credentials for the request"),)) if is_given else None
    for key, entry in (value.items or {}).items():
        if isinstance(key, str) and _is_credential(kind, key, entry, context):
            return Taint("name", key, (Step(part.node, f"the {_what(kind)} '{key}'"),))
    return None


def _is_credential(kind: str, key: str, entry: Value, context: Context) -> bool:
    """Tell whether an entry of headers, cookies or a body holds a credential, by its key."""
    if kind in _BODIES:
        return context.names.is_secret(key) and entry.is_open and not entry.is_parameter
    if kind == "cookies":
        return _OF_SESSIONS.search(key) is not None and _is_given(entry)
    return context.names.is_header(key) and _is_given(entry)


def _what(kind: str) -> str:
    return "cookie" if kind == "cookies" else "field" if kind in _BODIES else "header"


def _is_given(value: Value) -> bool:
    """Tell whether a header may hold a credential: it is there, and no short literal."""
    return value.const is not None and not value.clean and (value.text is None or len(value.text) > _LONGEST_OTHER)


# --- where to ---


def _host_of(site: Site) -> tuple[str | None, bool]:
    """Return the host that a request goes to over http, None when it does not; and whether its client tells."""
    named = filter(None, (site.keyword("url"), site.keyword("base_url")))
    for argument in (*site.positional[:2], *named):
        is_made = argument.value.ref.endswith("Request()")
        address = _given(argument.value, "url") if is_made else argument.value
        if (host := _host(address)) is not None:
            return host, is_made
        if _has_scheme(address):
            return None, False
    owner = site.function.owner or NOTHING
    if _PLAIN_CONNECTION.search(owner.ref):
        return _given(owner, "host").text, False
    return _host(_given(owner, "base_url")), True


def _given(made: Value, name: str) -> Value:
    """Return what a client or request was given under a name, or first."""
    items = made.items or {}
    return items.get(name) or items.get(0) or NOTHING


def _host_of_service(site: Site) -> str | None:
    """Return the host of a service, to which what is called makes a client."""
    if site.function.function is not None or not (site.ref and site.method[:1].isupper()) or site.function.is_class:
        return None
    named = [argument for name in _ADDRESSES if (argument := site.keyword(name)) is not None]
    for argument in (*site.positional[:1], *named):
        values = [argument.value, *(argument.value.items or {}).values()]
        if (host := next(filter(None, map(_host, values)), None)) is not None:
            return host
    return None


def _texts(value: Value) -> Iterator[str]:
    for leaf in value.leaves:
        text = leaf.text
        if text is None and leaf.parts:
            text = "".join(part.text if part.text is not None else "{}" for part in leaf.parts)
        if text:
            yield text


def _has_scheme(value: Value) -> bool:
    return any("://" in text for text in _texts(value))


def _host(value: Value) -> str | None:
    for text in _texts(value):
        scheme = next((one for one in _SCHEMES if text[: len(one)].lower() == one), None)
        if scheme is not None:
            rest = _END_OF_HOST.split(text[len(scheme) :], maxsplit=1)[0]
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
