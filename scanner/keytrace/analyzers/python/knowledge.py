"""The model of Python programs in rules/python.toml, and what a project adds to it, as tables to look names up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from keytrace.model import Additions
from keytrace.names.lexicon import words
from keytrace.names.tables import programs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter by name, by position, or both. A position of None means by name only."""

    name: str
    position: int | None = None

    @classmethod
    def parse(cls, text: str) -> Parameter:
        """Read `name@position` or `name`."""
        name, _, position = text.partition("@")
        return cls(name, int(position) if position else None)


# What web frameworks call: methods of views, of tools of a language model; and decorators of views of Django.
VERBS = frozenset(
    "get post put patch delete head options dispatch handle list retrieve create update get_context_data".split()
)
TOOL_METHODS = frozenset("_run _arun forward".split())
DJANGO = frozenset(
    "csrf_exempt require_POST require_http_methods require_GET login_required api_view never_cache".split()
)
_HOOKS = frozenset("webhook webhooks ipn hook hooks".split())
OBJECT = Parameter("<object>")  # what a method belongs to


@dataclass(frozen=True, slots=True)
class Source:
    """Calls and look-ups that return a secret: always, or where `key` names one."""

    kind: str
    says: str
    key: Parameter | None = None
    default: Parameter | None = None
    only_with: str = ""  # a parameter that must be given and not be false


@dataclass(frozen=True, slots=True)
class Sink:
    """Calls to which no secret should be handed."""

    rule: str
    says: str
    only: Parameter | None = None  # all parameters when None
    without: frozenset[str] = frozenset()
    without_position: int = -1
    first: tuple[str, ...] = ()  # what the first argument must be, by the end of its name; anything when empty
    mild: bool = False  # few see it
    terminal: bool = False  # it shows what it is handed to who runs the program


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls that call a function that they are handed.

    `arguments` says with what: the `rest` of theirs, `each` entry of these, or those `packed` in args and kwargs.
    """

    function: Parameter
    arguments: str


@dataclass(frozen=True, slots=True)
class SecretParameters:
    """The parameters of a call that take a secret; with `pair` a pair of user and secret."""

    secrets: tuple[Parameter, ...]
    pair: bool = False


class Table(Generic[T]):
    """What is known of dotted names.

    A plain name fits what was imported under it; `*.name` fits the method of anything; `*log.info` fits every path
    that ends so, whatever stands before it in the same word.
    """

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._methods: dict[str, list[T]] = {}
        self._tails: dict[str, list[tuple[str, T]]] = {}  # by the last word

    def add(self, name: str, entry: T) -> None:
        if name.startswith("*."):
            self._methods.setdefault(name[2:], []).append(entry)
        elif name.startswith("*"):
            self._tails.setdefault(name.rpartition(".")[2], []).append((name[1:], entry))
        else:
            self._exact.setdefault(name.removeprefix("builtins."), []).append(entry)

    def find(self, ref: str, written: str) -> list[T]:
        """Return the entries for what was imported as `ref` and stands in the text as `written`."""
        found = self._exact.get(ref, []) if ref else []
        if not found and "." in written:
            found = self._exact.get(written, [])
        last = (written or ref).rpartition(".")[2]
        if not found and last in self._tails:
            lower = (written.lower(), ref.lower())
            found = [
                entry for tail, entry in self._tails[last]
                if any(path.endswith(tail.lower()) for path in lower)
            ]  # fmt: skip
        if not found and ("." in written or "." in ref):
            found = self._methods.get(last, [])
        return found

    def entries(self) -> Iterator[tuple[str, T]]:
        """Yield the names, without their stars, and what is known of them."""
        for table in (self._exact, self._methods):
            yield from ((name, entry) for name, entries in table.items() for entry in entries)
        for tails in self._tails.values():
            yield from tails

    def named(self) -> Iterator[tuple[str, T]]:
        """Yield the names, with their stars, and what is known of them."""
        for name, entries in self._exact.items():
            yield from ((name, entry) for entry in entries)
        for name, entries in self._methods.items():
            yield from ((f"*.{name}", entry) for entry in entries)
        for tails in self._tails.values():
            yield from ((f"*{tail}", entry) for tail, entry in tails)

    def names(self) -> Iterator[str]:
        """Yield the names, without their stars."""
        return (name for name, _ in self.entries())


class Knowledge:
    """All tables."""

    def __init__(self, model: Mapping[str, Any], additions: Additions) -> None:
        dumps = model["dumps"]
        self.own_names = frozenset(map(words, additions.names))
        self.secret_names = programs().secret | self.own_names
        self.value_names = programs().value
        self.secret_commands = tuple(model["commands"]["secrets"])
        self.dump_commands = frozenset(model["commands"]["dumps"])
        self.sources: Table[Source] = Table()
        self.subscripts: Table[Source] = Table()
        for entry in model["sources"]:
            source = _source(entry)
            for name in entry.get("calls", ()):
                self.sources.add(name, source)
            for name in entry.get("subscripts", ()):
                self.subscripts.add(name, source)
        self.sinks: Table[Sink] = Table()
        self._receivers: list[tuple[frozenset[str], tuple[str, ...], frozenset[str], Sink]] = []
        for entry in model["sinks"]:
            self._add_sink(entry)
        self.callers: Table[Caller] = Table()
        for entry in model["callers"]:
            for name in entry["calls"]:
                self.callers.add(name, Caller(Parameter.parse(entry["function"]), entry["arguments"]))
        self.carriers = frozenset(model["carriers"]["calls"])
        self.sdk: Table[SecretParameters] = Table()
        for entry in model["sdk"]:
            parameters = SecretParameters(tuple(map(Parameter.parse, entry["takes"])), entry.get("pair", False))
            for name in entry["calls"]:
                self.sdk.add(name.partition("@")[0], parameters)
        self.dump_values = frozenset(dumps["values"])
        self.dump_calls = frozenset(name.removeprefix("builtins.") for name in dumps["calls"])
        self.settings, self.dump_methods = frozenset(dumps["settings"]), frozenset(dumps["methods"])
        self.sanitizers = _flags(model["sanitizers"]["calls"])
        self.sanitizing_modules = tuple(name + "." for name in model["sanitizers"]["modules"])
        self.sanitizing_words = frozenset(model["sanitizers"]["words"])
        self.wrappers = frozenset(model["sanitizers"]["wrappers"])
        self.propagators = _flags(model["propagators"]["calls"])
        self.propagating_methods = frozenset(model["propagators"]["methods"])
        self.macs, self.hashes = _flags(model["signatures"]["macs"]), _flags(model["signatures"]["hashes"])
        self.checks = _flags(model["signatures"]["checks"])
        self.responses = _flags(model["responses"]["calls"])
        self.routes, self.routers = frozenset(model["responses"]["routes"]), frozenset(model["responses"]["routers"])
        self.tools = frozenset(model["responses"]["tools"])
        self.registers = frozenset(model["responses"]["registers"])
        http = model["http"]
        self.http_methods, self.http_clients = frozenset(http["methods"]), tuple(http["clients"])
        self.url_calls, self.query_methods = frozenset(http["url_calls"]), frozenset(http["query_methods"])
        self.comparisons = {key: frozenset(value) for key, value in model["comparisons"].items()}
        self.webhooks = {key: frozenset(value) for key, value in model["webhooks"].items()}
        self._add(additions)

    def _add(self, additions: Additions) -> None:
        for name in additions.sources:
            for form in _loose(name):
                self.sources.add(form, Source("manager", f"returned by {name.lstrip('*.')}"))
        for name in additions.sinks:
            for form in _loose(name):
                self.sinks.add(form, Sink("logged-credential", f"handed to {name.lstrip('*.')}"))
        for name in additions.sanitizers:
            for form in _loose(name):
                self.sanitizers.add(form, True)
        for text in additions.sdk:
            name, _, parameters = text.partition(":")
            entry = SecretParameters(tuple(Parameter.parse(part.strip()) for part in parameters.split(",")))
            for form in _loose(name.strip()):
                self.sdk.add(form, entry)

    def _add_sink(self, entry: Mapping[str, Any]) -> None:
        only = entry.get("only")
        sink = Sink(
            entry["rule"],
            entry["says"],
            Parameter.parse(only[0]) if only else None,
            frozenset(entry.get("except", ())),
            first=tuple(entry.get("first", ())),
            mild=entry.get("mild", False),
            terminal=entry.get("terminal", False),
        )
        environment = entry.get("environment", {})
        for name in entry.get("calls", ()):
            plain, _, position = name.partition("@")
            own = sink
            if position and not only:
                own = replace(sink, only=OBJECT if position == "object" else Parameter("", int(position)))
            if plain in environment:
                own = replace(own, without_position=environment[plain])
            self.sinks.add(plain, own)
        if "receivers" in entry:
            receivers = entry["receivers"]
            exact = frozenset(name for name in receivers if not name.startswith("*"))
            tails = tuple(name[1:].lower() for name in receivers if name.startswith("*"))
            self._receivers.append((exact, tails, frozenset(entry["methods"]), sink))

    def sinks_of(self, ref: str, written: str) -> list[Sink]:
        """Return the sinks that a call is."""
        if found := self.sinks.find(ref, written):
            return found
        for exact, tails, methods, sink in self._receivers:
            for path in (ref, written):
                receiver, _, method = path.rpartition(".")
                if receiver and method in methods and (receiver in exact or receiver.lower().endswith(tails)):
                    return [sink]
        return []

    def tells_webhook(self, said: Iterable[str]) -> bool:
        """Tell whether the words of a name and a route are those of a webhook."""
        told = frozenset(said)
        is_providers = not (told.isdisjoint(self.webhooks["paths"]) or told.isdisjoint(self.webhooks["providers"]))
        return is_providers or not told.isdisjoint(_HOOKS)

    def registers_in(self, text: bytes) -> frozenset[str]:
        """Return the names among those of what makes views of functions that are called in a text."""
        return frozenset(name for name in self.registers if f"{name}(".encode() in text)

    def every_sink(self) -> Iterator[tuple[str, Sink]]:
        """Yield the names of sinks, with the star by which any module fits, and what they are."""
        yield from self.sinks.named()
        for _, _, methods, sink in self._receivers:
            yield from ((f"*.{method}", sink) for method in methods)


def _source(entry: Mapping[str, Any]) -> Source:
    return Source(
        entry["kind"],
        entry["says"],
        Parameter.parse(entry["key"]) if "key" in entry else None,
        Parameter.parse(entry["default"]) if "default" in entry else None,
        entry.get("with", ""),
    )


def _flags(names: Iterable[str]) -> Table[bool]:
    table: Table[bool] = Table()
    for name in names:
        table.add(name, True)
    return table


def _loose(name: str) -> tuple[str, ...]:
    """Return the forms of a name that a project gives: as it is, and as what is called so in any module."""
    return (name,) if name.startswith("*") else (name, f"*.{name}") if "." not in name else (name, f"*{name}")


@lru_cache(maxsize=4)
def load_knowledge(additions: Additions) -> Knowledge:
    """Return the tables, with what a project adds."""
    from keytrace.rules.load import load_python_model

    return Knowledge(load_python_model(), additions)
