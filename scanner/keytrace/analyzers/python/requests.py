"""Requests: secrets in their query parameters, and credentials sent over plain http."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import libcst as cst

from keytrace.analyzers.python.lattice import Step, Taint, Value
from keytrace.analyzers.python.tree import dotted

if TYPE_CHECKING:
    from keytrace.analyzers.python.expressions import Expressions
    from keytrace.analyzers.python.site import Site

_QUERIES = ("params", "fields", "query", "query_params", "querystring")
_SAFE_HOST = re.compile(
    r"(?i)^(?:localhost|.*\.(?:local|localhost|internal|test|example|invalid|lan|svc|cluster\.local|home\.arpa|onion)"
    r"|(?:www\.)?example\.(?:com|org|net)|[^.]*|host\.docker\.internal|metadata\.google\.internal|.*\{.*|%s.*)$"
)


def check(reader: Expressions, site: Site) -> None:
    """Report secrets in the query of a request, and credentials in a request over http."""
    knowledge = reader.knowledge
    method = site.method
    if site.ref in knowledge.url_calls or method in knowledge.http_methods:
        for name in _QUERIES:
            argument = site.keyword(name)
            if argument is not None and not (name == "fields" and not _is_get(site)):
                query(reader, argument.node, argument.value)
        if site.ref.endswith("prepare_url") and len(site.positional) > 1:
            query(reader, site.positional[1].node, site.positional[1].value)
        _check_http(reader, site)
    elif method in knowledge.query_methods:
        for argument in site.arguments:
            if argument.keyword:
                _check_parameter(reader, argument.node, argument.keyword, argument.value)
            else:
                query(reader, argument.node, argument.value)
    elif method in ("update", "set", "add", "setdefault") and isinstance(site.node.func, cst.Attribute):
        holder = dotted(site.node.func.value).rpartition(".")[2]
        if holder in ("params", "args", "query") and "." in dotted(site.node.func.value):
            for argument in site.arguments:
                if argument.keyword:
                    _check_parameter(reader, argument.node, argument.keyword, argument.value)
                elif argument.value.items is not None:
                    query(reader, argument.node, argument.value)


def _is_get(site: Site) -> bool:
    return not any(
        isinstance(argument.value.const, str) and argument.value.const.upper() in ("POST", "PUT", "PATCH")
        for argument in site.positional[:1]
    )


def query(reader: Expressions, place: cst.CSTNode, value: Value) -> None:
    """Report the first secret among the query parameters in a value."""
    for leaf in value.leaves:
        if leaf.items is None:
            continue
        for key, entry in leaf.items.items():
            name = key if isinstance(key, str) else ""
            given = entry
            if isinstance(key, int) and entry.items is not None and len(entry.items) == 2:  # a list of pairs
                first, given = entry.items.get(0), entry.items.get(1, Value())
                name = first.const if first is not None and isinstance(first.const, str) else ""
            if _check_parameter(reader, place, name, given):
                return
    for taint in value.taints:
        if taint.kind != "dump" and not taint.part:
            reader.sink_taint("credential-in-url", place, taint, "sent as a query parameter")


def _check_parameter(reader: Expressions, place: cst.CSTNode, name: str, value: Value) -> bool:
    """Report a query parameter that is a secret, by its value or its name; tell whether it is one."""
    taints = [taint for taint in value.taints if taint.kind != "dump" and not taint.part]
    for taint in taints:
        reader.sink_taint(
            "credential-in-url",
            place,
            taint,
            f"sent as the query parameter '{name}'" if name else "sent as a query parameter",
        )
    if any(taint.kind != "parameter" for taint in taints):
        return True
    if not reader.names.is_secret(name) or value.clean:
        return False
    for leaf in value.leaves:
        if leaf.text is not None:
            if reader.ledger.is_credential(name, leaf.text):
                taint = Taint("literal", name, (Step(leaf.node or place, f"'{name}' is a literal"),))
                reader.ledger.flow("credential-in-url", place, taint, f"sent as the query parameter '{name}'")
                return True
        elif leaf.is_open and not taints:
            taint = Taint("name", name, (Step(place, f"the query parameter '{name}'"),))
            reader.ledger.flow("credential-in-url", place, taint, f"sent as the query parameter '{name}'")
            return True
    return False


def _check_http(reader: Expressions, site: Site) -> None:
    url = next(
        (
            one
            for one in (*site.positional[:2], *filter(None, [site.keyword("url"), site.keyword("base_url")]))
            if _host(one.value) is not None
        ),
        None,
    )
    host = _host(url.value) if url is not None else _host_of_base(site)
    if host is None or not is_public(host):
        return
    for name in ("auth", "headers", "proxy_auth", "cookies"):
        argument = site.keyword(name)
        if argument is not None and (taint := _taint_in(reader, argument.value, name, argument.node)):
            reader.ledger.flow("credential-over-http", site.node, taint, "sent over plain http")
            return
    base = site.function.owner
    written = dotted(site.node.func.value) if isinstance(site.node.func, cst.Attribute) else ""
    if base is not None and written:
        for attribute in ("auth", "headers"):
            value = reader.scope.find(f"{written}.{attribute}") or (base.items or {}).get(attribute)
            if value is not None and (taint := _taint_in(reader, value, attribute, site.node)):
                reader.ledger.flow("credential-over-http", site.node, taint, "sent over plain http")
                return
        for header in ("Authorization", "X-Api-Key", "X-API-Key"):
            value = reader.scope.find(f"{written}.headers[{header!r}]")
            if value is not None and (taint := _taint_in(reader, value, "auth", site.node)):
                reader.ledger.flow("credential-over-http", site.node, taint, "sent over plain http")
                return


def _taint_in(reader: Expressions, value: Value, name: str, node: cst.CSTNode) -> Taint | None:
    """Return the credential in what is handed as auth= or headers=."""
    found = next((taint for taint in value.taints if taint.kind not in ("parameter", "dump")), None)
    if found is not None:
        return found
    if name in ("auth", "proxy_auth"):
        if value.const is None or not (value.items is not None or value.ref or value.const):
            return None
        return Taint("name", "auth", (Step(node, "credentials for the request"),))
    for key, entry in (value.items or {}).items():
        is_given = entry.const is not None and not entry.clean and (entry.text is None or len(entry.text) > 8)
        if isinstance(key, str) and reader.names.is_header(key) and is_given:
            return Taint("name", key, (Step(node, f"the header '{key}'"),))
    return None


def _host(value: Value) -> str | None:
    """Return the host of a URL over http, None when the value is none."""
    for leaf in value.leaves:
        text = leaf.text
        if text is None and leaf.parts:
            text = "".join(part.text if part.text is not None else "{}" for part in leaf.parts)
        if text and text[:7].lower() == "http://":
            rest = re.split(r"[/?#]", text[7:], maxsplit=1)[0]
            return rest.rpartition("@")[2]
    return None


def _host_of_base(site: Site) -> str | None:
    owner = site.function.owner
    base = (owner.items or {}).get("base_url") if owner is not None else None
    return _host(base) if base is not None else None


def is_public(host: str) -> bool:
    """Tell whether a host, with or without a port, is on the internet as far as its name says."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if not name:
        return False
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _SAFE_HOST.match(name) is None
    return address.is_global
