"""Views of web frameworks, and handlers of webhooks that act on a request nobody has proved to be the provider's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from keytrace.analyzers.python.program import Function
from keytrace.analyzers.python.tree import dotted, walk
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import words

if TYPE_CHECKING:
    from keytrace.analyzers.python.statements import Reader

_VERBS = frozenset("get post put patch delete head options dispatch handle list retrieve create update".split())
_VIEW_BASE = re.compile(r"View$|ViewSet$|Resource$|RequestHandler$|Mixin$|HTTPEndpoint$|Handler$")
_DJANGO = frozenset(
    "csrf_exempt require_POST require_http_methods require_GET login_required api_view never_cache".split()
)
_MAKERS = re.compile(r"(?:^|\.)(?:Flask|Blueprint|FastAPI|APIRouter|Quart|Sanic|Starlette|Bottle|Api|Namespace)\(\)$")


def describe(reader: Reader, function: Function, node: cst.FunctionDef) -> None:
    """Note whether a function is a view, and whose webhook it handles."""
    paths: list[str] = []
    for decorator in node.decorators:
        call = decorator.decorator
        written = dotted(call).removesuffix("()")
        receiver, _, method = written.rpartition(".")
        if method in _DJANGO and not receiver.startswith(("app", "router")):
            function.view = function.view or "django"
        if method in reader.knowledge.routes and receiver and isinstance(call, cst.Call):
            ref = reader.evaluate_quietly(call.func).ref.rpartition(".")[0]
            if receiver.rpartition(".")[2].lower() in reader.knowledge.routers or _MAKERS.search(ref):
                function.view = "flask"
                function.checks = function.checks or receiver in reader.guarded
                for arg in call.args[:1]:
                    path = reader.evaluate_quietly(arg.value).const
                    if isinstance(path, str):
                        paths.append(path)
        if not _checks(reader, written):
            continue
        function.checks = True
    owner = function.owner
    if owner is not None and function.name in _VERBS and any(_VIEW_BASE.search(base) for base in owner.bases):
        function.view = "class"
    first = function.parameters[function.offset] if len(function.parameters) > function.offset else ""
    if (
        not function.view
        and first == "request"
        and owner is None
        and reader.frameworks & {"django", "aiohttp", "rest_framework"}
    ):
        function.view = "django"
    if not function.view:
        return
    name_words = {*words(function.name), *(words(owner.name) if owner is not None else ())}
    path_words = {word for path in paths for word in words(path)}
    hooks = reader.knowledge.webhooks["paths"]
    providers = reader.knowledge.webhooks["providers"]
    if owner is not None and owner.is_exempt:
        name_words |= {"callback"}  # a view that takes requests from other sites
    hook = ({"webhook", "webhooks", "ipn", "hook", "hooks"} & (name_words | path_words)) or (
        (hooks & (name_words | path_words)) and (providers & (name_words | path_words))
    )
    provider = next(iter(sorted(providers & (name_words | path_words))), "")
    if hook:
        function.webhook = provider or "a provider"


def check(reader: Reader, function: Function) -> None:
    """Report a handler of a webhook that reads the body and checks no signature."""
    if not function.view or not isinstance(function.node, cst.FunctionDef) or function.name == "before_request":
        return
    headers = reader.knowledge.webhooks["headers"]
    reads = False
    checks = function.checks
    for node in _parts(function.node):
        if isinstance(node, cst.SimpleString):
            if node.value.strip("'\"bru").lower().replace("_", "-").removeprefix("http-") in headers:
                function.webhook = function.webhook or "a provider"
        elif isinstance(node, cst.Attribute):
            written = dotted(node)
            if node.attr.value in reader.knowledge.webhooks["bodies"] and re.search(
                r"(?:^|\.)(?:request|req)\b", written
            ):
                reads = True
        elif isinstance(node, cst.Call):
            written = dotted(node.func)
            if _checks(reader, written) or _is_checked_by(reader, node):
                checks = True
            function.signs = function.signs or written.startswith("hmac.") or ".hexdigest" in written
            reads = reads or written.endswith((".get_json", ".get_data"))
            called = reader.local(node.func)
            if called is not None and called is not function and called.body_checks is None:
                called.body_checks = any(
                    isinstance(part, cst.Call) and _checks(reader, dotted(part.func)) for part in _parts(called.node)
                ) or any(
                    isinstance(part, cst.Comparison) and _compares_secret(reader, part) for part in _parts(called.node)
                )
            if called is not None and called.body_checks:
                checks = True
        elif isinstance(node, cst.Comparison):
            checks = checks or _compares_secret(reader, node)
    if not function.webhook or checks:
        return
    if not reads and not _has_body_parameter(function):
        return
    whose = function.webhook if function.webhook != "a provider" else "a"
    evidence = [
        Evidence("a view that takes a webhook, by its route, name or headers", 2.0),
        Evidence("it reads the body of the request", 1.0),
        Evidence("nothing in it, in what it calls or in its decorators checks a signature", 1.0),
    ]
    message = f"'{function.name}' acts on {whose} webhook's body without checking its signature"
    reader.ledger.fact("unverified-webhook", function.node.name, message, Confidence.MEDIUM, evidence)


def _parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    return list(walk(node))


def _checks(reader: Reader, written: str) -> bool:
    """Tell whether a function of this path checks a signature, by its name."""
    if "construct_from" in written:
        return False
    parts = set(words(written.replace("()", "").rpartition(".")[2]))
    known = reader.knowledge.webhooks["checks"]
    if parts & known and not parts & {"json", "schema", "model", "data"}:
        return True
    if {"constant", "compare"} <= parts or {"safe", "compare"} <= parts or "safe_str_cmp" in written:
        return True
    return "construct_event" in written or "slack_bolt" in written or "compare_digest" in written


def _is_checked_by(reader: Reader, call: cst.Call) -> bool:
    """Tell whether a call is handed a signature or the secret to check it with, or a dependency that checks."""
    method = dotted(call.func).rpartition(".")[2]
    if method in ("info", "debug", "print", "warning", "error", "get", "log"):
        return False
    if reader.evaluate_quietly(call.func).ref.startswith("slack_bolt"):
        return True
    for arg in call.args:
        written = dotted(arg.value)
        parts = {*words(written.rpartition(".")[2]), *(words(arg.keyword.value) if arg.keyword else ())}
        if parts & {"signature", "sig", "hmac"} or (
            method in ("Depends", "Security") and parts & reader.knowledge.webhooks["checks"]
        ):
            return True
    return False


def _compares_secret(reader: Reader, node: cst.Comparison) -> bool:
    from keytrace.analyzers.python.comparisons import name_of

    if not any(isinstance(target.operator, cst.Equal | cst.NotEqual) for target in node.comparisons):
        return False
    sides = [node.left, *(target.comparator for target in node.comparisons)]
    recording, reader.ledger.recording = reader.ledger.recording, False
    names = [name_of(reader, side) for side in sides]
    reader.ledger.recording = recording
    return any(
        reader.names.is_secret(name) or {"signature", "token", "secret", "hmac", "sig", "digest"} & set(words(name))
        for name in names
    )


def _has_body_parameter(function: Function) -> bool:
    """Tell whether a framework hands the body to a view as a parameter."""
    assert isinstance(function.node, cst.FunctionDef)
    return any(
        parameter.name.value in ("payload", "event", "body", "data", "update", "hook", "message", "notification")
        for parameter in function.node.params.params
    )


def guards(reader: Reader, module: cst.Module) -> frozenset[str]:
    """Return the routers of which all requests are checked: before each request, or by a dependency."""
    guarded: set[str] = set()
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            for decorator in statement.decorators:
                receiver, _, method = dotted(decorator.decorator).removesuffix("()").rpartition(".")
                if method in ("before_request", "middleware") and _calls_check(reader, statement):
                    guarded.add(receiver)
        elif isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.Assign):
            made = statement.body[0]
            if _MAKERS.search(dotted(made.value)) and _depends_on_check(reader, made):
                guarded.update(dotted(target.target) for target in made.targets)
    return frozenset(guarded)


def _calls_check(reader: Reader, node: cst.CSTNode) -> bool:
    return any(isinstance(part, cst.Call) and _checks(reader, dotted(part.func)) for part in walk(node))


def _depends_on_check(reader: Reader, node: cst.CSTNode) -> bool:
    return any(
        isinstance(part, cst.Call)
        and dotted(part.func).rpartition(".")[2] in ("Depends", "Security")
        and any(_checks(reader, dotted(arg.value)) for arg in part.args)
        for part in walk(node)
    )
