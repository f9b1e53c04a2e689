"""Lists, tuples, sets and dicts, comprehensions, and what methods put into them."""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.interpret.assigning import absorb, assign, called, change, each
from keytrace.analyzers.python.interpret.joins import container, merge, taints_of, with_taints
from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import MOST_ITEMS, NOTHING, UNKNOWN, Scope, Step, Taint, Value

_LONG_OPTION = re.compile(r"--?([A-Za-z][\w-]*)=(.+)", re.DOTALL)
_FILTERS = re.compile(r"(?i)secret|sensitive|private|redact|safe|allowed")
_ADDERS = frozenset("append add add_row extend insert appendleft put push write writelines put_nowait".split())
_NO_TEXTS = frozenset("Path FileType int float bool".split())  # what options are that hold no secret themselves
_SETS = frozenset(("set", "send"))  # of what carries one thing
_WRITERS = frozenset(("write", "writelines"))
_BUFFERS = ("StringIO()", "BytesIO()")
_HEADERS = frozenset("add_header add_unredirected_header putheader set_header".split())
_JAR = re.compile(r"\.(?:headers|cookies)$")
ADDED = "<added>"  # the key for headers that are added to a request
_SPELLED_OUT = 256  # constants of which a comprehension makes a container of constants


def sequence(state: State, node: cst.List | cst.Tuple | cst.Set) -> Value:
    items: dict[object, Value] = {}
    taints: tuple[Taint, ...] = ()
    option = ""
    for element in node.elements:
        value = state.evaluate(element.value)
        if isinstance(element, cst.StarredElement):
            taints = merge(taints, value.taints)
            for entry in (value.items or {}).values():
                items[len(items)] = entry
            continue
        items[len(items)] = value
        if option and not (value.text or "").startswith("-"):  # another option
            state.bound(option, value, "option", element)
        option = _option(state, value, element)
    if isinstance(node, cst.Tuple) and len(items) == 2:
        name, given = items[0].const, items[1]
        if isinstance(name, str) and name[-1:].isalnum() and not state.names.is_secret(given.text or ""):
            state.bound(name, given, "pair", node)
    result = container(items, "[]")
    return with_taints(result, taints) if taints else result


def _option(state: State, value: Value, node: cst.CSTNode) -> str:
    """Return the option of a command that the next element gives a value; `--password=x` gives it itself."""
    if not isinstance(value.const, str) or not value.const.startswith("-"):
        return ""
    if "=" not in value.const:
        return value.const.strip("-")
    if found := _LONG_OPTION.fullmatch(value.const):
        state.bound(found[1], replace(value, const=found[2]), "option", node)
    return ""


def dict_(state: State, node: cst.Dict) -> Value:
    items: dict[object, Value] = {}
    taints: tuple[Taint, ...] = ()
    for element in node.elements:
        value = state.evaluate(element.value)
        if not isinstance(element, cst.DictElement):
            items.update(value.items or {})
            if value.items is None:
                taints = merge(taints, value.taints)
            continue
        key = state.evaluate(element.key)
        if isinstance(key.const, str | int | bytes):
            name = key.text or ""
            items[key.const] = called(state, name, value)
        else:
            items[key.symbol or element] = value
            name = state.path(element.key).rpartition(".")[2]
            name = name if name.isupper() else ""  # CONF_PASSWORD: "x"
        if name:
            state.bound(name, value, "colon", element)
    _of_record(state, items, node)
    result = container(items, "{}")
    return with_taints(result, taints) if taints else result


def _of_record(state: State, items: dict[object, Value], node: cst.Dict) -> None:
    """Tell of {"name": "password", "value": "x"} and the like."""
    lower = {str(key).lower(): value for key, value in items.items()} if len(items) == 2 else {}
    for record, label in ((lower, "key"), (items, "name")):
        name, value = record.get(label, NOTHING).const, record.get("value")
        if value is not None and isinstance(name, str):
            state.bound(name, value, "colon", node)


def comprehension(state: State, node: cst.ListComp | cst.SetComp | cst.GeneratorExp) -> Value:
    before = state.frame.scope
    state.frame.scope = Scope(before)
    try:
        iterated = state.evaluate(node.for_in.iter)
        if (spelled := _spelled_out(state, node, iterated)) is not None:
            return spelled
        _clauses(state, node.for_in, iterated)
        value = state.evaluate(node.elt)
    finally:
        state.frame.scope = before
    target = node.for_in.target  # all characters of a secret are the secret
    whole = isinstance(node.elt, cst.Name) and isinstance(target, cst.Name) and target.value == node.elt.value
    taints = tuple(replace(taint, part=False) for taint in value.taints) if whole else value.taints
    options = (value,) if value.const is not UNKNOWN else ()
    items: dict[object, Value] | None = {0: value} if value.items is not None else None  # each is a record like it
    return Value(
        ref="[]", taints=taints, options=options, items=items, clean=not taints, mac=value.mac, hashed=value.hashed
    )


def dict_comprehension(state: State, node: cst.DictComp) -> Value:
    before = state.frame.scope
    state.frame.scope = Scope(before)
    filtered = _clauses(state, node.for_in, state.evaluate(node.for_in.iter))
    state.evaluate(node.key)
    value = state.evaluate(node.value)
    state.frame.scope = before
    return Value(ref="{}", taints=() if filtered else value.taints, clean=filtered or not value.taints)


def _clauses(state: State, clause: cst.CompFor, iterated: Value) -> bool:
    """Bind what a comprehension iterates over; tell whether it leaves out the secrets."""
    filtered = False
    current: cst.CompFor | None = clause
    while current is not None:
        if current is not clause:
            iterated = state.evaluate(current.iter)
        assign(state, current.target, each(state, current.target, current.iter, iterated))
        asserted, state.frame.asserted = state.frame.asserted, True  # what is looked for is not checked
        for test in current.ifs:
            state.evaluate(test.test)
            filtered = filtered or _leaves_out(state, test.test)
        state.frame.asserted = asserted
        current = current.inner_for_in
    return filtered


def _spelled_out(state: State, node: cst.ListComp | cst.SetComp | cst.GeneratorExp, iterated: Value) -> Value | None:
    """Return what a comprehension over a list of constants makes."""
    clause, entries = node.for_in, list((iterated.items or {}).values())
    if clause.inner_for_in or clause.ifs or not 0 < len(entries) <= _SPELLED_OUT or iterated.ref != "[]":
        return None
    if any(entry.const is UNKNOWN for entry in entries):
        return None
    items: dict[object, Value] = {}
    for entry in entries:
        assign(state, clause.target, entry)
        items[len(items)] = state.evaluate(node.elt)
    return container(items, "[]")


def _leaves_out(state: State, test: cst.BaseExpression) -> bool:
    """Tell whether a filter leaves out the entries with the name of a secret."""
    if not isinstance(test, cst.Comparison):
        tested = test.expression if isinstance(test, cst.UnaryOperation) else test
        return isinstance(tested, cst.BaseExpression) and bool(_FILTERS.search(state.path(tested))) and (
            isinstance(test, cst.UnaryOperation | cst.Call)
        )  # fmt: skip
    operator, place = test.comparisons[0].operator, test.comparisons[0].comparator
    if not isinstance(operator, cst.NotEqual | cst.NotIn | cst.In):
        return False
    other = state.value_of(place)
    texts = (other.const, *(entry.const for entry in (other.items or {}).values()))
    named = any(isinstance(text, str) and state.names.is_setting(text) for text in texts)
    return named != isinstance(operator, cst.In) or "secret" in state.path(place).lower()


def mutate(state: State, site: Site) -> None:
    """Follow what a method puts into its object, or takes out of it: append, update, pop …"""
    place = site.receiver
    base = site.function.owner or NOTHING
    if place is not None and site.method in _SETS and base.ref in state.knowledge.carriers:
        absorb(state, place, base, site.values)
    if place is not None and site.method == "add_argument":
        _add_option(state, site, place)
    if place is None or site.method not in _MUTATORS:
        return
    written = state.path(place)
    known = state.scope.find(written) if written else None
    if written and len(site.positional) == 2 and (site.method in _HEADERS or _JAR.search(written)):
        _set_header(state, site, written)
    else:
        _put_in(state, site, place, known)


def _add_option(state: State, site: Site, place: cst.CSTNode) -> None:
    """Follow `parser.add_argument("--password")`: what is parsed holds one."""
    written = state.path(place)
    known = state.scope.find(written) if written else None
    names = [str(one.value.const).lstrip("-") for one in site.positional if isinstance(one.value.const, str)]
    secret = next((name for name in names if state.names.is_secret(name)), "")
    kind = site.keyword("type")
    if kind is not None and kind.value.ref.rpartition(".")[2] in _NO_TEXTS:
        return
    if known is not None and secret and known.ref.endswith("ArgumentParser()"):
        taint = Taint("name", secret, (Step(site.node, f"the option '{secret}'"),))
        items = {**(known.items or {}), secret.replace("-", "_"): Value(taints=(taint,))}
        state.scope.put(written, replace(known, items=items))


def _put_in(state: State, site: Site, place: cst.CSTNode, known: Value | None) -> None:
    written = state.path(place)
    if site.method in _ADDERS:
        _add(state, site, place, known)
    elif known is not None and site.method in _TAKERS:
        _take_out(state, site, written, known)
    elif known is not None and known.ref.startswith("hashlib."):
        state.scope.put(written, replace(known, hashed=known.hashed or bool(taints_of(site.values))))
    elif known is not None or _JAR.search(written):
        _update(state, site, written, known or site.function.owner or NOTHING)


def _add(state: State, site: Site, place: cst.CSTNode, known: Value | None) -> None:
    base, written = site.function.owner or NOTHING, state.path(place)
    if site.method in _WRITERS and not base.ref.endswith(_BUFFERS):
        return
    if site.method != "append" or not site.arguments or known is None or not _append(state, site, written, known):
        absorb(state, place, base, site.values)


def _set_header(state: State, site: Site, written: str) -> None:
    """Follow `request.add_header(name, value)`, and `session.cookies.set(name, value)`."""
    key, value = site.positional[0].value.const, site.positional[1].value
    if not isinstance(key, str):
        return
    jar = written if _JAR.search(written) else f"{written}.headers"
    state.scope.put(f"{jar}[{key!r}]", value)
    known = state.scope.find(written)
    if known is not None and known.items is not None and jar != written:
        added = known.items.get(ADDED, NOTHING).items or {}
        items = {**known.items, ADDED: container({**added, key: value}, "{}")}
        state.scope.put(written, replace(known, items=items))


def _append(state: State, site: Site, written: str, known: Value) -> bool:
    """Give a list one entry more; tell whether its entries are known by themselves."""
    if known.items is None or len(known.items) >= MOST_ITEMS:
        return False
    value = site.arguments[0].value
    items = {**known.items, len(known.items): value}
    change(state, written, replace(known, items=items, taints=merge(known.taints, value.taints)), value.taints)
    return True


def _update(state: State, site: Site, written: str, known: Value) -> None:
    entries: dict[object, Value] = {}
    for argument in site.arguments:
        if argument.keyword:
            entries[argument.keyword] = argument.value
        elif site.method == "update":
            entries.update(argument.value.items or {})
    values = site.values
    if site.method == "setdefault" and len(values) == 2 and isinstance(values[0].const, str):
        entries[values[0].const] = values[1]
    merged = {**(known.items or {}), **entries} if known.items is not None else None
    taints = merge(known.taints, taints_of(entries.values())) if merged is None else taints_of(merged.values())
    change(state, written, replace(known, items=merged, taints=taints), taints_of(entries.values()))
    for key, value in entries.items():
        state.scope.put(f"{written}[{key!r}]", value)


def _take_out(state: State, site: Site, written: str, known: Value) -> None:
    if known.items is not None:
        values = site.values
        key = values[0].const if values else None
        items = {} if site.method == "clear" else {name: one for name, one in known.items.items() if name != key}
        state.scope.put(written, replace(container(items), ref=known.ref))


_TAKERS = frozenset(("pop", "clear"))
_MUTATORS = _ADDERS | _TAKERS | _HEADERS | {"update", "setdefault", "set"}
