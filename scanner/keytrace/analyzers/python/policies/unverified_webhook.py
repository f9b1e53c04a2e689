"""Handlers of webhooks that act on a request nobody has proved to be the provider's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.events import Finished
from keytrace.analyzers.python.finds import Fact
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.values import Class, Function
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.views import MAKERS, SOMEBODY, is_called_so
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import words

RULE = "unverified-webhook"
_REQUEST = re.compile(r"(?:^|\.)(?:\w*request|req)\b|\.rfile\b")
_BODIES = (".get_json", ".get_data")
_BODY_PARAMETERS = frozenset("payload event body data update hook message notification".split())
_SHOWS = frozenset("info debug print warning error get log".split())  # methods that check nothing
_FIELDS = frozenset("Form Body File".split())  # of FastAPI
_FIRST = ("dispatch", "initial", "prepare", "setup", "check_permissions", "on_prepare")  # methods called before
_GUARDS = frozenset("permission_classes authentication_classes decorators method_decorators middleware".split())
_ADDERS = frozenset("add_middleware Middleware before_request".split())
_ADDED = frozenset("middlewares middleware dependencies before_request before".split())
_DEPENDS = frozenset(("Depends", "Security"))
_BEFORE = frozenset(("before_request", "middleware"))
_OF_FORMS = frozenset("json schema model data".split())  # words of what is checked that is no signature
_COMPARES = (frozenset(("constant", "compare")), frozenset(("safe", "compare")))
_CHECKERS = ("construct_event", "slack_bolt", "compare_digest", "safe_str_cmp")
_ASKS = ("Event.retrieve",)  # the provider for the event
_ASKED = "_notify-validate"  # with which PayPal is asked likewise
_SIGNATURES = frozenset("signature sig hmac".split())
_BY_MAPPING = re.compile(r"ViewSet$|Servicer$|RequestHandler$")  # bases of classes whose methods may be called anything
_PLAIN = frozenset(("staticmethod", "classmethod", "cached_property", "property"))
_NOT_POSTED = frozenset(("put", "patch", "delete"))
_MANAGED, _HOOKS = frozenset(("create", "update", "save", "edit")), frozenset(("webhook", "webhooks", "hook", "hooks"))
_SECRETS = frozenset("signature token secret hmac sig digest".split())


def _finished(event: Finished, context: Context) -> Iterator[Fact]:
    function, view = event.function, context.views.of(event.function)
    if not view.webhook or view.to_model or not isinstance(function.node, cst.FunctionDef):
        return  # also what a language model calls: a tool takes no deliveries
    if function.name == "before_request":
        return
    if not _reads_body(function.node, context) and not _has_body_parameter(function.node):
        return
    if _is_guarded(function.node, view.routers, context) or _checks(function, context) or _manages(function.node):
        return
    if function.owner is not None and _is_class_guarded(function, function.owner, context):
        return
    whose = view.webhook if view.webhook != SOMEBODY else "a"
    evidence: tuple[Evidence, ...] = (
        Evidence("a view that takes a webhook, by its route, name or headers", 2.0),
        Evidence("it reads the body of the request", 1.0),
        Evidence("nothing in it, in what it calls or in its decorators checks a signature", 1.0),
    )
    message = f"'{function.name}' acts on {whose} webhook's body without checking its signature"
    if _is_called_by_base(function, function.node):
        evidence += (Evidence("a class that it inherits from calls it, and may have checked before", -1.0),)
        yield Fact(RULE, function.node.name, message, Confidence.LOW, evidence)
    else:
        yield Fact(RULE, function.node.name, message, Confidence.MEDIUM, evidence)


def _is_called_by_base(function: Function, node: cst.FunctionDef) -> bool:
    """Tell whether no framework calls a method, and nothing in its class that one does: def parse_events(request)."""
    owner = function.owner
    if owner is None or is_called_so(function.name) or any(map(_BY_MAPPING.search, owner.bases)):
        return False
    if not all(dotted(one.decorator) in _PLAIN for one in node.decorators):
        return False
    return function.name not in _called_in(owner)


@lru_cache(maxsize=2)  # the class that is being read may have many methods
def _called_in(owner: Class) -> frozenset[str]:
    """Return what the methods of a class call that frameworks call."""
    functions = (value.function for name, value in owner.attributes.items() if is_called_so(name))
    calls = (part for one in functions if one for part in walk(one.node) if isinstance(part, cst.Call))
    return frozenset(dotted(part.func).rpartition(".")[2] for part in calls)


def _reads_body(node: cst.FunctionDef, context: Context) -> bool:
    bodies = context.knowledge.webhooks["bodies"]
    for part in walk(node):
        if type(part) is cst.Attribute and part.attr.value in bodies and _REQUEST.search(dotted(part)):
            return True
        if type(part) is cst.Call and dotted(part.func).endswith(_BODIES):
            return True
    return False


def _has_body_parameter(node: cst.FunctionDef) -> bool:
    """Tell whether a framework hands the body, or fields of it, to a view as a parameter."""
    parameters = (*node.params.params, *node.params.kwonly_params)
    if any(parameter.name.value in _BODY_PARAMETERS for parameter in parameters):
        return True
    defaults = (parameter.default for parameter in parameters)
    return any(isinstance(one, cst.Call) and dotted(one.func).rpartition(".")[2] in _FIELDS for one in defaults)


def _manages(node: cst.FunctionDef) -> bool:
    """Tell whether a view manages the webhooks of a service itself: deliveries are posted, and are no CreateWebhook."""
    if any(dotted(one.decorator).removesuffix("()").rpartition(".")[2] in _NOT_POSTED for one in node.decorators):
        return True
    annotations = (one.annotation for one in node.params.params if one.annotation is not None)
    types = (frozenset(words(dotted(one.annotation))) for one in annotations)
    return any(not said.isdisjoint(_MANAGED) and not said.isdisjoint(_HOOKS) for said in types)


def _checks(function: Function, context: Context) -> bool:
    """Tell whether a function, or what it calls, checks a signature or compares a secret."""
    for node in walk(function.node):
        if type(node) is cst.Comparison and _compares_secret(node, context):
            return True
        if type(node) is cst.SimpleString and _ASKED in node.value:
            return True
        if type(node) is not cst.Call:
            continue
        if _is_check(dotted(node.func), context) or _is_given_signature(node, context):
            return True
        called = context.value_of(node.func).function
        if called is not None and called is not function and _checks_itself(called, context):
            return True
    return False


def _checks_itself(function: Function, context: Context) -> bool:
    return _node_checks(function.node, context)


def _node_checks(node: cst.CSTNode, context: Context) -> bool:
    return any(
        _is_check(dotted(part.func), context) if type(part) is cst.Call
        else type(part) is cst.Comparison and _compares_secret(part, context)
        for part in walk(node)
    )  # fmt: skip


def _is_check(written: str, context: Context) -> bool:
    """Tell whether a function of this path checks a signature, by its name."""
    if "construct_from" in written:
        return False
    last = written.replace("()", "").rpartition(".")[2]
    parts = frozenset(words(last))
    if last in context.knowledge.webhooks["checks"] or written.endswith(_ASKS):
        return True
    if parts & context.knowledge.webhooks["checks"] and not parts & _OF_FORMS:
        return True
    return any(both <= parts for both in _COMPARES) or any(checker in written for checker in _CHECKERS)


def _is_given_signature(call: cst.Call, context: Context) -> bool:
    """Tell whether a call is handed a signature or the secret to check it with, or a dependency that checks."""
    method = dotted(call.func).rpartition(".")[2]
    if method in _SHOWS:
        return False
    if context.value_of(call.func).ref.startswith("slack_bolt"):
        return True
    for arg in call.args:
        if arg.keyword is not None and words(arg.keyword.value)[-1:] == ("secret",):
            return True
        parts = {*words(dotted(arg.value).rpartition(".")[2]), *(words(arg.keyword.value) if arg.keyword else ())}
        if parts & _SIGNATURES or (method in _DEPENDS and parts & context.knowledge.webhooks["checks"]):
            return True
    return False


def _compares_secret(node: cst.Comparison, context: Context) -> bool:
    if not any(isinstance(target.operator, cst.Equal | cst.NotEqual) for target in node.comparisons):
        return False
    sides = [node.left, *(target.comparator for target in node.comparisons)]
    values = map(context.value_of, sides)
    if any(value.mac is not None or value.hashed for value in values):
        return True
    names = [name_of(side, context.names, context.value_of) for side in sides]
    return any(context.names.is_secret(name) or not _SECRETS.isdisjoint(words(name)) for name in names)


def _is_guarded(node: cst.FunctionDef, routers: tuple[str, ...], context: Context) -> bool:
    """Tell whether a decorator checks a signature, or something does before each request to a router."""
    if any(_is_checker(one.decorator, context) for one in node.decorators):
        return True
    if any(_adds_check(statement, context) for statement in context.views.body):
        return True
    return any(_guards(statement, router, context) for router in routers for statement in context.views.body)


def _is_class_guarded(function: Function, owner: Class, context: Context) -> bool:
    """Tell whether a class checks a signature before any of its methods is called, by itself or by what it names."""
    for name in _FIRST:
        first = owner.find(name)
        if first is not None and first.function not in (None, function) and _checks(first.function, context):
            return True
    for line in owner.node.body.body:
        made = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if isinstance(made, cst.Assign) and dotted(made.targets[0].target) in _GUARDS:
            elements = made.value.elements if isinstance(made.value, cst.List | cst.Tuple) else ()
            if any(_is_checker(element.value, context) for element in elements):
                return True
    return any(_is_checker(arg.value, context) for one in owner.node.decorators for arg in _arguments(one.decorator))


def _arguments(node: cst.CSTNode) -> Sequence[cst.Arg]:
    return node.args if isinstance(node, cst.Call) else ()


def _is_checker(node: cst.CSTNode, context: Context) -> bool:
    """Tell whether a function or class checks signatures, by its name or by what it does."""
    called = node.func if isinstance(node, cst.Call) else node
    written = dotted(called)
    if isinstance(node, cst.Call) and written.rpartition(".")[2] in _DEPENDS:
        return any(_is_checker(arg.value, context) for arg in node.args)
    if _is_check(written, context) or not _SIGNATURES.isdisjoint(words(written.rpartition(".")[2])):
        return True
    value = context.value_of(called)
    functions = [value.function]
    if value.is_class and value.instance is not None:
        functions = [one.function for one in value.instance.attributes.values()]
    return any(one is not None and not one.is_foreign and _checks_itself(one, context) for one in functions)


def _adds_check(statement: cst.CSTNode, context: Context) -> bool:
    """Tell whether a statement puts something before each request that checks a signature."""
    if not isinstance(statement, cst.SimpleStatementLine):
        return False
    for part in walk(statement):
        if type(part) is not cst.Call:
            continue
        adds = dotted(part.func).rpartition(".")[2] in _ADDERS
        for arg in part.args:
            if adds or (arg.keyword is not None and arg.keyword.value in _ADDED):
                several = arg.value.elements if isinstance(arg.value, cst.List | cst.Tuple) else ()
                if any(_is_checker(one, context) for one in (arg.value, *(element.value for element in several))):
                    return True
    return False


def _guards(statement: cst.CSTNode, router: str, context: Context) -> bool:
    if isinstance(statement, cst.FunctionDef):
        for decorator in statement.decorators:
            receiver, _, method = dotted(decorator.decorator).removesuffix("()").rpartition(".")
            if receiver == router and method in _BEFORE:
                return _node_checks(statement, context)
    elif isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Assign):
        made = statement.body[0]
        if MAKERS.search(dotted(made.value)) and any(dotted(target.target) == router for target in made.targets):
            return _depends_on_check(made, context)
    return False


def _depends_on_check(node: cst.CSTNode, context: Context) -> bool:
    return any(
        type(part) is cst.Call
        and dotted(part.func).rpartition(".")[2] in _DEPENDS
        and any(_is_check(dotted(arg.value), context) for arg in part.args)
        for part in walk(node)
    )


POLICY = Policy({Finished: _finished}, whole(RULE))
