"""Assignment: to names, attributes, entries and several of them; what a container holds that something is put into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Stored
from keytrace.analyzers.python.interpret.joins import (
    bind,
    container,
    element_of,
    keep_attribute,
    merge,
    stepped,
    taints_of,
    with_taints,
)
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, MOST_ITEMS, NOTHING, UNKNOWN, Const, Symbol, Taint, Value
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.names.lexicon import says_clean

_UNSURE = frozenset(("name", "parameter", "dump"))  # kinds of taints
_SEVERAL = 3  # targets, of which not each may hold the secret
PAIRS = frozenset("auth basic_auth http_auth proxy_auth".split())  # that hold a user and a password


def assign(state: State, target: cst.CSTNode, value: Value) -> None:
    """Bind a target to a value."""
    if isinstance(target, cst.Name):
        state.bound(target.value, value, "assign", target)
        if value.taints and says_clean(target.value):  # hashed_token, masked_key
            value = CLEAN
        value = called(state, target.value, value)
        bind(state.scope, target.value, stepped(value, target, f"assigned to '{target.value}'"))
    elif isinstance(target, cst.Attribute):
        _assign_attribute(state, target, value)
    elif isinstance(target, cst.Subscript):
        _assign_entry(state, target, value)
    elif isinstance(target, cst.Tuple | cst.List):
        _unpack(state, target, value)
    elif isinstance(target, cst.StarredElement):
        assign(state, target.value, value)


def called(state: State, name: str, value: Value) -> Value:
    """Return a value without its secrets where it is one by its name alone, and nobody calls a secret so as it is
    called here: secret_name, page_token.
    """
    if value.taints and all(taint.kind == "generated" for taint in value.taints):
        return CLEAN if state.names.is_made_id(name) else value
    if not value.taints or any(taint.kind not in _UNSURE for taint in value.taints):
        return value
    is_other = state.names.refers(name) or state.names.is_other_token(name)
    return CLEAN if is_other or (value.items is None and state.names.is_public(name)) else value


def _made(state: State, name: str, value: Value) -> Value:
    """Return a value without what was made by chance, where it is called the id of something."""
    return called(state, name, value) if value.taints and value.taints[0].kind == "generated" else value


def each(
    state: State, target: cst.CSTNode, node: cst.BaseExpression, several: Value, body: cst.CSTNode | None = None
) -> Value:
    """Return what a loop takes out of something, one after the other, to bind it to a target; `body` is the loop's."""
    value, written = element_of(several), state.path(node)
    last = written.rpartition(".")[2]
    if last and not last.endswith(")") and state.names.is_of_names(last):
        return CLEAN
    if body is not None and isinstance(target, cst.Name) and value.taints and _is_key(target.value, written, body):
        return CLEAN
    is_told = any(taint.kind != "parameter" for taint in value.taints)
    if isinstance(target, cst.Name) and not is_told and state.names.is_piece(target.value, last):
        return replace(value, clean=True)  # of a text, or a command
    return value


def _is_key(name: str, several: str, body: cst.CSTNode) -> bool:
    """Tell whether a loop looks up what it goes through by what that yields: then these are names, `x[name]`."""
    looked_up = (part for part in walk(body) if isinstance(part, cst.Subscript) and dotted(part.value) == several)
    keys = (part.slice[0].slice for part in looked_up if len(part.slice) == 1)
    return any(isinstance(key, cst.Index) and dotted(key.value) == name for key in keys)


def _assign_attribute(state: State, target: cst.Attribute, value: Value) -> None:
    name, base = target.attr.value, state.evaluate(target.value)
    state.bound(name, value, "assign", target, sdk=bool(base.ref) and name == "api_key")
    if name in PAIRS and value.items is not None:
        state.bound("password", value.items.get(1, NOTHING), "call", target, sdk=True)
    written = state.path(target)
    value = stepped(_made(state, name, value), target, f"assigned to '{written or name}'")
    if written and "(" not in written:
        bind(state.scope, written, value)
    if base.instance is None:
        return
    if not (isinstance(target.value, cst.Name) and base.ref == "self"):
        keep_attribute(base.instance, name, value)
    for taint in value.taints:
        if taint.kind == "parameter" and taint.owner is not None and taint.owner.owner is base.instance:
            taint.owner.summary.stored.setdefault((taint.index, taint.at), set()).add(name)


def _assign_entry(state: State, target: cst.Subscript, value: Value) -> None:
    base = state.evaluate(target.value)
    if len(target.slice) != 1 or not isinstance(target.slice[0].slice, cst.Index):
        return
    place = target.slice[0].slice.value
    asked = state.evaluate(place)
    key = asked.symbol or asked.const
    name = key if isinstance(key, str) else state.path(place).rpartition(".")[2]
    if name and (key is not UNKNOWN or name.isupper()):
        state.bound(name, value, "assign", target)
    state.emit(Stored(base, value, target))
    _put_entry(state, state.path(target.value), base, key, value, target)
    root: cst.BaseExpression = target.value
    while isinstance(root, cst.Subscript):
        root = root.value
    if root is not target.value:
        absorb(state, root, state.value_of(root), [value])


def _put_entry(state: State, written: str, base: Value, key: Const | Symbol, value: Value, target: cst.CSTNode) -> None:
    """Remember that a container holds a value."""
    value = stepped(value, target, f"put into '{written}'" if written else "put into a container")
    if not written or "(" in written:
        return
    known = state.scope.find(written)
    if isinstance(key, str | int | Symbol):
        if known is not None:
            change(state, written, _with_entry(known, key, value), value.taints)
        state.scope.put(f"{written}[{key!r}]", value)
    elif value.taints:
        grown = with_taints(known or base, value.taints)
        change(state, written, grown if grown.items or grown.ref else replace(grown, ref="{}"), value.taints)


def _with_entry(known: Value, key: str | int | Symbol, value: Value) -> Value:
    """Return a container with one entry more, or another one."""
    if known.items is not None and len(known.items) < MOST_ITEMS:
        items = {**known.items, key: value}
        return replace(known, items=items, taints=taints_of(items.values()))
    ref = known.ref or ("" if isinstance(key, int) else "{}")  # what has an entry by a text is a dictionary
    return replace(known, ref=ref, items=None, taints=merge(known.taints, value.taints))


def absorb(state: State, place: cst.CSTNode, base: Value, values: Iterable[Value]) -> None:
    """Put values into a container without a key: what it is called by holds them from now on."""
    written = state.path(place)
    taints = taints_of(values)
    if written and "(" not in written and taints:
        change(state, written, with_taints(state.scope.find(written) or base, taints), taints)


def change(state: State, written: str, value: Value, taints: tuple[Taint, ...]) -> None:
    """Bind a container anew into which secrets were put: of the caller, or of the module, it is theirs, too."""
    function = state.function
    known = state.scope.find(written)
    if function is not None and taints and known is not None:
        for own in known.taints if known.is_parameter else ():
            if own.owner is function and not own.at:
                before = function.summary.fills.get(own.index, NOTHING)
                function.summary.fills[own.index] = with_taints(before, taints)
        ours = tuple(taint for taint in taints if taint.kind != "parameter")
        if ours and written not in state.scope.names and written in state.module.names:
            state.late[written] = with_taints(state.late.get(written, state.module.names[written]), ours)
    state.scope.put(written, value)


def _unpack(state: State, target: cst.Tuple | cst.List, value: Value) -> None:
    secret = any(_is_secret(state, element.value) for element in target.elements) or (
        len(target.elements) > 1 and all(taint.kind == "name" for taint in value.taints)
    )
    for number, element in enumerate(target.elements):
        if isinstance(element, cst.StarredElement):
            assign(state, element.value, _rest(value, number, len(target.elements)))
        elif value.clean:
            assign(state, element.value, CLEAN)
        elif value.items is not None:
            assign(state, element.value, value.items.get(number, NOTHING))
        else:
            is_told = not secret or _is_secret(state, element.value)
            taints = _of_unpacked(value, number, len(target.elements)) if is_told else ()
            assign(state, element.value, Value(ref=f"{value.ref}[]" if value.ref else "", taints=taints))


def _of_unpacked(value: Value, number: int, targets: int) -> tuple[Taint, ...]:
    """Return the secrets in one of so many targets, among which something is unpacked of which no entry is known."""
    if targets < _SEVERAL:
        return value.taints
    is_split = value.ref.endswith("split()") and bool(value.shown.strip(" :"))  # a token.like.this
    if is_split and targets == _SEVERAL and "." in value.shown and number < targets - 1:
        return ()  # the header and the claims of a JWT, which open nothing without its signature
    return tuple(replace(taint, part=taint.part or is_split) for taint in value.taints if taint.kind != "parameter")


def _is_secret(state: State, node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and state.names.is_secret(node.value)


def _rest(value: Value, number: int, targets: int) -> Value:
    """Return what `*rest` takes that stands at a position among so many targets."""
    if value.items is None:
        return Value(taints=value.taints)
    rest = [entry for key, entry in value.items.items() if isinstance(key, int) and key >= number]
    return container(dict(enumerate(rest[: len(rest) - (targets - number - 1)])), "[]")
