"""Calls that hand on what they are given, in another form: texts, look-ups, containers, propagators."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from keytrace.analyzers.python.interpret.handing import entry_of_any, listed
from keytrace.analyzers.python.interpret.joins import (
    HAND_ON,
    any_entry,
    container,
    dump,
    element_of,
    is_dict,
    join,
    merge,
    taints_of,
    text_of,
    without_dumps,
)
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.lookups import (
    entry,
    holds_secrets,
    is_settings,
    secret_fields,
    symbolic_entry,
)
from keytrace.analyzers.python.interpret.site import Argument, Site
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.texts import built, format_
from keytrace.analyzers.python.interpret.values import CLEAN, NOTHING, UNKNOWN, Const, Taint, Value
from keytrace.analyzers.python.outline.shapes import EXCEPTIONS
from keytrace.names.lexicon import words
from keytrace.names.tables import literals, programs

_FORMATS = frozenset(("format", "format_map"))
_ENTRIES = (".items()", ".values()")
_SUBSTITUTES = frozenset(("substitute", "safe_substitute"))
_LOOKUPS = frozenset("get pop getlist get_secret __getitem__".split())
_CHOOSE = frozenset(("include", "exclude"))
_SHOWS_ALL = frozenset(("vars", "dataclasses.asdict"))
_DICTS = ("OrderedDict", "SimpleNamespace")
_KEEPS_TEXT = frozenset(
    "str sqlalchemy.text furl.furl yarl.URL httpx.URL urllib.parse.quote urllib.parse.quote_plus typing.cast".split()
)
_KEEPS_ITEMS = frozenset("list tuple dict set sorted copy.copy copy.deepcopy urllib.parse.urlencode".split())
_LISTS = frozenset("list tuple set sorted frozenset".split())  # of a dictionary they are the names
_KEEPS_ENTRIES = frozenset("copy items values dict model_dump".split())
_OF_TEXTS = frozenset(
    "strip lstrip rstrip lower upper split rsplit partition rpartition splitlines encode decode".split()
)
_KEEPS_PARTS = frozenset(("encode", "strip"))
_TAKES_OUT = frozenset("get pop read resolve_value".split())
_TAKES_IN = frozenset("format replace ljust rjust center zfill substitute safe_substitute join".split())
_MAKES_ADDRESS = {"urlunsplit": 5, "urlunparse": 6}  # of so many pieces
_SPLITS = frozenset(("split", "rsplit"))
_SPLITTERS = _SPLITS | {"partition", "rpartition"}
# Which side of these has the password of an address: neither scheme, nor host, nor what a file is called.
_OF_ADDRESS: Mapping[object, tuple[bool, bool]] = {"://": (False, True), "///": (False, False), "@": (True, False)}
_BRACES = re.compile(r"\$\{?(\w+)\}?")


def _of_format(state: State, site: Site) -> Value | None:
    """Return what `"…".format(…)` and `"…".format_map(…)` make."""
    owner = site.function.owner
    if site.method not in _FORMATS or owner is None or owner.text is None:
        return None
    keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
    for one in site.arguments:
        if one.stars == 2 or site.method == "format_map":
            keywords.update({str(key): value for key, value in (one.value.items or {}).items()})
    arguments = [one.value for one in site.positional] if site.method == "format" else []
    return format_(state, owner.text, arguments, keywords, site.node)


def _of_join(state: State, site: Site) -> Value | None:
    owner = site.function.owner
    if site.method != "join" or owner is None or not site.arguments:
        return None
    joined = site.arguments[0].value
    if is_dict(joined):
        return CLEAN  # its keys
    if joined.items is not None and isinstance(owner.const, str) and _are_all(joined.items.values(), joined.taints):
        parts: list[Value] = []
        for one in joined.items.values():
            piece = one if one.text is None or isinstance(one.const, str) else NOTHING
            parts += [owner, piece] if parts else [piece]
        return built(state, parts, site.node)
    if is_dump(joined) or joined.ref.endswith(".data"):
        return CLEAN  # keys
    return Value(taints=tuple(replace(taint, part=False) for taint in listed(joined.taints)))


def _are_all(entries: Iterable[Value], taints: tuple[Taint, ...]) -> bool:
    """Tell whether the entries that are known hold all secrets of a container: it may have been filled elsewhere."""
    return {taint.key for taint in taints} <= {taint.key for entry in entries for taint in entry.taints}


def is_dump(value: Value) -> bool:
    """Tell whether a value is a whole environment, of which a loop sees the names alone."""
    dumps = bool(value.taints) and all(taint.kind == "dump" for taint in value.taints)
    return dumps and value.ref != "[]" and not value.ref.endswith(_ENTRIES)


def _of_lookup(state: State, site: Site) -> Value | None:
    """Return what `getattr(x, "name")`, `x.get("name")` and `x.pop("name", "default")` return."""
    values = site.values
    if site.ref == "getattr" and len(values) >= 2 and isinstance(values[1].const, str):
        return entry(state, values[0], values[1].const, "", site.node)
    owner = site.function.owner
    if owner is None or site.method not in _LOOKUPS or not values:
        return None
    written = state.path(site.receiver) if site.receiver is not None else ""
    if not isinstance(values[0].const, str):
        return symbolic_entry(state, owner, values[0], written, site.node) or _unknown_entry(owner, values)
    key = values[0].const
    if len(values) > 1 and _is_section(state, key, site):
        return NOTHING
    found = entry(state, owner, key, written, site.node)
    if len(values) > 1 and values[1].text:
        if state.names.is_secret(key):
            state.bound(key, values[1], "fallback", site.arguments[1].node)
        return join(found, replace(values[1], taints=()))
    return found


def _is_section(state: State, key: str, site: Site) -> bool:
    """Tell whether the first argument is that of a file of settings, and the next says which option of it is asked
    for: config.get("Credentials", host_option_name).
    """
    option = site.arguments[1]
    if option.keyword or option.value.const is not UNKNOWN or not literals().plural.intersection(words(key)[-1:]):
        return False
    return bool(option.value.parts) or state.names.refers(name_of(option.node, state.names, state.value_of))


def _unknown_entry(owner: Value, values: Sequence[Value]) -> Value | None:
    """Return what `x.get(key)` returns for a key that is not known."""
    if owner.is_parameter:
        return entry_of_any(owner, values[0])
    return any_entry(owner) if owner.items and is_dict(owner) and len(values) == 1 else None


def _of_dump(state: State, site: Site) -> Value | None:
    """Return what shows all of a settings object, or some of it."""
    if site.method in state.knowledge.dump_methods:
        if any(map(_leaves_out, site.arguments)):
            return CLEAN
        owner = site.function.owner or NOTHING
        if (owner.instance is not None and owner.instance.is_record and holds_secrets(state.names, owner)) or (
            site.receiver is not None and is_settings(state, site.receiver)
        ):
            return Value(taints=(dump(f"{site.written}()", site.node),))
    if site.ref in _SHOWS_ALL and site.arguments:
        shown = site.arguments[0]
        if is_settings(state, shown.node) or holds_secrets(state.names, shown.value):
            taints = (dump(f"{site.ref}({state.path(shown.node)})", site.node),)
            return Value(taints=taints, items=secret_fields(state, shown.value, site.node) or None)
    return None


def _leaves_out(argument: Argument) -> bool:
    """Tell whether a keyword asks for less than everything: exclude={"key"}, redacted=True."""
    if argument.keyword in _CHOOSE:
        return True
    return argument.value.const is not False and not programs().clean.isdisjoint(words(argument.keyword))


def _of_container(_state: State, site: Site) -> Value | None:
    values = site.values
    if site.ref == "dict" or site.ref.endswith(_DICTS):
        items: dict[object, Value] = {}
        for one in site.arguments:
            items.update({one.keyword: one.value} if one.keyword else _entries(one.value))
        made = container(items) if items or not values else NOTHING
        return replace(made, taints=taints_of(values))
    if site.ref.endswith("namedtuple()"):
        return container(dict(enumerate(values)), "[]")
    if site.ref == "zip":
        return container({0: container({number: element_of(value) for number, value in enumerate(values)})}, "[]")
    if site.ref == "enumerate" and values:
        return container({0: container({0: CLEAN, 1: element_of(values[0])})}, "[]")
    if site.ref.endswith(EXCEPTIONS):
        return Value(ref=f"{site.ref}()", taints=taints_of(values), clean=True)
    return None


def _entries(value: Value) -> dict[object, Value]:
    """Return the entries of a dict that is made of a dict or of pairs."""
    entries: dict[object, Value] = {}
    for key, one in (value.items or {}).items():
        if isinstance(key, int) and one.items is not None and len(one.items) == 2:
            name = one.items.get(0, NOTHING).const
            entries[name if name is not UNKNOWN else key] = one.items.get(1, NOTHING)
        else:
            entries[key] = one
    return entries


def _of_template(state: State, site: Site) -> Value | None:
    if site.ref == "string.Template" and site.arguments:
        return Value(ref="string.Template()", items={"template": site.arguments[0].value})
    owner = site.function.owner
    if site.method not in _SUBSTITUTES or owner is None or owner.ref != "string.Template()" or not owner.items:
        return None
    template = owner.items["template"].text
    if template is None:  # nobody knows which variables it takes
        return Value(taints=without_dumps(merge(owner.items["template"].taints, taints_of(site.values))))
    keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
    keywords.update({str(key): value for one in site.positional for key, value in (one.value.items or {}).items()})
    return format_(state, _BRACES.sub(r"{\1}", template), [], keywords, site.node)


def _of_address(state: State, site: Site) -> Value | None:
    """Return the URL that `urlunsplit((scheme, host, path, query, fragment))` makes, and urlunparse likewise."""
    items = site.values[0].items if site.method in _MAKES_ADDRESS and len(site.values) == 1 else None
    if items is None or len(items) != _MAKES_ADDRESS[site.method]:
        return None
    scheme, host, path, *_, query, fragment = items.values()
    pieces = [scheme, Value(const="://"), host, path, Value(const="?"), query]
    if fragment.text != "":
        pieces += [Value(const="#"), fragment]
    return built(
        state, [one if isinstance(one.const, str) or one.text is None else NOTHING for one in pieces], site.node
    )


def _of_propagator(state: State, site: Site) -> Value | None:
    """Return what a function returns that hands on what it is given, in another form."""
    if not state.knowledge.propagators.find(site.ref, site.written):
        return None
    values = site.values
    ref = f"{site.ref}()" if site.ref else ""
    if values and site.ref in _KEEPS_ITEMS and values[0].ref.endswith(_ENTRIES):
        return values[0]  # a list of what a loop sees
    if site.method == "urljoin" and len(values) > 1 and not _is_url(values[1]):
        return replace(text_of(values[:2]), folded=False)
    if len(values) == 1 and values[0].parts and site.ref in _KEEPS_TEXT:
        return replace(values[0], ref=ref)
    first = values[0] if values else NOTHING
    return Value(
        ref=ref,
        taints=_listed(site),
        items=first.items if site.ref in _KEEPS_ITEMS else None,
        options=first.options,
        masked=first.masked if site.ref.startswith("copy.") else None,
    )


def _listed(site: Site) -> tuple[Taint, ...]:
    """Return the secrets in what a function returns that hands on its arguments."""
    taints = taints_of(site.values)
    return listed(taints) if site.ref in _LISTS else taints


def _is_url(value: Value) -> bool:
    first = value.parts[0] if value.parts else value
    return any("://" in (leaf.text or "") for leaf in first.leaves)


def _of_clean(_state: State, site: Site) -> Value | None:
    """Return what a method returns of a text that is no secret: a piece of it, or the same in another form."""
    owner = site.function.owner
    is_clean = owner is not None and owner.clean and site.method in _OF_TEXTS
    return CLEAN if is_clean and not taints_of(site.values) else None


def _of_method(state: State, site: Site) -> Value | None:
    """Return what a method returns that hands on what its object is, in another form."""
    owner, method = site.function.owner, site.method
    if owner is None or method not in state.knowledge.propagating_methods:
        return None
    ref = f"{site.ref}()" if site.ref else f"{method}()"
    taints, values = owner.taints, site.values
    if (pieces := _pieces(owner, method, values)) is not None:
        return replace(container(dict(enumerate(pieces))), ref=ref)
    if method in _KEEPS_ENTRIES:
        return Value(ref=ref, taints=taints, items=_kept(owner, method))
    if method in _TAKES_OUT and owner.ref not in state.knowledge.carriers:
        taints = tuple(taint for taint in taints if taint.kind in HAND_ON)
    elif method in _TAKES_IN:
        taints = merge(taints, taints_of(values))
    shown = str(values[0].const) if values and method in _SPLITS else ""
    return Value(ref=ref, taints=taints, shown=shown, parts=owner.parts if method in _KEEPS_PARTS else ())


def _kept(owner: Value, method: str) -> Mapping[object, Value] | None:
    """Return the entries of a container as a method returns them: `values` without their names."""
    if method != "values" or owner.items is None:
        return owner.items
    return dict(enumerate(owner.items.values()))


def _pieces(owner: Value, method: str, values: Sequence[Value]) -> list[Value] | None:
    """Return the pieces of a text that is split where a constant part of it says so; None where that is not known."""
    between = values[0].const if values else None
    if (sides := _sides(owner, method, between)) is not None:
        return sides
    if not owner.parts or method not in _SPLITTERS or not isinstance(between, str) or not between:
        return None
    pieces = _split(owner.parts, between)
    if len(pieces) == 1:
        return None
    is_partition = method.endswith("partition")
    most = 1 if is_partition else values[1].const if len(values) > 1 else None
    if isinstance(most, int) and 0 < most < len(pieces) - 1:
        pieces = _together(pieces, between, most, from_end=method.startswith("r"))
    found = [text_of(piece) for piece in pieces]
    return [found[0], Value(const=between), found[-1]] if is_partition else found


def _sides(owner: Value, method: str, between: Const) -> list[Value] | None:
    """Return both sides of an address with a password, of which one has it; None of anything else."""
    if between not in _OF_ADDRESS or method not in _SPLITTERS or not owner.taints:
        return None
    if not all(map(_is_address, owner.taints)):
        return None
    whole = Value(taints=owner.taints)
    first, last = (whole if kept else CLEAN for kept in _OF_ADDRESS[between])
    return [first, last] if method in _SPLITS else [first, Value(const=between), last]


def _is_address(taint: Taint) -> bool:
    return programs().is_connection(words(taint.name))


def _split(parts: Sequence[Value], between: str) -> list[list[Value]]:
    """Return the parts of each piece of a text."""
    pieces: list[list[Value]] = [[]]
    for part in parts:
        texts = part.const.split(between) if isinstance(part.const, str) else []
        pieces[-1].append(Value(const=texts[0]) if texts else part)
        pieces += [[Value(const=text)] for text in texts[1:]]
    return pieces


def _together(pieces: list[list[Value]], between: str, most: int, *, from_end: bool) -> list[list[Value]]:
    """Return the pieces of a text that is split at so many places only."""
    at = len(pieces) - most if from_end else most
    rest = pieces[:at] if from_end else pieces[at:]
    joined = rest[0] + [one for piece in rest[1:] for one in (Value(const=between), *piece)]
    return [joined, *pieces[at:]] if from_end else [*pieces[:at], joined]


LOOKS = (
    _of_format, _of_join, _of_lookup, _of_dump, _of_container, _of_template, _of_address, _of_propagator, _of_clean,
    _of_method,
)  # fmt: skip
