"""Calls: the literals that they are handed, the secrets that they take to a sink, what they put into their object."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from keytrace.analyzers.python import comparisons, requests, results, urls
from keytrace.analyzers.python.knowledge import Sink
from keytrace.analyzers.python.lattice import (
    MOST_ITEMS,
    NOTHING,
    UNKNOWN,
    Taint,
    Value,
    container,
    merge,
    taints_of,
)
from keytrace.analyzers.python.site import Argument, Site, source_of, written
from keytrace.analyzers.python.tree import dotted
from keytrace.names.lexicon import words

if TYPE_CHECKING:
    from keytrace.analyzers.python.expressions import Expressions

_SETTERS = frozenset(
    "setattr setdefault set option options put putheader add_header setenv putenv header send_header add_config "
    "set_config conf config setproperty set_property set_option setitem __setitem__ set_value set_secret "
    "set_default configure".split()
)
_SET = frozenset("set with use add configure".split())
_DEFAULTS = frozenset("add_argument add_option option argument Option Argument StrOpt define".split())
_ADDERS = frozenset("append add extend insert appendleft put push write writelines put_nowait".split())
_LONG_OPTION = re.compile(r"--?([A-Za-z][\w-]*)=(.+)", re.DOTALL)


def evaluate(reader: Expressions, node: cst.Call) -> Value:
    """Return what a call returns; report what is handed to a sink by it."""
    function = reader.evaluate(node.func)
    arguments = []
    for arg in node.args:
        keyword = arg.keyword.value if arg.keyword else ""
        arguments.append(Argument(keyword, len(arg.star), reader.evaluate(arg.value), arg.value))
    site = Site(node, function.ref, written(node.func), function, tuple(arguments))
    _check_literals(reader, site)
    check_sinks(reader, site)
    requests.check(reader, site)
    result = results.result(reader, site)
    if _makes_mac(site):
        result = replace(result, mac=True)
    _mutate(reader, site)
    if result.folded and isinstance(result.const, bytes) and not result.const.isascii():
        result = next((one.value for one in arguments if one.value.text is not None), result)  # a key in hex or base64
    elif result.folded and result.const is not UNKNOWN:
        result = replace(result, node=node)
        reader.note_folded(
            result, [argument.value for argument in arguments] + ([site.function.owner] if site.function.owner else [])
        )
        urls.check(reader, result, node)
    return result


# --- what a call is handed --------------------------------------------------------------------------------------------


def _makes_mac(site: Site) -> bool:
    """Tell whether a call makes a message authentication code, or gives one another form."""
    if site.method in ("len", "bool") or not {"compare", "verify", "check"}.isdisjoint(words(site.method)):
        return False
    owner = site.function.owner
    given = any(argument.value.mac for argument in site.arguments)
    return site.ref.startswith("hmac.") or given or (owner is not None and owner.mac)


def _check_literals(reader: Expressions, site: Site) -> None:
    """Have literals weighed that are handed to parameters with the name of a secret, or known to take one."""
    for argument in site.arguments:
        if argument.keyword:
            reader.literal(argument.keyword, argument.value, "assign")
    _check_known_parameters(reader, site)
    positional = site.positional
    method = site.method
    for first, second in itertools.pairwise(positional):
        name = first.value.const
        if isinstance(name, str) and method in _SETTERS and 2 < len(name) < 80:
            reader.literal(name, second.value, "pair")
    if len(positional) == 1 and (parts := words(method))[:1] and parts[0] in _SET and len(parts) > 1:
        reader.literal("_".join(parts[1:]), positional[0].value, "call")
    _check_comparison(reader, site)
    _check_defaults(reader, site)


def _check_known_parameters(reader: Expressions, site: Site) -> None:
    """Look at the parameters of SDKs that take a secret."""
    for parameters in reader.knowledge.sdk.find(site.ref, site.written):
        for parameter in parameters.secrets:
            argument = site.parameter(parameter)
            if argument is None:
                continue
            if parameters.pair:
                reader.literal("password", (argument.value.items or {}).get(1, NOTHING), "call", sdk=True)
                continue
            name = parameter.name if parameter.name not in ("key", "seed") else f"secret_{parameter.name}"
            is_hook = reader.function is not None and reader.function.webhook and "hmac" in site.ref
            rule = "weak-signature-check" if is_hook or "construct_event" in site.method else "hardcoded-credential"
            reader.literal(name, argument.value, "call", sdk=True, rule=rule)


def _check_defaults(reader: Expressions, site: Site) -> None:
    """Look at the default of an option, and at that of a look-up in the environment."""
    default = site.keyword("default")
    if site.method in _DEFAULTS and default:
        for argument in [*site.positional, *filter(None, [site.keyword("dest")])]:
            if isinstance(argument.value.const, str):
                reader.literal(argument.value.const.lstrip("-"), default.value, "default")
    if site.method in ("Field", "field"):
        return
    environment = source_of(reader.knowledge.sources, site.ref, site.written)
    if environment and environment.key and environment.default:
        key, given = site.parameter(environment.key), site.parameter(environment.default) or default
        if key and given and isinstance(key.value.const, str):
            name = key.value.const
            name += "WORD" if name.endswith("_PASS") else ""
            reader.literal(name, given.value, "default", rule="default-credential")


def _check_comparison(reader: Expressions, site: Site) -> None:
    """Look at compare_digest(a, b) and a.__eq__(b): a literal there is one that a secret is compared with."""
    if site.method == "compare_digest" and len(site.positional) == 2:
        one, other = site.positional
        pairs = [(one.node, other.value), (other.node, one.value)]
    elif site.method == "__eq__" and site.positional and isinstance(site.node.func, cst.Attribute):
        pairs = [(site.node.func.value, site.positional[0].value)]
    else:
        return
    for place, value in pairs:
        name = comparisons.name_of(reader, place)
        if value.text is not None and name and (reader.names.is_secret(name) or name == "token"):
            reader.literal(name, value, "compare")


def check_option(reader: Expressions, value: Value) -> None:
    """Look at `--password=x`."""
    found = _LONG_OPTION.fullmatch(value.const) if isinstance(value.const, str) else None
    if found:
        reader.literal(found[1], replace(value, const=found[2]), "option")


def check_sinks(reader: Expressions, site: Site) -> None:
    for sink in reader.knowledge.sinks_of(site.ref, site.written):
        if site.method in ("safe_dump", "dump") and len(site.arguments) < 2:
            continue  # to a text
        if sink.rule == "credential-written" and site.method == "write" and _is_terminal(site):
            continue
        for argument in _sunk(site, sink):
            _report(reader, sink, argument)
    if reader.function is not None and reader.function.view and reader.knowledge.responses.find(site.ref, site.written):
        for argument in site.arguments:
            if argument.keyword not in ("headers", "status", "status_code", "media_type", "content_type"):
                respond(reader, argument.node, argument.value)


def _is_terminal(site: Site) -> bool:
    return site.written.startswith(("sys.", "self.stdout", "self.stderr"))


def _sunk(site: Site, sink: Sink) -> Iterator[Argument]:
    """Yield the arguments that a sink takes."""
    if site.written in ("print", "pprint.pprint") or site.ref == "print":
        file = site.keyword("file") or site.keyword("stream")
        if file and file.value.ref not in ("sys.stderr", "sys.stdout", "sys.__stderr__", "sys.__stdout__", ""):
            return
    position = -1
    for argument in site.arguments:
        if not argument.keyword:
            position += 1
            if position == sink.without_position:
                continue
        if argument.keyword in sink.without:
            continue
        if sink.only is not None:
            by_name = argument.keyword and argument.keyword == sink.only.name
            if not by_name and (argument.keyword or position != sink.only.position):
                continue
        yield argument


def _report(reader: Expressions, sink: Sink, argument: Argument) -> None:
    value = argument.value
    taints = value.taints
    if not taints and sink.rule == "logged-credential" and value.instance is not None and value.instance.is_record:
        shows_all = reader.holds_secrets(value) and not value.items and value.ref != "self"
        name = dotted(argument.node) or value.instance.name
        taints = (reader.dump(name, argument.node),) if shows_all else ()
    if sink.rule == "credential-written":
        taints = tuple(taint for taint in taints if is_kept(taint, sink) and taint.kind != "dump")
    elif sink.rule == "credential-in-command":
        taints = tuple(taint for taint in taints if taint.kind != "dump")
    if argument.keyword and sink.rule == "logged-credential" and not taints and value.is_open:
        named = reader.named(value, argument.keyword, argument.node)
        taints = named.taints if sink.says == "logged" else ()
    for taint in taints:
        reader.sink_taint(sink.rule, argument.node, taint, sink.says)


def is_kept(taint: Taint, sink: Sink) -> bool:
    """Tell whether a secret should not be in a file or cookie: sessions are what cookies are for."""
    if sink.only is None or sink.only.name != "value":
        return not taint.part
    return not ({"token", "session", "jwt", "cookie"} & set(words(taint.name)))


def respond(reader: Expressions, place: cst.CSTNode, value: Value) -> None:
    """Report the secrets in what a view answers; a token that is made for the client is what it asked for."""
    for taint in value.taints:
        if taint.part:
            continue
        if taint.kind == "dump" and "headers" in taint.name:
            continue  # those of the request, back to who sent them
        if taint.kind in ("environment", "manager", "literal", "dump", "parameter") or (
            taint.kind == "name"
            and words(taint.name)[-1:]
            and words(taint.name)[-1] not in ("token", "jwt", "session", "cookie")
        ):
            reader.sink_taint("credential-in-response", place, taint, "sent in a response")


def _mutate(reader: Expressions, site: Site) -> None:
    """Follow what a method puts into its object: append, update, add …"""
    if not isinstance(site.node.func, cst.Attribute):
        return
    values = [argument.value for argument in site.arguments]
    method = site.method
    place = site.node.func.value
    written = dotted(place)
    if method in _ADDERS:
        base = site.function.owner or NOTHING
        if method in ("write", "writelines") and not base.ref.endswith(("StringIO()", "BytesIO()")):
            return
        known = reader.scope.find(written) if written else None
        if (
            known is not None and known.items is not None and len(known.items) < MOST_ITEMS
            and method == "append" and values
        ):  # fmt: skip
            items = {**known.items, len(known.items): values[0]}
            reader.scope.put(written, replace(known, items=items, taints=merge(known.taints, values[0].taints)))
            return
        reader.absorb(place, base, values)
    elif method in ("update", "setdefault") and written:
        known = reader.scope.find(written)
        if known is None:
            return
        entries: dict[object, Value] = {}
        for argument in site.arguments:
            if argument.keyword:
                entries[argument.keyword] = argument.value
            elif method == "update":
                entries.update(argument.value.items or {})
        if method == "setdefault" and len(values) == 2 and isinstance(values[0].const, str):
            entries[values[0].const] = values[1]
        merged = {**(known.items or {}), **entries}
        taints = merge(known.taints, taints_of(entries.values()))
        if known.items is not None:
            taints = taints_of(merged.values())
        reader.scope.put(written, replace(known, items=merged if known.items is not None else None, taints=taints))
        for key, value in entries.items():
            reader.scope.put(f"{written}[{key!r}]", value)
    elif method in ("pop", "clear") and written:
        known = reader.scope.find(written)
        key = values[0].const if values else None
        if known is not None and known.items is not None:
            items = {} if method == "clear" else {name: value for name, value in known.items.items() if name != key}
            reader.scope.put(written, replace(container(items), ref=known.ref))
