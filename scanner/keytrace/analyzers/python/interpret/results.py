"""What calls return: of functions and classes of the module, sources, sanitizers, constants, and by the name alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from keytrace.analyzers.python.interpret import callers, classes, folding, passing
from keytrace.analyzers.python.interpret.functions import apply
from keytrace.analyzers.python.interpret.joins import KEYS_OF_DUMP, container, dump, is_dict, join, merge
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.lookups import (
    REVEALS,
    asked,
    from_source,
    has_secret_local,
    setting_among,
    source_of,
    texts_of,
)
from keytrace.analyzers.python.interpret.site import Site
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import (
    CLEAN,
    LONGEST_CONST,
    NOTHING,
    RETURNED,
    UNKNOWN,
    Class,
    Const,
    Given,
    Step,
    Taint,
    Value,
)
from keytrace.analyzers.python.knowledge import Source
from keytrace.names.lexicon import words
from keytrace.names.tables import programs

_HIDES = frozenset(
    "redact mask scrub censor obfuscate sanitize sanitise anonymize hide hash encrypt abbreviate".split()
)
_COMMANDS = frozenset("check_output run getoutput popen Popen check_call".split())
_SCOPES = frozenset(("locals", "globals"))
SUPER = "super()"
_LISTS = frozenset("sorted list tuple set frozenset iter".split())
_NAMES_OF = _LISTS | {"keys"}
_REPLACES = frozenset(("replace", "sub"))
_DECODES = frozenset("codecs.decode codecs.encode bytes str".split())
_OF_TEXTS = re.compile(r"(?i)tokenizer|lexer|vocab")  # there, a token is a piece of text
_MASK = frozenset("*xX#•.-<>[]")
_READS_MASKED = re.compile(r"(?i)redact|hidden|mask|\*{2,}|secret|removed")
_CLIENT = re.compile(r"\.(?:\w*[sS]ession|\w*Client|Request|PoolManager|\w*Connection(?:Pool)?)$")
_BYTES = frozenset(range(256))
_SAFE_SIZE = 16  # bytes of a random text that opens something; a shorter one is a name


def result(state: State, site: Site) -> Value:
    function = site.function
    if function.function is not None:
        return _of_function(state, site)
    if function.is_class:
        return classes.construct(state, site)
    callers.note_handed(site)
    for look in _LOOKS:
        value = look(state, site)
        if value is not None:
            return value
    return _by_name(state, site, Value(ref=f"{site.ref}()" if site.ref else ""))


def _of_function(state: State, site: Site) -> Value:
    function = site.function.function
    assert function is not None
    if state.knowledge.sanitizers.find("", site.written):
        return CLEAN
    bound = site.function.owner is not None
    returned = apply(state, function, site.given, site.node, bound=bound)
    callers.call_handed(state, function, site, bound=bound)
    callers.keep_filled(state, function, site, bound=bound)
    if state.names.returns_secret(site.method) and _asks_for_other(state, site):
        return NOTHING
    owner = site.function.owner.instance if site.function.owner is not None else None
    if owner is not None and function.summary.stored:
        classes.keep_stored(function, site, state.frame.owner or owner if owner.name == SUPER else owner)
    if not _HIDES.isdisjoint(words(site.method)):
        left = tuple(taint for taint in returned.taints if taint.part)  # what a mask leaves to be seen
        return Value(taints=left, clean=not left)
    if returned.taints or not returned.is_open:
        return _asked_for(state, site, returned)
    return _by_name(state, site, returned)


def _by_name(state: State, site: Site, result: Value) -> Value:
    """Return the result of a call with what the name of the function tells."""
    name = site.method
    if name and state.names.returns_secret(name) and result.is_open and not _asks_for_other(state, site):
        noun = state.names.noun_of(name)
        taint = Taint("name", noun, (Step(site.node, f"{RETURNED}{name}()"),))
        return replace(result, taints=merge(result.taints, (taint,)))
    return result


def _asked_for(state: State, site: Site, result: Value) -> Value:
    """Return a result with its secrets called as the argument says that is the setting: get_secret("API_KEY")."""
    name = _first(site).const
    if not isinstance(name, str) or not name.isupper() or not state.names.is_setting(name):
        return result
    own = (replace(taint, name=name) if taint.kind == "environment" else taint for taint in result.taints)
    return replace(result, taints=merge(own))


def _asks_for_other(state: State, site: Site) -> bool:
    """Tell whether it is said what is asked for, and it is no secret: get_secret("AWS_REGION"), ca.reveal()."""
    if not programs().public.isdisjoint(words(_wrapped_as(state, site))[-1:]):
        return True
    names = [leaf.const for leaf in _first(site).leaves if isinstance(leaf.const, str)]
    return bool(names) and all(name.isupper() and not state.names.is_setting(name) for name in names)


def _first(site: Site) -> Value:
    """Return the first argument of a call, by position or by the name of the parameter."""
    return next((one.value for one in (*site.positional, *site.arguments) if not one.stars), NOTHING)


def _partial(state: State, site: Site) -> Value | None:
    """Return what functools.partial makes: the function, with the keywords that every call of it is given."""
    if site.ref != "functools.partial" or not site.positional:
        return None
    first = site.positional[0]
    rest = tuple(one for one in site.arguments if one is not first)
    callers.call_with(state, site.node, first.value, state.path(first.node), rest)
    given: dict[object, Value] = {Given(one.keyword): one.value for one in rest if one.keyword}
    return replace(first.value, items=given) if given else first.value


def _super(state: State, site: Site) -> Value | None:
    """Return what super() and __new__() return: the object, as one of the classes that it comes from, or as it is."""
    owner = state.frame.owner
    if owner is None:
        return None
    if site.ref == "super" and "." not in site.written:
        parent = Class(SUPER, owner.node, owner.bases, parents=owner.parents)
        return Value(ref="super()", instance=parent)
    return Value(instance=owner) if site.method == "__new__" else None


def _command(state: State, site: Site) -> Value | None:
    """Return the output of a command that prints a secret or the whole environment."""
    if site.method not in _COMMANDS:
        return None
    first = site.positional[0].value if site.positional else NOTHING
    words_of = [entry.const for entry in (first.items or {}).values()] if first.items else [first.const]
    line = " ".join(word for word in words_of if isinstance(word, str))
    if line.startswith(state.knowledge.secret_commands):
        step = Step(site.node, f"printed by `{line[:40]}`")
        return Value(ref=f"{site.ref}()", taints=(Taint("manager", line.split()[0], (step,)),))
    if line in state.knowledge.dump_commands:
        return Value(ref=f"{site.ref}()", taints=(dump(f"`{line}`", site.node),))
    return None


def _dump_call(state: State, site: Site) -> Value | None:
    if site.ref not in state.knowledge.dump_calls and site.written not in state.knowledge.dump_calls:
        return None
    name = site.written or site.ref
    if name in _SCOPES and not has_secret_local(state):
        return NOTHING
    return Value(ref=f"{site.ref or name}()", taints=(dump(f"{name}()", site.node),))


def _source(state: State, site: Site) -> Value | None:
    source = source_of(state.knowledge.sources, site.ref, site.written)
    if source is None or not _is_asked_for(site, source):
        return None
    if source.key is None:
        return _secret(state, site, source)
    key = site.parameter(source.key)
    names = texts_of(key.value) if key is not None else []
    if not names:
        return replace(asked(state.names, source, key.value if key is not None else NOTHING), ref=f"{site.ref}()")
    name = setting_among(state.names, names)
    found = from_source(state, source.kind, f"{source.says}, '{name}'", name, site.node)
    default = site.parameter(source.default) if source.default else None
    if default is not None and default.value.text:
        return join(found, replace(default.value, taints=()))
    return found


def _is_asked_for(site: Site, source: Source) -> bool:
    """Tell whether a source that returns a secret on demand is asked for one: hide_input=True."""
    if not source.only_with:
        return True
    wanted, _, text = source.only_with.partition("=")
    given = site.keyword(wanted)
    return given is not None and given.value.const is not False and (not text or given.value.const == text)


def _secret(state: State, site: Site, source: Source) -> Value:
    """Return what a source returns that always returns a secret."""
    nothing = Value(ref=f"{site.ref}()")
    if _asks_for_other(state, site):
        return nothing
    owner = site.function.owner
    masked = owner.masked if owner is not None else None
    if masked is not None and any(taint.kind != "parameter" for taint in masked.taints):
        return masked
    if site.method == "private_bytes" and not any("NoEncryption" in one.value.ref for one in site.arguments):
        return CLEAN
    if source.kind == "generated" and _is_short(site):
        return nothing  # a random name, unless it is called a secret
    name = _made_by(state, site) if source.kind == "generated" else _name_of(state, site)
    return replace(nothing, taints=(Taint(source.kind, name[:60], (Step(site.node, source.says),)),))


def _made_by(state: State, site: Site) -> str:
    """Return what is called that a call makes: the last of its names that is a secret's, jwt of jwt.encode."""
    nouns = (noun for noun in map(state.names.noun_of, reversed(site.ref.split("."))) if state.names.is_secret(noun))
    return next(nouns, "") or state.names.noun_of(site.method) or site.method


def _name_of(state: State, site: Site) -> str:
    """Return what a secret is called that a call returns: by its argument, by what wraps it, or by the call."""
    named = next((one.value.const for one in site.arguments if isinstance(one.value.const, str)), None)
    return named or _wrapped_as(state, site) or state.names.noun_of(site.method) or site.method


def _wrapped_as(state: State, site: Site) -> str:
    """Return what is called that masks itself, and is shown as it is: config.ssl_ca.get_secret_value()."""
    if site.arguments or site.method not in REVEALS or site.receiver is None:
        return ""
    return name_of(site.receiver, state.names, state.value_of)


def _is_short(site: Site) -> bool:
    """Tell whether what is generated is not as long as a secret has to be."""
    size = site.positional[0].value.const if site.positional else _SAFE_SIZE
    return site.method.startswith("token_") and (not isinstance(size, int) or size < _SAFE_SIZE)


def _parsed(_state: State, site: Site) -> Value | None:
    """Return what the command line holds, by the options that were added."""
    owner = site.function.owner or NOTHING
    if site.method != "parse_args" or not owner.items or not owner.ref.endswith("ArgumentParser()"):
        return None
    return Value(ref=f"{site.ref}()", items=owner.items, taints=(dump("the command line", site.node),))


def _slice(_state: State, site: Site) -> Value | None:
    if site.ref != "slice" or not site.positional:
        return None
    bounds = [one.value for one in site.positional]
    return container(dict(enumerate(bounds if len(bounds) > 1 else [Value(const=None), *bounds])), "slice()")


def _wrapped(state: State, site: Site) -> Value | None:
    wrappers = state.knowledge.wrappers
    if site.ref not in wrappers and site.ref.rpartition(".")[2] not in wrappers:
        return None
    return Value(clean=True, masked=site.arguments[0].value) if site.arguments else CLEAN


def _client(state: State, site: Site) -> Value | None:
    """Return what makes requests, or is one: it knows what it was given."""
    if not site.ref.startswith(state.knowledge.http_clients) or _CLIENT.search(site.ref) is None:
        return None
    given: dict[object, Value] = {number: one.value for number, one in enumerate(site.positional)}
    given.update((one.keyword, one.value) for one in site.arguments if one.keyword)
    return Value(ref=f"{site.ref}()", items=given)


def _constant(_state: State, site: Site) -> Value | None:
    folded = _folded(site)
    return Value(const=folded, folded=True) if folded is not UNKNOWN else None


def _folded(site: Site) -> Const:
    """Return the constant that a call of constants returns."""
    owner = site.function.owner or NOTHING
    constants = [argument.value.const for argument in site.arguments if not argument.keyword]
    items = site.arguments[0].value.items if len(site.arguments) == 1 else None
    if isinstance(owner.const, str) and site.method == "join":
        return _joined(owner.const, items or {})
    if owner.text is not None and site.method != "format":
        return folding.method(site.method, owner.const, constants)
    if site.ref == "bytes" and items:
        return _bytes(item.const for item in items.values())
    return UNKNOWN if site.ref in _DECODES and len(constants) > 2 else folding.call(site.ref, constants)


def _bytes(numbers: Iterable[Const]) -> Const:
    several = list(numbers)
    known = [number for number in several if isinstance(number, int)]
    return bytes(known) if len(known) == len(several) and _BYTES.issuperset(known) else UNKNOWN


def _joined(between: str, items: Mapping[object, Value]) -> Const:
    pieces = [piece.const for piece in items.values() if isinstance(piece.const, str)]
    joined = between.join(pieces)
    return joined if 0 < len(items) == len(pieces) and len(joined) <= LONGEST_CONST else UNKNOWN


def _sanitized(state: State, site: Site) -> Value | None:
    if not _sanitizes(state, site):
        return None
    if site.method in _NAMES_OF and (
        passing.is_dump(site.function.owner or NOTHING) or any(map(passing.is_dump, site.values))
    ):
        return Value(ref=KEYS_OF_DUMP, clean=True)
    return Value(ref=f"{site.ref}()" if site.ref else "", clean=True)


def _sanitizes(state: State, site: Site) -> bool:
    """Tell whether what a call returns says nothing of what it was handed."""
    knowledge, method = state.knowledge, site.method
    if knowledge.sanitizers.find(site.ref, site.written) or site.ref.startswith(knowledge.sanitizing_modules):
        return True
    if method in _LISTS and "." not in site.written and site.arguments and _is_everything(site.arguments[0].value):
        return True  # the keys alone
    if site.ref == "re.sub" or method in _REPLACES:
        return any(isinstance(value.const, str) and _reads_masked(value.const) for value in site.values)
    if _OF_TEXTS.search(site.written):
        return True
    if method in knowledge.propagating_methods or knowledge.propagators.find(site.ref, site.written):
        return False
    return not knowledge.sanitizing_words.isdisjoint(words(method))


def _is_everything(value: Value) -> bool:
    """Tell whether a list of what a value holds is one of names alone."""
    is_entry = value.ref.endswith("[]") and bool(value.taints)  # nobody sorts the characters of a secret
    if is_entry and all(taint.kind == "manager" for taint in value.taints):
        return True
    return is_dict(value) or value.ref == "{}" or passing.is_dump(value)


def _reads_masked(text: str) -> bool:
    return bool(text) and (_MASK.issuperset(text) or _READS_MASKED.search(text) is not None)


_LOOKS: tuple[Callable[[State, Site], Value | None], ...] = (
    _partial, _super, callers.known_caller, _command, _dump_call,
    _source, _wrapped, _parsed, _slice, _constant, _sanitized,
    *passing.LOOKS, _client,
)  # fmt: skip
