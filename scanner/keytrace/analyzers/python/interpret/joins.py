"""How values become one: joined where ways through a program meet, put together to texts and containers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from keytrace.analyzers.python.interpret.folding import stands_for_secret
from keytrace.analyzers.python.interpret.values import (
    CLEAN,
    EACH,
    LONGEST_CONST,
    MOST_OPTIONS,
    MOST_PARTS,
    MOST_TAINTS,
    NOTHING,
    UNKNOWN,
    Class,
    Node,
    Scope,
    Step,
    Taint,
    Value,
)
from keytrace.names.lexicon import judge

KEYS_OF_DUMP, KEY_OF_DUMP = "<keys>", "<key>"  # of an environment: a look-up by them may return anything
ENTRY_OF, NAME_OF_ENTRY = "<entry>", "<name>"  # what a loop takes out of items()
_CUT_SHORT = frozenset("environment prompt literal name".split())  # kinds of taints of which one character is a part
_LISTS = ("split()", "partition()", "[]")
_MADE = ("()", "[]")  # how a ref ends of what a call or a look-up made
_PART, _LONGER_PART = 8, 20  # characters that are only a part of a secret; of
_LONG = frozenset(("token", "api-key"))  # kinds that are longer
HAND_ON = frozenset(("parameter", "manager"))  # kinds of taints of which any entry may be the secret


def merge(*groups: Iterable[Taint]) -> tuple[Taint, ...]:
    """Return the taints of all groups, each once, the first steps of each kept."""
    found: dict[tuple[object, ...], Taint] = {}
    for group in groups:
        for taint in group:
            found.setdefault(taint.key, taint)
    return tuple(found.values())[:MOST_TAINTS]


def taints_of(values: Iterable[Value]) -> tuple[Taint, ...]:
    return merge(*(value.taints for value in values))


def is_long(taint: Taint) -> bool:
    """Tell whether a secret is of a kind of which a few characters are like an id."""
    return judge(taint.name).kind in _LONG


def cut_to(length: int, taints: Iterable[Taint]) -> tuple[Taint, ...]:
    """Return the taints of so many characters at either end of a secret, or of several."""
    limits = ((taint, _LONGER_PART if is_long(taint) else _PART) for taint in taints)
    return tuple(replace(taint, part=taint.part or length <= limit) for taint, limit in limits)


def without_dumps(taints: Iterable[Taint]) -> tuple[Taint, ...]:
    return tuple(taint for taint in taints if taint.kind != "dump")


def with_taints(value: Value, taints: Iterable[Taint]) -> Value:
    return replace(value, taints=merge(value.taints, taints))


def stepped(value: Value, place: Node, says: str) -> Value:
    """Return a value one step further on its way."""
    if not value.taints:
        return value
    return replace(value, taints=tuple(taint.step(place, says) for taint in value.taints))


def dump(name: str, node: Node) -> Taint:
    """Return the taint of what holds everything, secrets included."""
    return Taint("dump", name, (Step(node, f"all of {name}"),))


def container(items: Mapping[object, Value], ref: str = "") -> Value:
    return Value(ref=ref, items=items, taints=taints_of(items.values()))


def text_of(parts: Sequence[Value]) -> Value:
    """Return the text that `parts` make, one after the other; a constant if all of them are."""
    flat: list[Value] = []
    for part in parts:
        flat += part.parts or (part,)
    if all(isinstance(part.const, str) for part in flat):
        joined = "".join(part.const for part in flat if isinstance(part.const, str))
        if len(joined) <= LONGEST_CONST:
            return Value(const=joined, folded=True, taints=taints_of(flat))
    return Value(parts=tuple(flat[:MOST_PARTS]), taints=taints_of(flat))


def join(one: Value, other: Value) -> Value:
    """Return what is known of a value that is one of two."""
    if one is other:
        return one
    if (same := _masked(one, other) or _masked(other, one) or _equal(one, other)) is not None:
        return same
    leaves = tuple(dict.fromkeys((*one.leaves, *other.leaves)))
    items = _join_items(one.items, other.items) if one.items is not None and other.items is not None else None
    either = one.is_none or other.is_none
    return Value(
        ref=one.ref if one.ref == other.ref else (one.ref or other.ref) if either else "",
        taints=merge(one.taints, other.taints),
        items=items,
        options=leaves[:MOST_OPTIONS],
        instance=one.instance or other.instance,
        function=one.function or other.function,
        clean=one.clean and other.clean,
        masked=one.masked or other.masked,
        **_signature(one, other),
    )


def _equal(one: Value, other: Value) -> Value | None:
    """Return the constant that both values are."""
    is_one = one.const is not UNKNOWN and one.const == other.const and type(one.const) is type(other.const)
    return with_taints(one, other.taints) if is_one else None


def _masked(one: Value, other: Value) -> Value | None:
    """Return a value that is what another one is only where somebody asks to see the secret in that: masked, or cut."""
    if not other.taints or other.clean:
        return None
    if stands_for_secret(one.const):
        return one
    parts = {taint.key for taint in one.taints if taint.part}
    wholes = {taint.cut().key for taint in other.taints}
    is_part = all(taint.part or (taint.at and isinstance(taint.at[-1], int)) for taint in one.taints)
    return one if is_part and wholes <= parts else None


def _signature(one: Value, other: Value) -> dict[str, Any]:
    return {"mac": one.mac or other.mac, "hashed": one.hashed or other.hashed}


def _join_items(one: Mapping[object, Value], other: Mapping[object, Value]) -> Mapping[object, Value]:
    joined = {**one, **other}
    joined.update((key, join(one[key], other[key])) for key in one if key in other)
    return joined


def join_all(values: Iterable[Value]) -> Value:
    """Return what is known of a value that is one of several, nothing if there are none."""
    found: Value | None = None
    for value in values:
        found = value if found is None else join(found, value)
    return found or NOTHING


def constants(value: Value) -> Iterator[Value]:
    """Yield the options that are constant texts."""
    for leaf in value.leaves:
        if leaf.text is not None:
            yield leaf


def element_of(value: Value) -> Value:
    """Return what is known of any element of a container."""
    if value.clean:
        return _element_of_clean(value)
    if value.ref.endswith("items()"):
        return _pair_of(value)
    if value.ref == "{}" or is_dict(value):
        return CLEAN  # its keys
    if value.items is not None:
        return join_all(value.items.values())
    if value.options:
        return join_all(map(element_of, value.options)) if value.taints else value.options[0]
    if value.taints and all(taint.kind == "dump" for taint in value.taints) and ".values" not in value.ref:
        return Value(ref=KEY_OF_DUMP, clean=True)
    if value.ref.endswith(_MADE):
        return Value(taints=value.taints if ".values" in value.ref else without_dumps(value.taints))
    return Value(taints=tuple(map(_character, without_dumps(value.taints))))


def _element_of_clean(value: Value) -> Value:
    """Return what is known of an element of what no name calls a secret: what *names are given."""
    own = filter(None, (taint.entry(EACH) for taint in value.taints))
    return Value(ref=KEY_OF_DUMP if value.ref == KEYS_OF_DUMP else "", taints=tuple(own), clean=True)


def _pair_of(items: Value) -> Value:
    """Return what is known of any name and entry of a dictionary, by its items()."""
    if items.items is not None:
        return container({0: CLEAN, 1: join_all(items.items.values())})
    name = Value(ref=NAME_OF_ENTRY, clean=True)
    return Value(items={0: name, 1: Value(ref=ENTRY_OF, taints=items.taints)}, taints=items.taints)


def _character(taint: Taint) -> Taint:
    """Return the taint of what a loop takes out of a secret: one of several by its name, else a part of it."""
    if (entry := taint.entry(EACH)) is not None:
        return entry
    whole = taint.kind in HAND_ON or taint.name.lower().endswith("s")
    return taint if whole else taint.cut()


def character_or_element(base: Value) -> Value:
    """Return what stands at a position of something of which the entries are not known."""
    taints = without_dumps(base.taints)
    if base.ref.endswith("split()") and base.shown == "@":
        return CLEAN  # what stands behind the password
    is_text = not base.ref.endswith(_LISTS) and base.items is None and not base.instance
    if is_text and not {taint.kind for taint in taints}.isdisjoint(_CUT_SHORT):
        taints = tuple(
            taint.cut() if taint.kind in _CUT_SHORT or taint.kind == "parameter" else taint for taint in taints
        )
    return Value(ref=f"{base.ref}[]" if base.ref else "", taints=taints)


def is_dict(value: Value) -> bool:
    """Tell whether a container has names for its entries, so that to iterate over it yields these."""
    return bool(value.items and not any(isinstance(key, int) for key in value.items))


def any_entry(base: Value) -> Value:
    """Return what an entry of a container may hold of which the key is not known: of one for secrets, a secret."""
    entries = list((base.items or {}).values())
    if not is_dict(base):
        return element_of(base)
    return join_all(entries) if all(entry.taints for entry in entries) else CLEAN


def bind(scope: Scope, name: str, value: Value) -> None:
    """Bind a name anew; what was known of its attributes and entries is forgotten."""
    target = scope.declared.get(name, scope)
    for part in target.parts.pop(name, ()):
        target.names.pop(part, None)
    if target is not scope:
        before = target.names.get(name)  # nobody knows when this runs
        value = join(before, value) if before is not None else value
    target.put(name, value)


def merge_into(scope: Scope, *branches: Scope) -> None:
    """Go on in a scope with what is known after any of its branches."""
    merged = dict(branches[0].names)
    for branch in branches[1:]:
        for name, value in branch.names.items():
            before = merged.get(name)
            if before is not value:
                merged[name] = value if before is None else join(before, value)
    scope.names = merged
    scope.parts = {}
    for branch in branches:
        for name, parts in branch.parts.items():
            scope.parts.setdefault(name, set()).update(parts)


def widen_attribute(owner: Class, name: str, value: Value) -> None:
    """Remember that an attribute of any object of a class may also hold this."""
    before = owner.attributes.get(name)
    owner.attributes[name] = value if before is None else join(before, value)


def keep_attribute(owner: Class, name: str, value: Value) -> None:
    """Remember what an attribute may hold, whoever calls; what an argument brought is the callers' to tell."""
    widen_attribute(owner, name, _of_any_caller(value))


def keep_part(owner: Class, path: str, value: Value) -> None:
    """Remember likewise what an attribute of an attribute, or an entry of one, may hold."""
    before, value = owner.parts.get(path), _of_any_caller(value)
    owner.parts[path] = value if before is None else join(before, value)


def _of_any_caller(value: Value) -> Value:
    return replace(
        value, taints=tuple(taint for taint in value.taints if taint.kind != "parameter"), is_parameter=False
    )
