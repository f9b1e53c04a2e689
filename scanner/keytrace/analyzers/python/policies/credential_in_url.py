"""Credentials in URLs: before the host, in the query, in the path; literal, put in, or sent as parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from keytrace.analyzers.python.events import Bound, Built, Called
from keytrace.analyzers.python.finds import Find, Flow
from keytrace.analyzers.python.interpret.joins import container
from keytrace.analyzers.python.interpret.site import Argument, Site
from keytrace.analyzers.python.interpret.values import NOTHING
from keytrace.analyzers.python.policies import urls
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.queries import RULE, parameter, query
from keytrace.analyzers.python.syntax import dotted

_QUERIES = ("params", "fields", "query", "query_params", "querystring")
_ATTRIBUTES = frozenset(("params", "query"))  # of a request, that take its query
_SESSIONS = frozenset("Session ClientSession Client AsyncClient OAuth2Session".split())  # bases of what makes requests
_HOLDERS = frozenset(("params", "args", "query"))  # whose methods take parameters
_ENTRIES = frozenset(("params", "args"))  # whose entries are parameters
_CHANGES = frozenset("update set add setdefault".split())
_WITH_A_BODY = frozenset(("POST", "PUT", "PATCH"))


def _built(event: Built, context: Context) -> Iterable[Find]:
    return urls.check(event, context)


def _bound(event: Bound, context: Context) -> list[Flow]:
    """Look at `request.params = {…}` and `request.params["key"] = …`."""
    place = event.place
    if isinstance(place, cst.Attribute):
        own = context.value_of(place.value).instance
        is_request = own is None or any(base.rpartition(".")[2] in _SESSIONS for base in own.bases)
        if event.name in _ATTRIBUTES and event.form == "assign" and is_request:
            return query(place, event.value, context)
    elif isinstance(place, cst.Subscript) and event.form == "assign":
        written = dotted(place.value)
        is_own = written.startswith("self.") and not _is_client(place.value, context)  # self.params may be anything
        if written.rpartition(".")[2] in _ENTRIES and "." in written and not is_own:
            return query(place, container({event.name: event.value}), context)
    return []


def _is_client(node: cst.BaseExpression, context: Context) -> bool:
    """Tell whether an attribute is one of what makes requests: self.session.params."""
    owner = context.value_of(node.value) if isinstance(node, cst.Attribute) else NOTHING
    return owner.ref.startswith(context.knowledge.http_clients)


def _called(event: Called, context: Context) -> Iterator[Flow]:
    site, knowledge = event.site, context.knowledge
    if site.ref in knowledge.url_calls or site.method in knowledge.http_methods:
        yield from _requested(site, context)
    elif site.method in knowledge.query_methods:
        yield from _given(site.arguments, context)
    elif site.method in _CHANGES and site.receiver is not None:
        holder = dotted(site.receiver)
        if "." in holder and holder.rpartition(".")[2] in _HOLDERS:
            yield from _given((one for one in site.arguments if one.keyword or one.value.items is not None), context)


def _requested(site: Site, context: Context) -> Iterator[Flow]:
    for name in _QUERIES:
        argument = site.keyword(name)
        if argument is not None and not (name == "fields" and _has_body(site)):
            yield from query(argument.node, argument.value, context)
    if site.ref.endswith("prepare_url") and len(site.positional) > 1:
        yield from query(site.positional[1].node, site.positional[1].value, context)


def _has_body(site: Site) -> bool:
    """Tell whether a request has a body, into which its fields go."""
    first = site.positional[0].value.const if site.positional else None
    return isinstance(first, str) and first.upper() in _WITH_A_BODY


def _given(arguments: Iterable[Argument], context: Context) -> Iterator[Flow]:
    for argument in arguments:
        if argument.keyword:
            yield from parameter(argument.node, argument.keyword, argument.value, context)
        else:
            yield from query(argument.node, argument.value, context)


POLICY = Policy({Built: _built, Bound: _bound, Called: _called}, whole(RULE))
