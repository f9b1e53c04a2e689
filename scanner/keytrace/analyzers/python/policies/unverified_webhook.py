"""Handlers of webhooks that act on a request nobody has proved to be the provider's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from keytrace.analyzers.python.events import Finished
from keytrace.analyzers.python.finds import Fact
from keytrace.analyzers.python.interpret.lookups import name_of
from keytrace.analyzers.python.interpret.values import Function
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.policies.views import MAKERS, SOMEBODY
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import words

RULE = "unverified-webhook"
_REQUEST = re.compile(r"(?:^|\.)(?:request|req)\b")
_BODIES = (".get_json", ".get_data")
_BODY_PARAMETERS = frozenset("payload event body data update hook message notification".split())
_SHOWS = frozenset("info debug print warning error get log".split())  # methods that check nothing
_DEPENDS = frozenset(("Depends", "Security"))
_BEFORE = frozenset(("before_request", "middleware"))
_OF_FORMS = frozenset("json schema model data".split())  # words of what is checked that is no signature
_COMPARES = (frozenset(("constant", "compare")), frozenset(("safe", "compare")))
_CHECKERS = ("construct_event", "slack_bolt", "compare_digest", "safe_str_cmp")
_SIGNATURES = frozenset("signature sig hmac".split())
_SECRETS = frozenset("signature token secret hmac sig digest".split())


def _finished(event: Finished, context: Context) -> Iterator[Fact]:
    function, view = event.function, context.views.of(event.function)
    if not view.webhook or not isinstance(function.node, cst.FunctionDef) or function.name == "before_request":
        return
    if not _reads_body(function.node, context) and not _has_body_parameter(function.node):
        return
    if _is_guarded(function.node, view.routers, context) or _checks(function, context):
        return
    whose = view.webhook if view.webhook != SOMEBODY else "a"
    evidence = (
        Evidence("a view that takes a webhook, by its route, name or headers", 2.0),
        Evidence("it reads the body of the request", 1.0),
        Evidence("nothing in it, in what it calls or in its decorators checks a signature", 1.0),
    )
    message = f"'{function.name}' acts on {whose} webhook's body without checking its signature"
    yield Fact(RULE, function.node.name, message, Confidence.MEDIUM, evidence)


def _reads_body(node: cst.FunctionDef, context: Context) -> bool:
    bodies = context.knowledge.webhooks["bodies"]
    for part in walk(node):
        if type(part) is cst.Attribute and part.attr.value in bodies and _REQUEST.search(dotted(part)):
            return True
        if type(part) is cst.Call and dotted(part.func).endswith(_BODIES):
            return True
    return False


def _has_body_parameter(node: cst.FunctionDef) -> bool:
    """Tell whether a framework hands the body to a view as a parameter."""
    return any(parameter.name.value in _BODY_PARAMETERS for parameter in node.params.params)


def _checks(function: Function, context: Context) -> bool:
    """Tell whether a function, or what it calls, checks a signature or compares a secret."""
    for node in walk(function.node):
        if type(node) is cst.Comparison and _compares_secret(node, context):
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
    return any(
        _is_check(dotted(part.func), context) if type(part) is cst.Call
        else type(part) is cst.Comparison and _compares_secret(part, context)
        for part in walk(function.node)
    )  # fmt: skip


def _is_check(written: str, context: Context) -> bool:
    """Tell whether a function of this path checks a signature, by its name."""
    if "construct_from" in written:
        return False
    parts = frozenset(words(written.replace("()", "").rpartition(".")[2]))
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
        parts = {*words(dotted(arg.value).rpartition(".")[2]), *(words(arg.keyword.value) if arg.keyword else ())}
        if parts & _SIGNATURES or (method in _DEPENDS and parts & context.knowledge.webhooks["checks"]):
            return True
    return False


def _compares_secret(node: cst.Comparison, context: Context) -> bool:
    if not any(isinstance(target.operator, cst.Equal | cst.NotEqual) for target in node.comparisons):
        return False
    sides = [node.left, *(target.comparator for target in node.comparisons)]
    names = [name_of(side, context.names, context.value_of) for side in sides]
    return any(context.names.is_secret(name) or not _SECRETS.isdisjoint(words(name)) for name in names)


def _is_guarded(node: cst.FunctionDef, routers: tuple[str, ...], context: Context) -> bool:
    """Tell whether a decorator checks a signature, or something does before each request to a router."""
    if any(_is_check(dotted(one.decorator).removesuffix("()"), context) for one in node.decorators):
        return True
    return any(_guards(statement, router, context) for router in routers for statement in context.views.body)


def _guards(statement: cst.CSTNode, router: str, context: Context) -> bool:
    if isinstance(statement, cst.FunctionDef):
        for decorator in statement.decorators:
            receiver, _, method = dotted(decorator.decorator).removesuffix("()").rpartition(".")
            if receiver == router and method in _BEFORE:
                return any(type(part) is cst.Call and _is_check(dotted(part.func), context) for part in walk(statement))
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
