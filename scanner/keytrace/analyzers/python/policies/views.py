"""Which functions a web framework calls, and whose webhooks they handle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from keytrace.analyzers.python.interpret.values import Class, Function, Value
from keytrace.analyzers.python.knowledge import DJANGO, TOOL_METHODS, VERBS, Knowledge
from keytrace.analyzers.python.syntax import dotted, string_value, walk
from keytrace.names.lexicon import words

_CALLED_SO = re.compile(r"(?:on_|do_)(?:get|post|put|patch|delete|GET|POST|PUT|PATCH|DELETE)$")
_VIEW_BASE = re.compile(r"View$|ViewSet$|Resource$|RequestHandler$|Mixin$|HTTPEndpoint$|Handler$|Servicer$")
_ANSWERS_BASE = re.compile(r"View$|ViewSet$|Resource$|HTTPEndpoint$|Servicer$|Controller$")
_TOOL_BASE = re.compile(r"Tool$")
_ROUTING = frozenset("bottle litestar starlite pyramid rest_framework blacksheep".split())  # by bare decorators
_ROUTERS = ("app", "router")
_DJANGO_LIKE = frozenset(
    "django aiohttp rest_framework starlette sanic pyramid litestar azure".split()
)  # a view there is a function of `request`
MAKERS = re.compile(
    r"(?:^|\.)(?:Flask|Blueprint|FastAPI|APIRouter|Quart|Sanic|Starlette|Bottle|Api|Namespace|FastMCP|Server)\(\)$"
)
_ENTRIES = (("event", "context"), ("environ", "start_response"))  # parameters of what a server calls
_PATHS = frozenset(("path", "rule", "route", "route_name", "name"))
_PREFIXES = ("prefix", "url_prefix")
_ANSWERING = frozenset(("flask", "tool"))  # where what a function returns is sent as it is
SOMEBODY = "a provider"  # whose webhook it is when nothing says more


@dataclass(frozen=True, slots=True)
class View:
    """What a function is to the web: the framework that calls it, whose webhook it handles, by which routers.

    `signs`: it computes a signature; `answers`: what it returns is sent, `to_model`: to a language model.
    """

    framework: str = ""
    webhook: str = ""
    signs: bool = False
    routers: tuple[str, ...] = ()
    answers: bool = False
    to_model: bool = False


_NONE = View()


class Views:
    """Looks at the functions of a module, each once a round."""

    def __init__(self, knowledge: Knowledge, value_of: Callable[[cst.CSTNode], Value], text: bytes) -> None:
        """`text` is that of the module."""
        self._knowledge = knowledge
        self._registers = knowledge.registers_in(text)
        self._value_of = value_of
        self._frameworks: frozenset[str] = frozenset()
        self.body: Sequence[cst.CSTNode] = ()  # the statements of the module
        self._views: dict[Function, View] = {}
        self._registered: dict[str, str] = {}  # functions that are handed to what makes views, with their paths

    def start(self, module: cst.Module) -> None:
        """Begin with a module, or once more."""
        self._views.clear()
        if self.body is not module.body:
            self._frameworks = _imported(module)
            self.body = module.body
            self._registered = dict(self._registrations()) if self._registers else {}

    def _registrations(self) -> Iterator[tuple[str, str]]:
        """Yield the names that the module hands to what makes views of functions, and their paths."""
        for part in (part for line in self.body for part in walk(line)):
            if type(part) is not cst.Call or dotted(part.func).rpartition(".")[2] not in self._registers:
                continue
            texts = (string_value(arg.value) for arg in part.args if isinstance(arg.value, cst.SimpleString))
            path = next((text for text in texts if isinstance(text, str)), "")
            for arg in part.args:
                yield dotted(arg.value).partition(".")[0], path

    def of(self, function: Function | None) -> View:
        if function is None or not isinstance(function.node, cst.FunctionDef):
            return _NONE
        view = self._views.get(function)
        if view is None:
            view = self._views[function] = self._look(function, function.node)
        return view

    def _look(self, function: Function, node: cst.FunctionDef) -> View:
        decorators = [_Decorator(one.decorator) for one in node.decorators]
        routes = [one for one in decorators if self._is_route(one)]
        framework = self._framework(function, decorators, routed=bool(routes))
        if not framework:
            return _NONE
        answers = framework in _ANSWERING or (framework == "class" and _answers(function))
        receivers = tuple(route.receiver for route in routes)
        return View(
            framework, self._webhook(function, node, routes), _signs(node), receivers, answers, framework == "tool"
        )

    def _webhook(self, function: Function, node: cst.FunctionDef, routes: list[_Decorator]) -> str:
        """Return whose webhook a view handles, by its names, its paths, and the headers that it looks at."""
        owner = function.owner
        named = owner.name if owner is not None else function.name
        told = {*words(function.name), *words(named), *words(self._registered.get(named, ""))}
        if owner is not None and _is_exempt(owner):
            told.add("callback")  # a view that takes requests from other sites
        for route in routes:
            told.update(words(route.path(self._value_of)))
            told.update(words(self._prefix(route.receiver)))
        providers = sorted(told & self._knowledge.webhooks["providers"])
        if self._knowledge.tells_webhook(told):
            return providers[0] if providers else SOMEBODY
        return SOMEBODY if self._names_a_header(node) else ""

    def _prefix(self, router: str) -> str:
        """Return the prefix of the paths of a router."""
        for line in self.body:
            made = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
            if not isinstance(made, cst.Assign) or not isinstance(made.value, cst.Call):
                continue
            if any(dotted(target.target) == router for target in made.targets):
                named = {arg.keyword.value: arg.value for arg in made.value.args if arg.keyword is not None}
                text = next((named[name] for name in _PREFIXES if name in named), None)
                const = string_value(text) if isinstance(text, cst.SimpleString) else ""
                return const if isinstance(const, str) else ""
        return ""

    def _framework(self, function: Function, decorators: list[_Decorator], *, routed: bool) -> str:
        if any(one.method in self._knowledge.tools for one in decorators):
            return "tool"
        if function.owner is not None and (framework := _of_class(function, function.owner)):
            return framework
        if routed or function.name in self._registered or any(_takes(function, *names) for names in _ENTRIES):
            return "flask"
        if any(one.method in DJANGO and not one.receiver.startswith(_ROUTERS) for one in decorators):
            return "django"
        return "django" if self._is_plain_view(function) or _is_handed_request(function) else ""

    def _is_plain_view(self, function: Function) -> bool:
        """Tell whether a function is a view by its parameter, with the framework that is imported."""
        return function.owner is None and _takes(function, "request") and not self._frameworks.isdisjoint(_DJANGO_LIKE)

    def _is_route(self, decorator: _Decorator) -> bool:
        if not decorator.receiver:
            ref = self._value_of(decorator.call.func).ref if decorator.call is not None else ""
            return ref.partition(".")[0] in _ROUTING and ref.rpartition(".")[2] in self._knowledge.routes
        if decorator.method not in self._knowledge.routes:
            return False
        if decorator.receiver.rpartition(".")[2].lower() in self._knowledge.routers:
            return True
        if decorator.call is None:
            return False
        return MAKERS.search(self._value_of(decorator.call.func).ref.rpartition(".")[0]) is not None

    def _names_a_header(self, node: cst.FunctionDef) -> bool:
        """Tell whether a function names a header in which a provider sends a signature."""
        headers = self._knowledge.webhooks["headers"]
        texts = (part.value for part in walk(node) if type(part) is cst.SimpleString)
        return any(text.strip("'\"bru").lower().replace("_", "-").removeprefix("http-") in headers for text in texts)


class _Decorator:
    """A decorator `receiver.method`, and the call if it is one."""

    def __init__(self, node: cst.BaseExpression) -> None:
        self.call = node if isinstance(node, cst.Call) else None
        self.receiver, _, self.method = dotted(node).removesuffix("()").rpartition(".")

    def path(self, value_of: Callable[[cst.CSTNode], Value]) -> str:
        """Return the path of a route, as far as it is a constant."""
        named = (arg for arg in (self.call.args if self.call is not None else ())[:3])
        texts = (value_of(arg.value).const for arg in named if arg.keyword is None or arg.keyword.value in _PATHS)
        return " ".join(text for text in texts if isinstance(text, str))


def _of_class(function: Function, owner: Class) -> str:
    """Return the framework that calls a method, by what its class is."""
    if function.name in TOOL_METHODS and any(map(_TOOL_BASE.search, owner.bases)):
        return "tool"
    if _CALLED_SO.match(function.name) or _resolves(function):
        return "class"
    called = function.name in VERBS or _takes(function, "request")
    return "class" if called and any(map(_VIEW_BASE.search, owner.bases)) else ""


def is_called_so(name: str) -> bool:
    """Tell whether frameworks call a method of this name for a request."""
    return name in VERBS or name in TOOL_METHODS or name == "__call__" or _CALLED_SO.match(name) is not None


def _resolves(function: Function) -> bool:
    """Tell whether a method resolves a field of GraphQL: it is handed what is known of the query."""
    return function.name.startswith("resolve_") and "info" in function.parameters[:3]


def _takes(function: Function, *names: str) -> bool:
    """Tell whether the first parameters of a function are called so."""
    return function.parameters[function.offset : function.offset + len(names)] == names


def _is_handed_request(function: Function) -> bool:
    """Tell whether the first parameter of a function is a request, by its annotation."""
    node = function.node
    first = node.params.params[0] if isinstance(node, cst.FunctionDef) and node.params.params else None
    annotation = first.annotation.annotation if first is not None and first.annotation is not None else None
    return (
        function.owner is None and annotation is not None
        and dotted(annotation).rpartition(".")[2] in ("Request", "HttpRequest")
    )  # fmt: skip


def _answers(function: Function) -> bool:
    """Tell whether a server sends what a method returns, as it is."""
    owner = function.owner
    return _resolves(function) or (owner is not None and any(map(_ANSWERS_BASE.search, owner.bases)))


def _is_exempt(owner: Class) -> bool:
    """Tell whether a class is exempt from Django's protection against forged requests."""
    return any("csrf_exempt" in dotted(arg.value) for arg in _decorating(owner.node))


def _decorating(node: cst.ClassDef) -> Iterator[cst.Arg]:
    for decorator in node.decorators:
        if isinstance(decorator.decorator, cst.Call):
            yield from decorator.decorator.args


def _signs(node: cst.FunctionDef) -> bool:
    """Tell whether a function computes a signature."""
    calls = (dotted(part.func) for part in walk(node) if type(part) is cst.Call)
    return any(written.startswith("hmac.") or ".hexdigest" in written for written in calls)


def _imported(module: cst.Module) -> frozenset[str]:
    """Return the top-level packages that a module imports from."""
    found: set[str] = set()
    for line in module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.ImportFrom) and statement.module is not None and not statement.relative:
                found.add(dotted(statement.module).partition(".")[0])
            elif isinstance(statement, cst.Import):
                found.update(dotted(alias.name).partition(".")[0] for alias in statement.names)
    return frozenset(found)
