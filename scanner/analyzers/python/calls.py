"""What calls return, and what becomes of the secrets that are handed to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from scanner.analyzers.python import comparisons, folding, requests, urls
from scanner.analyzers.python.knowledge import Parameter, Sink, Source, Table
from scanner.analyzers.python.lattice import (
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
from scanner.analyzers.python.program import Function
from scanner.analyzers.python.tree import dotted
from scanner.names import words

if TYPE_CHECKING:
    from scanner.analyzers.python.expressions import Expressions

_HIDES = frozenset(
    "redact mask scrub censor obfuscate sanitize sanitise anonymize hide hash encrypt abbreviate".split()
)
_SETTERS = frozenset(
    "setattr setdefault set option options put putheader add_header setenv putenv header send_header add_config "
    "set_config conf config setproperty set_property set_option setitem __setitem__ set_value set_secret "
    "set_default configure".split()
)
_SET = frozenset("set with use add configure".split())
_DEFAULTS = frozenset("add_argument add_option option argument Option Argument StrOpt define".split())
_MESSAGES = frozenset("message msg detail details reason description text error".split())
_BRACES = re.compile(r"\$\{?(\w+)\}?")
_LONG_OPTION = re.compile(r"--?([A-Za-z][\w-]*)=(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call: `stars` is how many stand before it."""

    keyword: str
    stars: int
    value: Value
    node: cst.BaseExpression


@dataclass(frozen=True, slots=True)
class Site:
    """A call: `ref` is what is called, by where it was imported from, `written` as it stands in the text."""

    node: cst.Call
    ref: str
    written: str
    function: Value
    arguments: tuple[Argument, ...]

    @property
    def method(self) -> str:
        return (self.written or self.ref).rpartition(".")[2] or (
            self.node.func.attr.value if isinstance(self.node.func, cst.Attribute) else ""
        )

    def parameter(self, parameter: Parameter) -> Argument | None:
        """Return the argument that a parameter takes."""
        if by_name := self.keyword(parameter.name):
            return by_name
        position = 0
        for argument in self.arguments:
            if argument.keyword:
                continue
            if not argument.stars:
                if position == parameter.position:
                    return argument
                position += 1
        return None

    def keyword(self, name: str) -> Argument | None:
        return next((argument for argument in self.arguments if argument.keyword == name), None)

    @property
    def positional(self) -> list[Argument]:
        return [argument for argument in self.arguments if not argument.keyword and not argument.stars]


def source_of(table: Table[Source], ref: str, written: str) -> Source | None:
    found = table.find(ref, written)
    return found[0] if found else None


def evaluate(reader: Expressions, node: cst.Call) -> Value:
    """Return what a call returns; report what is handed to a sink by it."""
    function = reader.evaluate(node.func)
    arguments = []
    for arg in node.args:
        keyword = arg.keyword.value if arg.keyword else ""
        arguments.append(Argument(keyword, len(arg.star), reader.evaluate(arg.value), arg.value))
    site = Site(node, function.ref, _written(node.func), function, tuple(arguments))
    _check_literals(reader, site)
    _check_sinks(reader, site)
    requests.check(reader, site)
    result = _result(reader, site)
    if (
        site.ref.startswith("hmac.")
        or any(argument.value.mac for argument in arguments)
        or (function.owner is not None and function.owner.mac)
    ):
        if (
            (site.method not in ("compare_digest", "len", "bool")
            and not result.clean)
            or (site.ref.startswith("hmac.")
            and site.method != "compare_digest")
        ):
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


def _written(function: cst.BaseExpression) -> str:
    """Return the path of what is called; where it begins with something else than a name, the end of it."""
    if path := dotted(function):
        if isinstance(function, cst.Call) and path == "getattr()" and len(function.args) > 1:
            return f"{dotted(function.args[0].value)}.log"  # getattr(logger, level)(…)
        return path
    pieces: list[str] = []
    node: cst.CSTNode = function
    while isinstance(node, cst.Attribute | cst.Call | cst.Subscript):
        if isinstance(node, cst.Attribute):
            pieces.append(node.attr.value)
            node = node.value
        elif isinstance(node, cst.Call):
            pieces.append("()")
            node = node.func
        else:
            break
    return ".".join(["", *reversed(pieces)]).replace(".()", "()")


# --- what a call is handed -----------------------------------------------------------------------------------------------


def _check_literals(reader: Expressions, site: Site) -> None:
    """Have literals weighed that are handed to parameters with the name of a secret, or known to take one."""
    for argument in site.arguments:
        if argument.keyword:
            reader.literal(argument.keyword, argument.value, "assign")
    for parameters in reader.knowledge.sdk.find(site.ref, site.written):
        for parameter in parameters.secrets:
            argument = site.parameter(parameter)
            if argument is None:
                continue
            value = argument.value
            if parameters.pair:
                value = (value.items or {}).get(1, NOTHING)
                reader.literal("password", value, "call", sdk=True)
            else:
                name = parameter.name if parameter.name not in ("key", "seed") else f"secret_{parameter.name}"
                is_hook = reader.function is not None and reader.function.webhook and "hmac" in site.ref
                rule = "weak-signature-check" if is_hook or "construct_event" in site.method else "hardcoded-credential"
                reader.literal(name, value, "call", sdk=True, rule=rule)
    positional = site.positional
    method = site.method
    for first, second in zip(positional, positional[1:], strict=False):
        name = first.value.const
        if isinstance(name, str) and method in _SETTERS and 2 < len(name) < 80:
            reader.literal(name, second.value, "pair")
    if len(positional) == 1 and (parts := words(method))[:1] and parts[0] in _SET and len(parts) > 1:
        reader.literal("_".join(parts[1:]), positional[0].value, "call")
    _check_comparison(reader, site)
    if method in _DEFAULTS:
        default = site.keyword("default")
        if default:
            for argument in [*positional, *filter(None, [site.keyword("dest")])]:
                if isinstance(argument.value.const, str):
                    reader.literal(argument.value.const.lstrip("-"), default.value, "default")
    if parameters_of_field(site):
        return
    environment = source_of(reader.knowledge.sources, site.ref, site.written)
    if environment and environment.key and environment.default:
        key, given = site.parameter(environment.key), site.parameter(environment.default)
        given = given or site.keyword("default")
        if key and given and isinstance(key.value.const, str):
            reader.literal(key.value.const, given.value, "default", rule="default-credential")


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


def parameters_of_field(site: Site) -> bool:
    return site.method in ("Field", "field")


def check_option(reader: Expressions, value: Value) -> None:
    """Look at `--password=x`."""
    found = _LONG_OPTION.fullmatch(value.const) if isinstance(value.const, str) else None
    if found:
        reader.literal(found[1], replace(value, const=found[2]), "option")


def _check_sinks(reader: Expressions, site: Site) -> None:
    for sink in reader.knowledge.sinks_of(site.ref, site.written):
        if site.method in ("safe_dump", "dump") and len(site.arguments) < 2:
            continue  # to a text
        if sink.rule == "credential-written" and site.method == "write" and _is_terminal(site):
            continue
        for argument in _sunk(site, sink):
            value = argument.value
            _report(reader, site, sink, argument)
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


def _report(reader: Expressions, site: Site, sink: Sink, argument: Argument) -> None:
    value = argument.value
    taints = value.taints
    if not taints and sink.rule == "logged-credential" and value.instance is not None and value.instance.is_record:
        if reader.holds_secrets(value) and not value.items and value.ref != "self":
            taints = (reader.dump(dotted(argument.node) or value.instance.name, argument.node),)
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
    if method in (
        "append",
        "add",
        "extend",
        "insert",
        "appendleft",
        "put",
        "push",
        "write",
        "writelines",
        "put_nowait",
    ):
        base = site.function.owner or NOTHING
        if method in ("write", "writelines") and not base.ref.endswith(("StringIO()", "BytesIO()")):
            return
        known = reader.scope.find(written) if written else None
        if known is not None and known.items is not None and method == "append" and values:
            items = {**known.items, len(known.items): values[0]}
            reader.scope.names[written] = replace(known, items=items, taints=merge(known.taints, values[0].taints))
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
        reader.scope.names[written] = replace(known, items=merged if known.items is not None else None, taints=taints)
        for key, value in entries.items():
            reader.scope.names[f"{written}[{key!r}]"] = value
    elif method in ("pop", "clear") and written:
        known = reader.scope.find(written)
        key = values[0].const if values else None
        if known is not None and known.items is not None:
            items = {} if method == "clear" else {name: value for name, value in known.items.items() if name != key}
            reader.scope.names[written] = replace(container(items), ref=known.ref)


# --- what a call returns -------------------------------------------------------------------------------------------------


def _result(reader: Expressions, site: Site) -> Value:
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
    owner = function.owner
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
    _check_sinks(reader, inner)
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
    if name in ("locals", "globals"):
        if not has_secret_local(reader):
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
    parts = words(site.method)
    if site.method in knowledge.propagating_methods or not parts:
        return False
    return not knowledge.sanitizing_words.isdisjoint(parts)


def _is_dump(value: Value) -> bool:
    return (
        bool(value.taints)
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
    owner, knowledge, method = site.function.owner, reader.knowledge, site.method
    values = [argument.value for argument in site.arguments]
    ref = f"{site.ref}()" if site.ref else ""
    if owner is not None and owner.text is not None and method == "format":
        keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
        for one in site.arguments:
            if one.stars == 2:
                keywords.update({str(key): value for key, value in (one.value.items or {}).items()})
        return reader.format(owner.text, [one.value for one in site.positional], keywords, site.node)
    if owner is not None and owner.text is not None and method == "format_map" and values:
        entries = {str(key): value for key, value in (values[0].items or {}).items()}
        return reader.format(owner.text, [], entries, site.node)
    if owner is not None and method == "join" and values:
        entries_of = values[0].items
        if entries_of is not None and isinstance(owner.const, str):
            parts: list[Value] = []
            for entry in entries_of.values():
                parts += [owner, entry] if parts else [entry]
            return reader._built(
                [part if part.text is None or isinstance(part.const, str) else NOTHING for part in parts], site.node
            )
        if _is_dump(values[0]) or is_dict(values[0]) or values[0].ref.endswith(".data"):
            return CLEAN
        return Value(taints=tuple(replace(taint, part=False) for taint in values[0].taints))
    if site.ref == "getattr" and len(values) >= 2 and isinstance(values[1].const, str):
        return reader.entry(values[0], values[1].const, "", site.node)
    if (
        method in ("get", "pop", "getlist", "get_secret", "__getitem__")
        and owner is not None
        and values
        and isinstance(values[0].const, str)
    ):
        found = reader.entry(
            owner,
            values[0].const,
            dotted(site.node.func.value) if isinstance(site.node.func, cst.Attribute) else "",
            site.node,
        )
        if len(values) > 1 and values[1].text:
            if reader.names.is_secret(values[0].const):
                reader.literal(values[0].const, values[1], "default", rule="default-credential")
            return join(found, replace(values[1], taints=()))
        return found
    if method in knowledge.dump_methods and (site.keyword("include") or site.keyword("exclude")):
        return CLEAN
    if (
        method in knowledge.dump_methods
        and isinstance(site.node.func, cst.Attribute)
        and reader._is_settings(site.node.func.value)
    ):
        return Value(taints=(reader.dump(f"{site.written}()", site.node),))
    if (
        site.ref in ("vars", "dataclasses.asdict")
        and site.arguments
        and (reader._is_settings(site.arguments[0].node) or reader.holds_secrets(values[0]))
    ):
        return Value(taints=(reader.dump(f"{site.ref}({dotted(site.arguments[0].node)})", site.node),))
    if site.ref == "dict" or site.ref.endswith(("OrderedDict", "SimpleNamespace")):
        items: dict[object, Value] = {}
        for one in site.arguments:
            if one.keyword:
                items[one.keyword] = one.value
            else:
                items.update(_entries(one.value))
        return (
            replace(container(items), taints=taints_of(values))
            if items or not values
            else Value(taints=taints_of(values))
        )
    if site.ref == "zip":
        return Value(ref="[]", items={0: container({number: element_of(value) for number, value in enumerate(values)})})
    if site.ref == "enumerate" and values:
        return Value(ref="[]", items={0: container({0: CLEAN, 1: element_of(values[0])})})
    if site.ref.endswith(("Error", "Exception", "Warning")) or (
        site.function.instance and site.method.endswith("Error")
    ):
        return Value(ref=f"{site.ref}()", taints=taints_of(values), clean=True)
    if site.ref == "string.Template" and values:
        return Value(ref="string.Template()", items={"template": values[0]})
    if (
        owner is not None
        and owner.ref == "string.Template()"
        and owner.items
        and method in ("substitute", "safe_substitute")
    ):
        keywords = {one.keyword: one.value for one in site.arguments if one.keyword}
        keywords.update({str(key): entry for one in site.positional for key, entry in (one.value.items or {}).items()})
        template = owner.items["template"].text
        if template is not None:
            return reader.format(_BRACES.sub(r"{\1}", template), [], keywords, site.node)
    if knowledge.propagators.find(site.ref, site.written):
        text = (
            values[0]
            if len(values) == 1
            and site.ref
            in (
                "str",
                "sqlalchemy.text",
                "furl.furl",
                "yarl.URL",
                "httpx.URL",
                "urllib.parse.quote",
                "urllib.parse.quote_plus",
                "typing.cast",
            )
            else None
        )
        if text is not None and text.parts:
            return replace(text, ref=ref)
        items_of = (
            values[0].items
            if values
            and site.ref
            in ("list", "tuple", "dict", "set", "sorted", "copy.copy", "copy.deepcopy", "urllib.parse.urlencode")
            else None
        )
        return Value(
            ref=ref,
            taints=taints_of(values),
            items=items_of,
            options=values[0].options if values else (),
            masked=values[0].masked if values and site.ref.startswith("copy.") else None,
        )
    if owner is not None and method in knowledge.propagating_methods:
        taints = owner.taints
        if method in ("copy", "items", "values", "dict", "model_dump"):
            return Value(ref=ref or f"{method}()", taints=taints, items=owner.items)
        if method in ("get", "pop", "read", "resolve_value"):
            taints = tuple(taint for taint in taints if taint.kind in ("manager", "parameter"))
        elif method in (
            "format",
            "replace",
            "ljust",
            "rjust",
            "center",
            "zfill",
            "substitute",
            "safe_substitute",
            "join",
        ):
            taints = merge(taints, taints_of(values))
        shown = str(values[0].const) if values and method in ("split", "rsplit") else ""
        return Value(
            ref=ref or f"{method}()",
            taints=taints,
            shown=shown,
            parts=owner.parts if method in ("encode", "strip") else (),
        )
    result = Value(ref=ref)
    return _by_name(reader, site, result)


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
