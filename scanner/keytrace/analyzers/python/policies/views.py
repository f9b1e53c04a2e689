"""Which functions a web framework calls, and whose webhooks they handle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from keytrace.analyzers.python.interpret.values import Class, Function, Value
from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.names.lexicon import words

_VERBS = frozenset("get post put patch delete head options dispatch handle list retrieve create update".split())
_VIEW_BASE = re.compile(r"View$|ViewSet$|Resource$|RequestHandler$|Mixin$|HTTPEndpoint$|Handler$")
_DJANGO = frozenset(
    "csrf_exempt require_POST require_http_methods require_GET login_required api_view never_cache".split()
)
_ROUTERS = ("app", "router")
_DJANGO_LIKE = frozenset("django aiohttp rest_framework".split())  # a view there is a function of `request`
MAKERS = re.compile(r"(?:^|\.)(?:Flask|Blueprint|FastAPI|APIRouter|Quart|Sanic|Starlette|Bottle|Api|Namespace)\(\)$")
_HOOKS = frozenset("webhook webhooks ipn hook hooks".split())
SOMEBODY = "a provider"  # whose webhook it is when nothing says more


@dataclass(frozen=True, slots=True)
class View:
    """What a function is to the web: the framework that calls it, whose webhook it handles, by which routers.

    `signs`: it computes a signature.
    """

    framework: str = ""
    webhook: str = ""
    signs: bool = False
    routers: tuple[str, ...] = ()


_NONE = View()


class Views:
    """Looks at the functions of a module, each once a round."""

    def __init__(self, knowledge: Knowledge, value_of: Callable[[cst.CSTNode], Value]) -> None:
        self._knowledge = knowledge
        self._value_of = value_of
        self._frameworks: frozenset[str] = frozenset()
        self.body: Sequence[cst.CSTNode] = ()  # the statements of the module
        self._views: dict[Function, View] = {}

    def start(self, module: cst.Module) -> None:
        """Begin with a module, or once more."""
        self._views.clear()
        self._frameworks = _imported(module)
        self.body = module.body

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
        owner = function.owner
        told = {*words(function.name), *(words(owner.name) if owner is not None else ())}
        if owner is not None and _is_exempt(owner):
            told.add("callback")  # a view that takes requests from other sites
        for route in routes:
            told.update(words(route.path(self._value_of)))
        known = self._knowledge.webhooks
        providers = sorted(told & known["providers"])
        webhook = providers[0] if providers else SOMEBODY
        if not (told & _HOOKS or (told & known["paths"] and providers)):
            webhook = SOMEBODY if self._names_a_header(node) else ""
        return View(framework, webhook, _signs(node), tuple(route.receiver for route in routes))

    def _framework(self, function: Function, decorators: list[_Decorator], *, routed: bool) -> str:
        owner = function.owner
        if owner is not None and function.name in _VERBS and any(map(_VIEW_BASE.search, owner.bases)):
            return "class"
        if routed:
            return "flask"
        if any(one.method in _DJANGO and not one.receiver.startswith(_ROUTERS) for one in decorators):
            return "django"
        first = function.parameters[function.offset] if len(function.parameters) > function.offset else ""
        plain = owner is None and first == "request" and not self._frameworks.isdisjoint(_DJANGO_LIKE)
        return "django" if plain else ""

    def _is_route(self, decorator: _Decorator) -> bool:
        if decorator.method not in self._knowledge.routes or not decorator.receiver or decorator.call is None:
            return False
        if decorator.receiver.rpartition(".")[2].lower() in self._knowledge.routers:
            return True
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
        first = self.call.args[0].value if self.call is not None and self.call.args else None
        const = value_of(first).const if first is not None else None
        return const if isinstance(const, str) else ""


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
