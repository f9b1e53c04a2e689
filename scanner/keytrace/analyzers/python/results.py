"""What calls return: summaries of functions, sources, sanitizers, constants, and what hands on what it is given."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from keytrace.analyzers.python import calls, folding, requests
from keytrace.analyzers.python.knowledge import Source
from keytrace.analyzers.python.lattice import (
    CLEAN,
    NOTHING,
    UNKNOWN,
    Const,
    Step,
    Taint,
    Value,
    container,
    element_of,
    is_dict,
    join,
    merge,
    taints_of,
)
from keytrace.analyzers.python.program import Function
from keytrace.analyzers.python.site import Site, source_of
from keytrace.analyzers.python.tree import dotted
from keytrace.names.lexicon import words

if TYPE_CHECKING:
    from keytrace.analyzers.python.expressions import Expressions

_HIDES = frozenset(
    "redact mask scrub censor obfuscate sanitize sanitise anonymize hide hash encrypt abbreviate".split()
)
_LOOKUPS = frozenset("get pop getlist get_secret __getitem__".split())
_KEEPS_TEXT = frozenset(
    "str sqlalchemy.text furl.furl yarl.URL httpx.URL urllib.parse.quote urllib.parse.quote_plus typing.cast".split()
)
_KEEPS_ITEMS = frozenset("list tuple dict set sorted copy.copy copy.deepcopy urllib.parse.urlencode".split())
_TAKES_IN = frozenset("format replace ljust rjust center zfill substitute safe_substitute join".split())
_BRACES = re.compile(r"\$\{?(\w+)\}?")


def result(reader: Expressions, site: Site) -> Value:
    function, ref, written, knowledge = site.function, site.ref, site.written, reader.knowledge
    if knowledge.sanitizers.find("", written) and function.function is not None:
        return CLEAN
    if function.function is not None:
        given = [(one.keyword, one.stars > 0, one.value) for one in site.arguments]
        result = apply(reader, function.function, given, site.node, bound=function.owner is not None)
        if not _HIDES.isdisjoint(words(site.method)):
            return replace(result, taints=(), clean=True)
        if result.taints or not result.is_open:
            return result
        return _by_name(reader, site, result)
    if function.instance is not None and function.shown == "class":
        return _construct(reader, site)
    if ref == "functools.partial" and site.positional:
        return _partial(reader, site)
    if site.method in ("check_output", "run", "getoutput", "popen", "Popen", "check_call") and (
        command := _command(reader, site)
    ):
        return command
    if ref in knowledge.dump_calls or written in knowledge.dump_calls:
        return _dump_call(reader, site)
    source = source_of(knowledge.sources, ref, written)
    if source is not None and (result_or_none := _from_source(reader, site, source)) is not None:
        return result_or_none
    if ref in knowledge.wrappers or ref.rpartition(".")[2] in knowledge.wrappers:
        return Value(clean=True, masked=site.arguments[0].value) if site.arguments else CLEAN
    folded = _folded(site)
    if folded is not UNKNOWN:
        return Value(const=folded, folded=True)
    if _sanitizes(reader, site):
        return Value(ref=f"{ref}()" if ref else "", clean=True)
    return _propagated(reader, site)


def _by_name(reader: Expressions, site: Site, result: Value) -> Value:
    """Return the result of a call with what the name of the function tells."""
    name = site.method
    if result.is_open and name and reader.names.returns_secret(name) and not _asks_for_other(reader, site):
        noun = reader.names.noun_of(name)
        taint = Taint("name", noun, (Step(site.node, f"returned by {name}()"),), sure=noun != "token")
        return replace(result, taints=merge(result.taints, (taint,)))
    return result


def _asks_for_other(reader: Expressions, site: Site) -> bool:
    """Tell whether the argument says what is asked for, and it is no secret: get_secret("AWS_REGION")."""
    first = site.positional[0].value if site.positional else NOTHING
    names = [leaf.const for leaf in first.leaves if isinstance(leaf.const, str)]
    return bool(names) and all(name.isupper() and not reader.names.is_setting(name) for name in names)


def _construct(reader: Expressions, site: Site) -> Value:
    """Return an object of a class of this module, after its __init__ has had the arguments."""
    owner = site.function.instance
    assert owner is not None
    given = [(one.keyword, one.stars > 0, one.value) for one in site.arguments]
    initialiser = owner.find("__init__")
    if initialiser is not None and initialiser.function is not None:
        function = initialiser.function
        apply(reader, function, given, site.node, bound=True)
        values = function.bind(given, bound=True)
        for number, names in function.summary.stored.items():
            for name in names:
                value = values.get(number)
                if value is not None and any(taint.kind != "parameter" for taint in value.taints):
                    before = owner.attributes.get(name)
                    owner.attributes[name] = value if before is None else join(before, value)
    else:
        fields = [name for name, value in owner.attributes.items() if value.function is None]
        items: dict[object, Value] = {}
        for number, one in enumerate(site.arguments):
            name = one.keyword or (fields[number] if number < len(fields) else "")
            if name:
                items[name] = one.value
        if owner.is_record:
            hidden = owner.hidden_fields
            shown = taints_of(value for name, value in items.items() if name not in hidden)
            return Value(ref=f"{site.ref}()", instance=owner, items=items, taints=shown)
    return Value(ref=f"{site.ref}()" if site.ref else "", instance=owner)


def apply(
    reader: Expressions, function: Function, given: list[tuple[str, bool, Value]], node: cst.CSTNode, *, bound: bool
) -> Value:
    """Return what a function returns for these arguments; report what it does with the secrets among them."""
    summary = reader.summary_of(function)
    values = function.bind(given, bound=bound)
    for effect in list(summary.effects.values()):
        value = values.get(effect.parameter)
        for taint in value.taints if value is not None else ():
            onward = taint.step(node, f"handed to {function.name}()")
            for step in effect.steps[1:]:
                onward = onward.step(step.place, step.says)
            if effect.part:
                onward = replace(onward, part=True)
            if isinstance(effect.place, cst.CSTNode):
                reader.sink_taint(effect.rule, effect.place, onward, effect.says)
            else:  # in another module: reported where it is handed over
                onward = onward.step(effect.place, effect.says)
                reader.sink_taint(effect.rule, node, onward, f"{effect.says} by {function.name}()")
    if summary.returns is None:
        return NOTHING
    returned = _instantiate(summary.returns, function, values, node, 0)
    return Value(ref="[]", items={0: returned}, taints=returned.taints) if function.is_generator else returned


def _instantiate(value: Value, function: Function, given: dict[int, Value], node: cst.CSTNode, depth: int) -> Value:
    """Return a value of a summary with the arguments in place of the parameters."""
    if depth > 4:
        return NOTHING
    own = [taint for taint in value.taints if taint.kind == "parameter" and taint.owner is function]
    if not own:
        return value
    if len(own) == 1 and not own[0].part and len(value.taints) == 1 and value.is_parameter:
        given_value = given.get(own[0].index, NOTHING)
        step = f"returned by {function.name}()"
        return replace(given_value, taints=tuple(taint.step(node, step) for taint in given_value.taints))
    taints: list[Taint] = [taint for taint in value.taints if taint not in own]
    for taint in own:
        argument = given.get(taint.index)
        for incoming in argument.taints if argument is not None else ():
            onward = incoming.step(node, f"returned by {function.name}()")
            taints.append(replace(onward, part=onward.part or taint.part))
    items = None
    if value.items is not None:
        items = {key: _instantiate(entry, function, given, node, depth + 1) for key, entry in value.items.items()}
    return replace(
        value,
        taints=merge(taints),
        items=items,
        parts=tuple(_instantiate(part, function, given, node, depth + 1) for part in value.parts),
        options=tuple(_instantiate(option, function, given, node, depth + 1) for option in value.options),
        is_parameter=False,
    )


def _partial(reader: Expressions, site: Site) -> Value:
    """Return what functools.partial makes: the function, or a look-alike with the arguments given."""
    first = site.positional[0]
    if first.value.function is not None:
        function = first.value.function
        given = [(one.keyword, one.stars > 0, one.value) for one in site.arguments if one.node is not first.node]
        apply(reader, function, given, site.node, bound=first.value.owner is not None)
        return first.value
    inner = Site(
        site.node, first.value.ref, dotted(first.node), first.value,
        tuple(one for one in site.arguments if one.node is not first.node),
    )  # fmt: skip
    calls.check_sinks(reader, inner)
    requests.check(reader, inner)
    return first.value


def has_secret_local(reader: Expressions) -> bool:
    """Tell whether a variable of the function that is being read is a secret."""
    return any(
        reader.names.is_secret(known) and not value.clean and value.const is not None
        for known, value in reader.scope.names.items()
    )


def _dump_call(reader: Expressions, site: Site) -> Value:
    name = site.written or site.ref
    if name in ("locals", "globals") and not has_secret_local(reader):
        return NOTHING
    return Value(ref=f"{site.ref or name}()", taints=(reader.dump(f"{name}()", site.node),))


def _from_source(reader: Expressions, site: Site, source: Source) -> Value | None:
    if source.only_with:
        wanted, _, text = source.only_with.partition("=")
        given = site.keyword(wanted)
        if given is None or given.value.const is False or (text and given.value.const != text):
            return None
    says = source.says
    if source.key is None and _asks_for_other(reader, site):
        return Value(ref=f"{site.ref}()")
    if source.key is None:
        owner = site.function.owner
        if (
            owner is not None
            and owner.masked is not None
            and any(taint.kind != "parameter" for taint in owner.masked.taints)
        ):
            return owner.masked
        if site.method == "private_bytes" and not any("NoEncryption" in one.value.ref for one in site.arguments):
            return CLEAN
        named = next((one.value.const for one in site.arguments if isinstance(one.value.const, str)), None)
        name = str(named) if named else reader.names.noun_of(site.method) or site.method
        if source.kind == "generated" and site.method.startswith("token_"):
            size = site.positional[0].value.const if site.positional else 32
            if not isinstance(size, int) or size < 16:
                return Value(ref=f"{site.ref}()")  # a random name, unless it is called a secret
        return Value(ref=f"{site.ref}()", taints=(Taint(source.kind, name[:60], (Step(site.node, says),)),))
    key = site.parameter(source.key)
    names = [leaf.text for leaf in key.value.leaves if leaf.text] if key is not None else []
    if not names:
        return Value(ref=f"{site.ref}()")
    name = next((text for text in names if reader.names.is_setting(text)), names[0])
    found = reader.from_source(source.kind, f"{says}, '{name}'", name, site.node)
    default = site.parameter(source.default) if source.default else None
    if default is not None and default.value.text:
        return join(found, replace(default.value, taints=()))
    return found


def _command(reader: Expressions, site: Site) -> Value | None:
    """Return the output of a command that prints a secret or the whole environment."""
    first = site.positional[0].value if site.positional else NOTHING
    words_of = [entry.const for entry in (first.items or {}).values()] if first.items else [first.const]
    line = " ".join(word for word in words_of if isinstance(word, str))
    if any(line.startswith(command) for command in reader.knowledge.secret_commands):
        return Value(
            ref=f"{site.ref}()",
            taints=(Taint("manager", line.split()[0], (Step(site.node, f"printed by `{line[:40]}`"),)),),
        )
    if line in reader.knowledge.dump_commands:
        return Value(ref=f"{site.ref}()", taints=(reader.dump(f"`{line}`", site.node),))
    return None


def _sanitizes(reader: Expressions, site: Site) -> bool:
    """Tell whether what a call returns says nothing of what it was handed."""
    knowledge = reader.knowledge
    if knowledge.sanitizers.find(site.ref, site.written):
        return True
    if site.ref.startswith(knowledge.sanitizing_modules):
        return True
    if (
        site.method in ("sorted", "list", "tuple", "set", "frozenset", "iter")
        and "." not in site.written
        and site.arguments
    ):
        first = site.arguments[0].value
        if is_dict(first) or first.ref == "{}" or _is_dump(first):
            return True  # the keys alone
    if site.ref == "re.sub" or site.method in ("replace", "sub"):
        texts = [argument.value.const for argument in site.arguments]
        return any(isinstance(text, str) and _reads_masked(text) for text in texts)
    if re.search(r"(?i)tokenizer|lexer|vocab", site.written):
        return True
    if knowledge.propagators.find(site.ref, site.written):
        return False
    parts = words(site.method)
    if site.method in knowledge.propagating_methods or not parts:
        return False
    return not knowledge.sanitizing_words.isdisjoint(parts)


def _is_dump(value: Value) -> bool:
    return (
        bool(value.taints)
        and value.ref != "[]"
        and all(taint.kind == "dump" for taint in value.taints)
        and not value.ref.endswith((".items()", ".values()"))
    )


def _reads_masked(text: str) -> bool:
    return bool(text) and (
        set(text) <= set("*xX#•.-<>[]") or re.search(r"(?i)redact|hidden|mask|\*{2,}|secret|removed", text) is not None
    )


def _folded(site: Site) -> Const:
    """Return the constant that a call of constants returns."""
    owner = site.function.owner
    constants = [argument.value.const for argument in site.arguments if not argument.keyword]
    if site.method == "join" and owner is not None and isinstance(owner.const, str) and len(site.arguments) == 1:
        items = site.arguments[0].value.items
        pieces = [piece.const for piece in (items or {}).values()]
        if items and all(isinstance(piece, str) for piece in pieces):
            joined = owner.const.join(str(piece) for piece in pieces)
            return joined if len(joined) <= 65_536 else UNKNOWN
        return UNKNOWN
    if owner is not None and owner.text is not None and site.method != "format":
        return folding.method(site.method, owner.const, constants)
    if site.ref == "bytes" and len(site.arguments) == 1 and site.arguments[0].value.items:
        numbers = [item.const for item in site.arguments[0].value.items.values()]
        if all(isinstance(number, int) and 0 <= number < 256 for number in numbers):
            return bytes(number for number in numbers if isinstance(number, int))
    if site.ref in ("codecs.decode", "codecs.encode", "bytes", "str") and len(constants) > 2:
        return UNKNOWN
    return folding.call(site.ref, constants)


def _propagated(reader: Expressions, site: Site) -> Value:
    """Return what a call without a model of its own returns."""
    for step in (_of_format, _of_join, _of_lookup, _of_dump, _of_container, _of_template, _of_propagator, _of_method):
        value = step(reader, site)
        if value is not None:
            return value
    return _by_name(reader, site, Value(ref=f"{site.ref}()" if site.ref else ""))


def _of_format(reader: Expressions, site: Site) -> Value | None:
    """Return what `"…".format(…)` and `"…".format_map(…)` make."""
    owner = site.function.owner
    if owner is None or owner.text is None or site.method not in ("format", "format_map"):
        return None
    keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
    for one in site.arguments:
        if one.stars == 2 or site.method == "format_map":
            keywords.update({str(key): value for key, value in (one.value.items or {}).items()})
    arguments = [one.value for one in site.positional] if site.method == "format" else []
    return reader.format(owner.text, arguments, keywords, site.node)


def _of_join(reader: Expressions, site: Site) -> Value | None:
    owner = site.function.owner
    if owner is None or site.method != "join" or not site.arguments:
        return None
    joined = site.arguments[0].value
    if joined.items is not None and isinstance(owner.const, str):
        parts: list[Value] = []
        for entry in joined.items.values():
            entry = entry if entry.text is None or isinstance(entry.const, str) else NOTHING  # noqa: PLW2901
            parts += [owner, entry] if parts else [entry]
        return reader.built(parts, site.node)
    if _is_dump(joined) or is_dict(joined) or joined.ref.endswith(".data"):
        return CLEAN  # keys
    return Value(taints=tuple(replace(taint, part=False) for taint in joined.taints))


def _of_lookup(reader: Expressions, site: Site) -> Value | None:
    """Return what `getattr(x, "name")`, `x.get("name")` and `x.pop("name", "default")` return."""
    values = [argument.value for argument in site.arguments]
    if site.ref == "getattr" and len(values) >= 2 and isinstance(values[1].const, str):
        return reader.entry(values[0], values[1].const, "", site.node)
    owner, function = site.function.owner, site.node.func
    key = values[0].const if values else None
    if owner is None or site.method not in _LOOKUPS or not isinstance(key, str):
        return None
    written = dotted(function.value) if isinstance(function, cst.Attribute) else ""
    found = reader.entry(owner, key, written, site.node)
    if len(values) > 1 and values[1].text:
        if reader.names.is_secret(key):
            reader.literal(key, values[1], "default", rule="default-credential")
        return join(found, replace(values[1], taints=()))
    return found


def _of_dump(reader: Expressions, site: Site) -> Value | None:
    """Return what shows all of a settings object, or some of it."""
    function = site.node.func
    if site.method in reader.knowledge.dump_methods:
        if site.keyword("include") or site.keyword("exclude"):
            return CLEAN
        if isinstance(function, cst.Attribute) and reader.is_settings(function.value):
            return Value(taints=(reader.dump(f"{site.written}()", site.node),))
    if site.ref in ("vars", "dataclasses.asdict") and site.arguments:
        shown = site.arguments[0]
        if reader.is_settings(shown.node) or reader.holds_secrets(shown.value):
            return Value(taints=(reader.dump(f"{site.ref}({dotted(shown.node)})", site.node),))
    return None


def _of_container(_reader: Expressions, site: Site) -> Value | None:
    values = [argument.value for argument in site.arguments]
    if site.ref == "dict" or site.ref.endswith(("OrderedDict", "SimpleNamespace")):
        items: dict[object, Value] = {}
        for one in site.arguments:
            items.update({one.keyword: one.value} if one.keyword else _entries(one.value))
        made = container(items) if items or not values else NOTHING
        return replace(made, taints=taints_of(values))
    if site.ref == "zip":
        return container({0: container({number: element_of(value) for number, value in enumerate(values)})}, "[]")
    if site.ref == "enumerate" and values:
        return container({0: container({0: CLEAN, 1: element_of(values[0])})}, "[]")
    if site.ref.endswith(("Error", "Exception", "Warning")) or (
        site.function.instance and site.method.endswith("Error")
    ):
        return Value(ref=f"{site.ref}()", taints=taints_of(values), clean=True)
    return None


def _of_template(reader: Expressions, site: Site) -> Value | None:
    if site.ref == "string.Template" and site.arguments:
        return Value(ref="string.Template()", items={"template": site.arguments[0].value})
    owner = site.function.owner
    if owner is None or owner.ref != "string.Template()" or not owner.items:
        return None
    template = owner.items["template"].text
    if template is None or site.method not in ("substitute", "safe_substitute"):
        return None
    keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
    keywords.update({str(key): entry for one in site.positional for key, entry in (one.value.items or {}).items()})
    return reader.format(_BRACES.sub(r"{\1}", template), [], keywords, site.node)


def _of_propagator(reader: Expressions, site: Site) -> Value | None:
    """Return what a function returns that hands on what it is given, in another form."""
    if not reader.knowledge.propagators.find(site.ref, site.written):
        return None
    values = [argument.value for argument in site.arguments]
    ref = f"{site.ref}()" if site.ref else ""
    if len(values) == 1 and values[0].parts and site.ref in _KEEPS_TEXT:
        return replace(values[0], ref=ref)
    first = values[0] if values else NOTHING
    return Value(
        ref=ref,
        taints=taints_of(values),
        items=first.items if site.ref in _KEEPS_ITEMS else None,
        options=first.options,
        masked=first.masked if site.ref.startswith("copy.") else None,
    )


def _of_method(reader: Expressions, site: Site) -> Value | None:
    """Return what a method returns that hands on what its object is, in another form."""
    owner, method = site.function.owner, site.method
    if owner is None or method not in reader.knowledge.propagating_methods:
        return None
    values = [argument.value for argument in site.arguments]
    ref = f"{site.ref}()" if site.ref else f"{method}()"
    taints = owner.taints
    if method in ("copy", "items", "values", "dict", "model_dump"):
        return Value(ref=ref, taints=taints, items=owner.items)
    if method in ("get", "pop", "read", "resolve_value"):
        taints = tuple(taint for taint in taints if taint.kind in ("manager", "parameter"))
    elif method in _TAKES_IN:
        taints = merge(taints, taints_of(values))
    shown = str(values[0].const) if values and method in ("split", "rsplit") else ""
    return Value(ref=ref, taints=taints, shown=shown, parts=owner.parts if method in ("encode", "strip") else ())


def _entries(value: Value) -> dict[object, Value]:
    """Return the entries of a dict that is made of a dict or of pairs."""
    entries: dict[object, Value] = {}
    for key, entry in (value.items or {}).items():
        if isinstance(key, int) and entry.items is not None and len(entry.items) == 2:
            name = entry.items.get(0, NOTHING).const
            entries[name if name is not UNKNOWN else key] = entry.items.get(1, NOTHING)
        else:
            entries[key] = entry
    return entries
