"""Which words of a program matter to the policies, by the model in rules/python.toml and the lexicon of names."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from keytrace.analyzers.python.knowledge import DJANGO, OBJECT, TOOL_METHODS, VERBS, Knowledge
from keytrace.analyzers.python.literals import Literals
from keytrace.analyzers.python.names import Names
from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.dumps import Dumps, last, module_of
from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    HASHED,
    MAC,
    OTHER,
    SHOWN,
    Comparison,
    attribute,
    plain,
)
from keytrace.analyzers.python.outline.shapes import CLASS_NAME, EXCEPTIONS, decorator, dotted, text_of
from keytrace.names.lexicon import trigger_words, words
from keytrace.names.tables import programs
from keytrace.names.triggers import shortest

_LEAST, _LONGEST_URL = 3, 8192
_USER = re.compile(r"://[^\s/?#@\"'<>:]*:?([^\s/?#@\"'<>]*)@")
_PARAMETER = re.compile(r"[?&;#](?P<name>[A-Za-z_][\w.\-\[\]]{0,60})=(?P<value>[^&#;\s\"'<>]{6,})")
_PATH_KEY = re.compile(
    r"(?i)api\.telegram\.org/(?:file/)?bot\w|hooks\.slack\.com/\w+/\w|/api/(?:v\d+/)?webhooks/\w|webhook\.office\.com/\w+/\w"
)
_HOLE_BEFORE_HOST = re.compile(r"://[^/?#\s@]*:(?:\x00|%|\{|\$)[^/?#\s@]*@")
_HOLE_OF = re.compile(r"[?&;#]([\w.\-\[\]]+)=(?:\x00|%|\{|\$)")
_LEAST_KEY = 8
_KEYS = frozenset((("key",), ("token",), ("apikey",)))
_END = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[A-Za-z_][\w\-]{0,79}")
_SETTERS = frozenset("set with use add configure".split())
# What hands on what it is given, besides the propagators of the model: containers, forms of calls, methods of texts.
_STRUCTURE = frozenset(
    "dict zip enumerate OrderedDict SimpleNamespace partial getattr format format_map join Template field Field run "
    "parse_args gather super Thread submit put set SecretStr SecretBytes Secret".split()
)
_LOOKUPS = frozenset("get pop getlist getattr __getitem__ setdefault get_secret setattr header".split())
_OF_DICTS = frozenset(("get", "pop", "setdefault"))
_TOO_COMMON = frozenset("get encode ask prompt random text_input decrypt input".split())  # to be sources by themselves
_ADDRESSES = frozenset("url base_url host hosts endpoint endpoint_url api_base server server_url".split())
_CALLED_SO = ("do_", "on_", "resolve_")  # how the names of methods begin that a server calls
_OF_REQUESTS = frozenset(("get", "put"))  # methods of what makes requests, and of containers
_PARTS_OF_REQUEST = frozenset("url headers params data json auth cookies files content".split())
_REQUESTS = frozenset(("request", "_request", "req", "event", "environ"))
_TAKES_BODY = frozenset(("post", "dispatch", "on_post", "do_POST", "create"))


class Vocabulary:
    """Words by what they are good for."""

    adders = frozenset(
        "append add add_row extend insert appendleft put push write writelines put_nowait update setdefault set "
        "add_header add_unredirected_header putheader set_header".split()
    )
    compares = frozenset(("compare_digest", "constant_time_compare", "safe_str_cmp", "bytes_eq"))
    answers = frozenset("media text body data".split())  # attributes of a response
    queries = frozenset("params fields query query_params querystring".split())
    given = frozenset("auth proxy_auth basic_auth http_auth cookies".split())  # to requests, whatever they are called
    credentials = given | frozenset("headers extra_headers additional_headers header".split())

    def __init__(self, knowledge: Knowledge, names: Names) -> None:
        self.names, self.knowledge, self.literals = names, knowledge, Literals("", names)
        ends = (_END.findall(trigger)[-1] for trigger in trigger_words(own=knowledge.own_names))
        self._ends = re.compile("|".join(map(re.escape, sorted(shortest(ends)))))  # one is in each name of a secret
        self.promises = lru_cache(maxsize=65536)(self._promises)
        self.is_class = lru_cache(maxsize=8192)(self._is_class)
        self.noun_of = lru_cache(maxsize=8192)(names.noun_of)
        self.setter_noun = lru_cache(maxsize=8192)(_setter_noun)
        self._exits = _exits(knowledge)
        self._of_objects = _of_objects(knowledge)
        self.shows = frozenset(name for name, known in self._exits.items() if known[0][1] != ANSWERED)
        asked = {last(name) for name, source in knowledge.sources.entries() if source.kind != "environment"}
        self.sources = frozenset(asked - _TOO_COMMON).union(map(attribute, asked - _TOO_COMMON))
        self.lookups = frozenset(map(last, knowledge.sources.names())) | _LOOKUPS
        self._asks = _asks(knowledge)
        self.common = _common(knowledge)
        self._settings = frozenset(map(last, knowledge.subscripts.names()))
        methods = knowledge.propagating_methods
        self.passes = frozenset(map(last, knowledge.propagators.names())) | methods | _STRUCTURE
        self._clients = frozenset(name.partition(".")[0] for name in knowledge.http_clients)
        self.url_calls = knowledge.query_methods | {"urlencode", "prepare_url", "urlunsplit", "urlunparse"}
        self.keeps = knowledge.value_names | methods | {"args", "message"}
        self.runs = frozenset(map(last, knowledge.callers.names())) | {"partial"}
        self.dumps = Dumps(knowledge)
        self.pairs = frozenset(one.name for _, known in knowledge.sdk.entries() if known.pair for one in known.secrets)
        self._signs = _signs(knowledge)
        calls = "|".join(sorted(knowledge.registers))
        self.registers = re.compile(rb"\b(?:%b)\((?:[^()\n]|\(\))*(?:\n(?:[^()\n]|\(\))*){0,4}\)" % calls.encode())
        self._sdk = _takers(knowledge)

    # --- names ---

    def _promises(self, word: str) -> bool:
        """Tell whether what goes by this word may be a secret, whatever part it plays."""
        names, word = self.names, plain(word)
        return self._ends.search(word.lower()) is not None and (
            names.is_secret(word) or names.returns_secret(word) or names.is_header(word)
        )

    def _is_class(self, word: str) -> bool:
        """Tell whether a word is the name of a class, which holds no secret whatever its objects do."""
        return CLASS_NAME.fullmatch(word) is not None and not self.names.returns_secret(word)

    def is_credential(self, text: str) -> bool:
        """Tell whether a text by itself may be reported: a URL with a password, a connection string."""
        if len(text) > _LONGEST_URL:
            return False
        if any(len(found[1]) >= _LEAST and "{" not in found[1] for found in _USER.finditer(text)) or _PATH_KEY.search(
            text
        ):
            return True
        for found in _PARAMETER.finditer(text):
            name, value = found["name"], unquote(found["value"])
            is_secret = self.names.is_secret(name)
            if (is_secret or name.lower() in programs().queries) and self.literals.is_credential(
                name if is_secret else "api_key", value
            ):
                return True
        weighed = self.literals.connection(text)
        return weighed is not None and weighed.counts

    def is_open_url(self, text: str, held: list[str], pieces: list[str]) -> bool:
        """Tell whether a URL with holes is one to report by the names of its parameters or of what is put in."""
        if _HOLE_BEFORE_HOST.search(text) or any(map(self.promises, _HOLE_OF.findall(text))):
            return True
        if any(len(piece) >= _LEAST_KEY and any(map(str.isdigit, piece)) for piece in pieces[1:]):
            return True  # a literal that is put in
        return any(words(plain(word))[-1:] in _KEYS and len(words(plain(word))) > 1 for word in held)

    @staticmethod
    def words_of(text: bytes) -> Iterator[str]:
        return (found[0] for found in _WORD.finditer(text.decode("utf-8", "replace")))

    # --- calls ---

    def exits_of(self, name: str, imports: frozenset[str]) -> Collection[str]:
        """Return the kinds of exits that a call of this name may be, in a program that imports from these modules."""
        known = self._exits.get(name)
        return {kind for module, kind in known if not module or module in imports} if known else ()

    def signature_of(self, name: str, imports: frozenset[str]) -> str:
        """Return the word for what a call of this name may make: a signature, a hash, nothing of these."""
        return next((word for module, word in self._signs.get(name, ()) if module in imports), "")

    def is_request(self, node: ast.Call, name: str, imports: frozenset[str]) -> bool:
        """Tell whether a call may be a request over http: by its name, with an address, or a part of one."""
        if name not in self.knowledge.http_methods or self._clients.isdisjoint(imports):
            return False
        texts = (text_of(one) for one in node.args[:2])
        return any(text is None or text.startswith("/") or "://" in text for text in texts)

    def opens_service(self, node: ast.Call) -> bool:
        """Tell whether a call is given the address of a service and a credential for it."""
        given = {keyword.arg for keyword in node.keywords if keyword.arg} if node.keywords else frozenset()
        return not given.isdisjoint(_ADDRESSES) and any(map(self.promises, given))

    def is_sink(self, node: ast.Name | ast.Attribute, paths: Mapping[str, str]) -> bool:
        """Tell whether a function that is named, and not called, is an exit; `paths` are those of what is imported."""
        path = dotted(node)
        first, dot, rest = path.partition(".")
        ref = f"{paths.get(first, first)}{dot}{rest}"
        return last(ref) in self.shows and (path == "print" or bool(self.knowledge.sinks_of(ref, path)))

    def hands_on(self, node: ast.Call, name: str) -> bool:
        """Tell whether what a call of this name is given may be in what it returns."""
        return name.endswith(EXCEPTIONS) or (
            name in self.passes
            and not (name in _OF_REQUESTS and any(keyword.arg in _PARTS_OF_REQUEST for keyword in node.keywords))
        )

    def takes_object(self, name: str, imports: frozenset[str]) -> bool:
        """Tell whether a method may be an exit for what it belongs to."""
        return any(module in imports for module in self._of_objects.get(name, ()))

    def takes_secret(self, name: str) -> dict[int | str, str]:
        """Return which arguments of a call are secrets: position or keyword -> what it is."""
        return self._sdk.get(name, {})

    # --- look-ups ---

    def holds_settings(self, base: ast.AST) -> bool:
        """Tell whether what stands there may be the environment, or a configuration."""
        return last(dotted(base)) in self._settings

    def names_setting(self, text: str) -> bool:
        """Tell whether a text is the name of a secret of the environment, by which it may be looked up."""
        return text.isupper() and text.isidentifier() and self.names.is_setting(text)

    def asks(self, name: str, modules: frozenset[str]) -> bool:
        """Tell whether a call of this name may look up what it is given in the environment."""
        known = self._asks.get(name, frozenset())
        return "os" in known or not known.isdisjoint(modules)

    def asks_for_setting(self, node: ast.Call, name: str, text: str) -> bool:
        """Tell whether a call with this text may look up a secret of the environment."""
        if name in _OF_DICTS and isinstance(node.func, ast.Attribute):
            return self.holds_settings(node.func.value) and self.names.is_setting(text)
        return self.names.is_setting(text) or (name == "input" and self.names.is_setting(text.strip(" :?>=.…")))

    def asks_for_other(self, node: ast.Call, name: str) -> bool:
        """Tell whether a call that returns secrets is told by its argument to return something else."""
        text = text_of(node.args[0]) if node.args and self.promises(name) else None
        return text is not None and text.isupper() and not self.names.is_setting(text)

    # --- comparisons ---

    def is_guess(self, comparison: Comparison, *, is_sure: bool) -> bool:
        """Tell whether a comparison may be one of a secret with a guess of it."""
        model = self.knowledge.comparisons
        sides = [frozenset(words(name)) for name in comparison.names]
        if any(not side.isdisjoint(model["no_guesses"]) for side in sides):
            return False
        if is_sure or all(map(self.promises, comparison.names)):
            return True
        if any(not side.isdisjoint(model["signatures"]) for side in sides):
            return True
        is_asked = any(not model["requests"].isdisjoint(path.split(".")) for path in comparison.paths)
        return is_asked or any(not side.isdisjoint(model["guesses"]) for side in sides)

    # --- views and webhooks ---

    def is_view(self, node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block) -> bool:
        """Tell whether a web framework may call a function."""
        for name in map(decorator, node.decorator_list):
            if name in self.knowledge.routes or name in self.knowledge.tools or name in DJANGO or name == "tool":
                return True
        if block.owner is not None and (
            node.name in VERBS or node.name in TOOL_METHODS or node.name.startswith(_CALLED_SO)
        ):
            return True
        first = node.args.args[: 1 if block.owner is None else 2]
        return any(one.arg in _REQUESTS for one in first)

    def is_webhook(self, node: ast.FunctionDef | ast.AsyncFunctionDef, block: Block) -> bool:
        """Tell whether a function may handle a webhook, by its name or its route."""
        said = {*words(node.name), *(words(block.owner.name) if block.owner is not None else ())}
        for part in (part for one in node.decorator_list for part in ast.walk(one)):
            if (text := text_of(part)) is not None:
                said.update(words(text))
                if not self.knowledge.webhooks["paths"].isdisjoint(words(text)):
                    return True  # the prefix of its router may say whose it is
            elif isinstance(part, ast.Name | ast.Attribute) and "exempt" in dotted(part):
                said.add("callback")
        if block.owner is not None and node.name in _TAKES_BODY:
            said.add("callback")  # its class may be exempt from protection, its route stand elsewhere
        return self.knowledge.tells_webhook(said)

    def is_webhook_header(self, text: str) -> bool:
        return ("-" in text and text.lower().removeprefix("http-") in self.knowledge.webhooks["headers"]) or (
            text.startswith("HTTP_") and text[5:].lower().replace("_", "-") in self.knowledge.webhooks["headers"]
        )


def _asks(knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """Return what looks up the environment by the last words of its names, with the modules that it is from."""
    found: dict[str, frozenset[str]] = {}
    for name, source in knowledge.sources.entries():
        if source.kind == "environment" and last(name) not in _OF_DICTS:
            found[last(name)] = found.get(last(name), frozenset()) | {module_of(name)}
    return found


def _common(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return the sources of which the last word is too common to be one by itself, by that word."""
    found: dict[str, list[str]] = {}
    for name, source in knowledge.sources.named():
        if source.kind != "environment" and last(name) in _TOO_COMMON:
            found.setdefault(last(name), []).append(name)
    return found


def _takers(knowledge: Knowledge) -> dict[str, dict[int | str, str]]:
    """Return the parameters that take a secret, by the last word of the call: by position and name, what they are."""
    found: dict[str, dict[int | str, str]] = {}
    for name, parameters in knowledge.sdk.entries():
        for parameter in parameters.secrets if not parameters.pair else ():
            takes = found.setdefault(last(name), {})
            says = parameter.name if parameter.name not in ("key", "seed") else f"secret_{parameter.name}"
            takes[parameter.name] = says
            if parameter.position is not None:
                takes[parameter.position] = says
    return found


def _setter_noun(function: str) -> str:
    """Return what a function sets: `password` for set_password and with_password."""
    parts = words(function)
    return "_".join(parts[1:]) if len(parts) > 1 and parts[0] in _SETTERS else ""


def _signs(knowledge: Knowledge) -> dict[str, list[tuple[str, str]]]:
    """Return by the last words of what makes signatures and hashes the module of each and the word for it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, word in ((knowledge.macs, MAC), (knowledge.hashes, HASHED)):
        for name, _ in table.named():
            found.setdefault(last(name), []).append((module_of(name), word))
    return found


def _of_objects(knowledge: Knowledge) -> dict[str, list[str]]:
    """Return by the last words of methods that are exits for what they belong to the modules of these."""
    found: dict[str, list[str]] = {}
    for name, sink in knowledge.every_sink():
        if sink.only is OBJECT:
            found.setdefault(last(name), []).append(module_of(name))
    return found


def _exits(knowledge: Knowledge) -> dict[str, list[tuple[str, str]]]:
    """Return the last words of sinks with the module that must be imported to mean one, and the kind of exit."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, sink in knowledge.every_sink():
        kind = SHOWN if sink.rule == "logged-credential" else OTHER
        found.setdefault(last(name), []).append((module_of(name), kind))
    for name, _ in knowledge.responses.named():
        found.setdefault(last(name), []).append((module_of(name), ANSWERED))
    return found
