"""What names, attributes and entries hold; what a name tells by itself, and what a look-up in the environment does."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import partial

import libcst as cst

from keytrace.analyzers.python.interpret import folding
from keytrace.analyzers.python.interpret.functions import apply
from keytrace.analyzers.python.interpret.handing import entry_of_any, entry_of_parameter
from keytrace.analyzers.python.interpret.joins import (
    KEY_OF_DUMP,
    character_or_element,
    constants,
    cut_to,
    dump,
    merge,
    without_dumps,
)
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, NOTHING, UNKNOWN, Asked, Const, Step, Symbol, Taint, Value
from keytrace.analyzers.python.knowledge import Source, Table
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.outline.shapes import CLASS_NAME
from keytrace.names.lexicon import says_clean

_CONSTANTS: dict[str, Const] = {"None": None, "True": True, "False": False}
_NAMES_OF = re.compile(
    r"(?:environment_vars|env_vars|constants|consts?|[a-z]Variables|Variables|Vars|Env|Keys|Names|Fields|Headers|Constants|Columns|Params|Options|Types|Kinds?)\.[A-Z_0-9]+$"
)
_ACCESS_KEYS = frozenset(("access_key", "aws_access_key"))  # of credentials of AWS: an id
REVEALS = frozenset(("get_secret_value", "reveal"))
_SHOWN_BY_EXCEPTIONS = frozenset(("args", "message"))
_LABEL = re.compile(r"((?:\w+[ _-]){0,2}?\w+)(?: is| was)?[ :=('\"]*$")  # at the end of a text
_SENTENCE = re.compile(r"[A-Za-z]+[^A-Za-z]* [A-Za-z]+[^A-Za-z]* [A-Za-z]")
_LONGEST_LABEL = 80
_ASKS = " :?>=.…"  # what a question ends with
_ANSWERS = ("Response", "Error", "Exception")  # what classes are called


def named(state: State, value: Value, name: str, node: cst.CSTNode) -> Value:
    """Return a value with what its name tells: that it is a secret, if nothing is known to the contrary."""
    if not state.names.is_secret(name):
        return replace(value, clean=True) if value.is_open and state.names.is_other_token(name) else value
    if isinstance(node, cst.Name | cst.Attribute) and CLASS_NAME.fullmatch(name):
        return value
    if value.is_open and not _is_sentence(value):
        return replace(value, taints=merge(value.taints, (_by_name(value, name, node),)), shown=name)
    if not value.taints and not value.clean:
        for leaf in constants(value):
            if leaf.text and state.world.literals.is_credential(name, leaf.text):
                step = Step(leaf.node or node, f"'{name}' is a literal")
                return replace(value, taints=(Taint("literal", name, (step,)),))
    return value


def _by_name(value: Value, name: str, node: cst.CSTNode) -> Taint:
    """Return the secret that a value is by its name; of a parameter, callers know better what they hand over."""
    taint = Taint("name", name, (Step(node, f"the secret '{name}'"),))
    own = value.taints[0] if value.is_parameter and len(value.taints) == 1 else taint
    return replace(taint, owner=own.owner, index=own.index, at=own.at)


def _is_sentence(value: Value) -> bool:
    """Tell whether a value is a text of several words, as no secret is; settings have equals signs: "host=x port=y"."""
    texts = ["".join(part.text or "" for part in leaf.parts) for leaf in value.leaves if leaf.is_open]
    return all("=" not in text and _SENTENCE.search(text) is not None for text in texts)


def labelled(names: Names, before: str, value: Value) -> Value:
    """Return a value without what only its name calls a secret, which may mean another one, and the text before it
    does: "next page token: ".
    """
    said = _LABEL.search(before[-_LONGEST_LABEL:])
    if said is None or not names.is_other_token(re.sub(r"\W", "_", said[1])):
        return value
    kept = tuple(taint for taint in value.taints if taint.kind != "name" or names.is_sure(taint.name))
    return replace(value, taints=kept, clean=not kept) if len(kept) < len(value.taints) else value


def name(state: State, node: cst.Name) -> Value:
    value = state.scope.find(node.value)
    if value is None:
        if node.value in _CONSTANTS:
            return Value(const=_CONSTANTS[node.value])
        value = Value(ref=node.value)
    elif value.ref in state.knowledge.dump_values and not value.taints:
        return replace(value, taints=(dump(value.ref, node),))
    return named(state, value, node.value, node)


def attribute(state: State, node: cst.Attribute) -> Value:
    label, written = node.attr.value, state.path(node)
    known = state.scope.find(written) if written else None
    base = state.evaluate(node.value)
    if known is not None:
        return named(state, known, label, node)
    ref = f"{base.ref}.{label}" if base.ref else ""
    if (whole := _dump_of(state, node, base, ref, written)) is not None:
        return whole
    if (held := _held(state, node, base, ref)) is not None:
        return held
    masked = base.masked if label in REVEALS else None
    value = Value(ref=ref, taints=_through(state, base, label), owner=base, masked=masked)
    if label.isupper() and _NAMES_OF.search(written):
        return value  # EnvironmentVariables.CLIENT_SECRET is the name of one
    return named(state, value, label, node)


def _dump_of(state: State, node: cst.Attribute, base: Value, ref: str, written: str) -> Value | None:
    """Return the value of an attribute that holds everything: an environment, settings, headers, local variables."""
    values, label = state.knowledge.dump_values, node.attr.value
    if base.instance is not None and base.instance.find(label) is not None:
        return None  # it is the program's own
    if written == "self.headers" and getattr(state.frame.owner, "name", "").endswith(_ANSWERS):
        return None  # the headers of what a server answers
    if ref in values or written in values or written.endswith(".request.headers"):
        return Value(ref=ref or written, taints=(dump(written or ref, node),))
    if label == "__dict__" and (is_settings(state, node.value) or holds_secrets(state.names, base)):
        return Value(taints=(dump(written, node),))
    if label == "f_locals" and has_secret_local(state):
        return Value(taints=(dump("the local variables", node),))
    return None


def _held(state: State, node: cst.Attribute, base: Value, ref: str) -> Value | None:
    """Return what an attribute is known to hold: of an object of a class, of a record, of another module."""
    label = node.attr.value
    known = base.instance.find(label) if base.instance else None
    if known is not None and known.function is not None:
        if not known.function.is_property:
            return replace(known, ref=ref, owner=base)
        known = apply(state, known.function, [], node, bound=True)
    if base.items is not None and (item := base.items.get(label)) and item.function is None:
        known = item  # what this object was made with, before what objects of its class may have
    known = known or state.imports.find(ref)
    return named(state, known, label, node) if known is not None else None


def _through(state: State, base: Value, label: str) -> tuple[Taint, ...]:
    """Return the secrets of an object that one of its attributes may hold."""
    lower = label.lower()
    if not base.taints or lower in _ACCESS_KEYS:
        return ()
    if state.names.is_secret(label):
        return without_dumps(base.taints)
    if lower in state.knowledge.value_names:
        return _value_of(base, label)
    if lower in state.knowledge.propagating_methods:
        return base.taints  # a method that is about to be called
    return tuple(taint for taint in base.taints if taint.kind == "parameter" and lower in _SHOWN_BY_EXCEPTIONS)


def is_settings(state: State, node: cst.CSTNode) -> bool:
    holder, _, last = state.path(node).rpartition(".")
    return last in state.knowledge.settings and holder.rpartition(".")[2] != "request"  # request.args are a query


def holds_secrets(names: Names, value: Value) -> bool:
    """Tell whether an object of a class of this module has an attribute that is a secret."""
    owner = value.instance
    return owner is not None and any(
        names.is_secret(name) and not entry.clean and entry.function is None and name not in owner.hidden_fields
        for name, entry in owner.attributes.items()
    )


def shows_secrets(names: Names, value: Value) -> bool:
    """Tell whether the text of a record shows an attribute that is a secret, as far as is known: no object was made."""
    owner = value.instance
    is_record = owner is not None and owner.is_record and not value.items and value.ref != "self"
    return is_record and holds_secrets(names, value)


def secret_fields(state: State, value: Value, node: cst.CSTNode) -> dict[object, Value]:
    """Return the attributes of an object that are secrets."""
    owner = value.instance
    fields = owner.attributes if owner is not None else {}
    return {
        name: named(state, entry, name, node) for name, entry in fields.items()
        if state.names.is_secret(name) and not entry.clean and entry.function is None
    }  # fmt: skip


def has_secret_local(state: State) -> bool:
    """Tell whether a variable of the function that is being read is a secret."""
    return any(
        state.names.is_secret(name) and not value.clean and value.const is not None
        for name, value in state.scope.names.items()
    )


def subscript(state: State, node: cst.Subscript) -> Value:
    base = state.evaluate(node.value)
    last = node.slice[-1].slice
    if isinstance(last, cst.Slice):
        bounds = (last.lower, last.upper, last.step)
        return _cut(base, [state.evaluate(one).const if one is not None else None for one in bounds], node)
    if len(node.slice) != 1 or not isinstance(last, cst.Index):
        return NOTHING
    key = state.evaluate(last.value)
    written = state.path(node.value)
    if key.ref == "slice()" and key.items:
        return _cut(base, [one.const for one in key.items.values()], node)
    constant = key.const if key.text is None else key.text
    if isinstance(constant, str | int) and not isinstance(constant, bool):
        return entry(state, base, constant, written, node)
    if texts := texts_of(key):
        return entry(state, base, setting_among(state.names, texts), "", node)
    return symbolic_entry(state, base, key, written, node) or _unknown_entry(state, base, key, written)


def symbolic_entry(state: State, base: Value, key: Value, written: str, node: cst.CSTNode) -> Value | None:
    """Return the entry under a constant of which only the name is known, None where that tells nothing."""
    symbol = key.symbol
    if symbol is None:
        return None
    known = state.scope.find(f"{written}[{symbol!r}]") if written else None
    known = known or (base.items or {}).get(symbol)
    if known is not None:
        return known
    if any(isinstance(one, Symbol) for one in base.items or ()):
        return NOTHING  # another one
    label = symbol.path.rpartition(".")[2]
    if not (state.names.is_secret(label) and state.names.is_sure(label)) or base.items:
        return None
    return named(state, _unknown_entry(state, base, key, written), label.lower(), node)


def _unknown_entry(state: State, base: Value, key: Value, written: str) -> Value:
    """Return the entry of a container under a key that is not known."""
    if (dumps := tuple(taint for taint in base.taints if taint.kind == "dump")) and key.ref == KEY_OF_DUMP:
        return Value(taints=dumps)  # each of its entries in turn
    if (source := source_of(state.knowledge.subscripts, base.ref, written)) is not None:
        return asked(state.names, source, key)
    return entry_of_any(base, key)


def _element(base: Value, number: int) -> Value:
    """Return the element of a list with a number that it has no entry for."""
    items = base.items or {}
    if number + len(items) in items:
        return items[number + len(items)]
    if base.is_parameter and number >= 0 and len(base.taints) == 1:
        return Value(taints=entry_of_parameter(base.taints, number))
    return character_or_element(base)


def entry(state: State, base: Value, key: str | int, written: str, node: cst.CSTNode) -> Value:
    """Return the entry of a container under a constant key."""
    label = str(key)
    if written and says_clean(written.rpartition(".")[2]):
        return CLEAN
    known = state.scope.find(f"{written}[{key!r}]") if written else None
    if known is not None:
        return named(state, known, label, node)
    if key == "headers" and written == "event":
        return Value(taints=(dump("the request's headers", node),))
    source = source_of(state.knowledge.subscripts, base.ref, written)
    if source is not None and isinstance(key, str):
        return from_source(state, source.kind, f"{source.says}, '{key}'", key, node)
    if base.items and key in base.items:
        return named(state, base.items[key], label, node)
    return _element(base, key) if isinstance(key, int) else named(state, _unknown(state, base, key), key, node)


def _unknown(state: State, base: Value, key: str) -> Value:
    """Return the entry under a key of a container that is not known to have one."""
    taints: tuple[Taint, ...] = ()
    if state.names.is_secret(key):
        taints = without_dumps(base.taints)
    elif key.lower() in state.knowledge.value_names:
        taints = _value_of(base, key)
    elif base.is_parameter or any(taint.at for taint in base.taints):
        taints = entry_of_parameter(base.taints, key)
    is_public = not taints and state.names.is_public(key)  # credential = data["email"]
    return Value(ref=f"{base.ref}[]" if base.ref else "", taints=taints, clean=is_public)


def _value_of(base: Value, label: str) -> tuple[Taint, ...]:
    """Return the secrets of what is called so in something, secret["value"]; of an argument, those of its entry."""
    entries = ((taint.entry(label) or taint, taint) for taint in without_dumps(base.taints))
    return merge(entry if base.is_parameter or taint.at else taint for entry, taint in entries)


def _length(lower: object, upper: object) -> int:
    """Return how long `[lower:upper]` is, as far as that is known, else longer than anything."""
    if isinstance(upper, int) and upper >= 0 and isinstance(lower, int | None):
        return upper - (lower or 0)
    if upper is None and isinstance(lower, int) and lower < 0:
        return -lower
    return sys.maxsize


def _cut(base: Value, bounds: list[Const], node: cst.Subscript) -> Value:
    """Return `base[lower:upper:step]`: a few characters of a secret are only a part of it."""
    lower, upper, step = (*bounds, None, None, None)[:3]
    const = folding.cut(base.const, lower, upper, step)
    if const is not UNKNOWN:
        return Value(const=const, node=node, folded=True)
    if base.clean:
        return CLEAN
    if not base.taints or base.items is not None:
        return Value(taints=without_dumps(base.taints))
    return Value(taints=cut_to(_length(lower, upper), without_dumps(base.taints)))


def tell_defaults(state: State, value: Value, place: cst.CSTNode) -> None:
    """Tell of the literals that a value may be instead of a setting, under the name of that."""
    leaves = value.leaves
    name = next((taint.name for leaf in leaves for taint in leaf.taints if taint.kind == "environment"), "")
    for leaf in leaves if name else ():
        if leaf.text is not None:
            state.bound(name, leaf, "fallback", place)


def source_of(table: Table[Source], ref: str, written: str) -> Source | None:
    found = table.find(ref, written)
    return found[0] if found else None


def asked(names: Names, source: Source, key: Value) -> Value:
    """Return what a source has under a key that functions are handed: callers may know it."""
    look = partial(_look_up, names, source)
    taints = (taint.entry(Asked(source.says, look)) for taint in key.taints)
    return Value(ref=f"{source.kind}[]", taints=merge(filter(None, taints)))


def _look_up(names: Names, source: Source, key: Value) -> Value:
    """Return what a source has under what a function is handed."""
    if not (texts := texts_of(key)):
        return asked(names, source, key)
    label = setting_among(names, texts)
    return Value(taints=(Taint(source.kind, label, ()),) if names.is_setting(label) else ())


def texts_of(key: Value) -> list[str]:
    """Return what a key may be; of a text with holes the rest: f"API_KEY_{number}"."""
    texts = [leaf.text or "".join(part.text or "" for part in leaf.parts).strip("_") for leaf in key.leaves]
    return [text for text in texts if text]


def setting_among(names: Names, texts: list[str]) -> str:
    """Return the one of several names that is a secret's, else the first."""
    return next((text for text in texts if names.is_setting(text)), texts[0])


def from_source(state: State, kind: str, says: str, label: str, node: cst.CSTNode) -> Value:
    """Return what a look-up returns: a secret, if that is what it is called."""
    label = label.strip(_ASKS) if kind == "prompt" else label
    if state.names.is_setting(label):
        return Value(ref=f"{kind}[]", taints=(Taint(kind, label, (Step(node, says),)),), shown=label)
    return Value(ref=f"{kind}[]")


def shown_as(state: State, value: Value, node: cst.CSTNode) -> Value:
    """Return a value that knows what it is called."""
    return value if value.shown else replace(value, shown=name_of(node, state.names, state.value_of))
