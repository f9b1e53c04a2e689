"""Classes: bodies, fields of records, and objects that are made of them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.interpret.functions import apply
from keytrace.analyzers.python.interpret.handing import arguments_of, pick
from keytrace.analyzers.python.interpret.joins import bind, keep_attribute, merge, taints_of, widen_attribute
from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.state import Frame, State
from keytrace.analyzers.python.interpret.values import NOTHING, Class, Function, Node, Scope, Value
from keytrace.analyzers.python.syntax import dotted, walk

_RECORDS = frozenset(
    "dataclass dataclasses.dataclass attr.s attrs.define attr.define define pydantic.dataclasses.dataclass".split()
)
_RECORD_BASES = frozenset("NamedTuple TypedDict BaseModel BaseSettings Struct".split())
_FIELDS = frozenset("field Field ib attrib".split())
_COLUMNS = frozenset("Column mapped_column CharField TextField".split())
_EXCEPTIONS = ("Error", "Exception")


def class_(state: State, node: cst.ClassDef) -> bool:
    parents = [(arg.value, state.evaluate(arg.value)) for arg in node.bases if arg.keyword is None]
    owner = state.classes.get(node)
    if owner is None:
        bases = tuple(value.ref or state.path(place) for place, value in parents)
        owner = state.classes[node] = Class(node.name.value, node, bases)
    owner.parents = tuple(
        value.instance for _, value in parents if value.instance is not None and value.instance is not owner
    )
    for decorator in node.decorators:
        state.evaluate(decorator.decorator)
    owner.is_record = _is_record(state, node, owner)
    before = state.frame
    state.frame = Frame(Scope(before.scope), None, owner, before.loops, before.asserted)
    state.block(node.body.body)
    inner, state.frame = state.scope, before
    for name, value in inner.names.items():
        if "." in name or "[" in name:
            continue
        if value.function is not None:
            owner.attributes[name] = value
        else:
            widen_attribute(owner, name, value)
    bind(state.scope, node.name.value, Value(ref=node.name.value, instance=owner, shown="class"))
    return True


def _is_record(state: State, node: cst.ClassDef, owner: Class) -> bool:
    """Tell whether objects of a class are made of its attributes."""
    if any(base.rpartition(".")[2] in _RECORD_BASES for base in owner.bases):
        return True
    return any(state.path(decorator.decorator).removesuffix("()") in _RECORDS for decorator in node.decorators)


def field(state: State, call: cst.Call, value: Value) -> Value:
    """Return what `field(default=x)`, `Field(x)` or another call with a default gives an attribute."""
    function = state.path(call.func)
    last = function.rpartition(".")[2]
    if last not in _FIELDS and last not in _COLUMNS:
        return _default(state, call, value)
    for arg in call.args:
        name = arg.keyword.value if arg.keyword else ""
        given = state.value_of(arg.value)
        if name == "default" or (not name and not arg.star and function.endswith("Field")):
            return given if given.text is not None or given.masked is not None else NOTHING
        if name in ("default_factory", "factory") and given.function is not None:
            return apply(state, given.function, [], call, bound=False)
    return value if last in _COLUMNS else NOTHING


def _default(state: State, call: cst.Call, value: Value) -> Value:
    """Return the text that a call of an unknown function gives as a default, else what it returns."""
    defaults = (arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "default")
    default = state.value_of(next(defaults, None))
    return default if value.function is None and value.is_open and default.text is not None else value


def is_hidden(call: cst.Call) -> bool:
    """Tell whether a field says repr=False."""
    return any(
        arg.keyword is not None and arg.keyword.value == "repr"
        and isinstance(arg.value, cst.Name) and arg.value.value == "False"
        for arg in call.args
    )  # fmt: skip


def keep_stored(function: Function, site: Site, owner: Class) -> None:
    """Remember what a method that is called leaves in the attributes of its object."""
    values = arguments_of(function, site.given, bound=True)
    for (number, at), names in list(function.summary.stored.items()):  # what calls itself may store more
        value = pick(values.get(number, NOTHING), at, values)
        for name in names:
            if any(taint.kind != "parameter" for taint in value.taints):
                keep_attribute(owner, name, value)
        for taint in value.taints:
            if taint.kind == "parameter" and taint.owner is not None and taint.owner.owner is owner:
                taint.owner.summary.stored.setdefault((taint.index, taint.at), set()).update(names)


def construct(state: State, site: Site) -> Value:
    """Return an object of a class of this module, after its __init__ has had the arguments."""
    owner = site.function.instance
    assert owner is not None
    made = Value(ref=f"{site.ref}()" if site.ref else "", instance=owner)
    if site.method.endswith(_EXCEPTIONS):
        made = replace(made, taints=() if says_itself(site.function) else taints_of(site.values), clean=True)
    initialiser = owner.find("__init__")
    if initialiser is not None and initialiser.function is not None:
        apply(state, initialiser.function, site.given, site.node, bound=True)
        keep_stored(initialiser.function, site, owner)
        return _shown(state, owner, site, made)
    return _record(state, owner, site, made) if owner.is_record else _shown(state, owner, site, made)


def says_itself(kind: Value) -> bool:
    """Tell whether exceptions of a class say what it makes of its arguments, not these: its text is its own, or its
    __init__ hands one on.
    """
    owner = kind.instance if kind.is_class else None
    made = owner.find("__init__") if owner is not None else None
    if owner is None or made is None or made.function is None:
        return False
    return owner.find("__str__") is not None or _hands_on(made.function.node)


@lru_cache(maxsize=64)  # exceptions of a class may be made in many places
def _hands_on(initialiser: Node) -> bool:
    """Tell whether an __init__ calls that of a base."""
    return any(isinstance(part, cst.Call) and dotted(part.func) == "super().__init__" for part in walk(initialiser))


def _shown(state: State, owner: Class, site: Site, made: Value) -> Value:
    """Return an object with the secrets that its own text shows: of __str__, else of __repr__."""
    told = owner.find("__str__") or owner.find("__repr__")
    if told is None or told.function is None:
        return made
    text = apply(state, told.function, (), site.node, bound=True)
    return replace(made, taints=merge(made.taints, (one for one in text.taints if one.kind != "parameter")))


def _record(state: State, owner: Class, site: Site, made: Value) -> Value:
    """Return an object that is made of its attributes, with what it was given."""
    fields = [name for name, value in owner.attributes.items() if value.function is None]
    items: dict[object, Value] = {}
    for number, one in enumerate(site.arguments):
        name = one.keyword or (fields[number] if number < len(fields) else "")
        if name:
            items[name] = one.value
            state.bound(name, one.value, "call", one.node)
    shown = taints_of(value for name, value in items.items() if name not in owner.hidden_fields)
    return replace(made, items=items, taints=shown)
