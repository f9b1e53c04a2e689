"""Secrets that are compared with another value by ==, which takes the longer the more of it is right."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from keytrace.analyzers.python.events import Compared
from keytrace.analyzers.python.finds import Fact
from keytrace.analyzers.python.interpret.values import Taint, Value
from keytrace.analyzers.python.policies.comparisons import is_open, of_signatures
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.syntax import dotted
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import confirms, words

RULE = "credential-compared"
_TWO_THINGS = frozenset("expected given provided received".split())  # words by which two names are not those of one
_NOT_COMPARED = frozenset("parameter dump literal".split())  # kinds of taints
_EQUALITY = frozenset(("__eq__", "__ne__"))
_PART = re.compile(r"(?:^|\.)(\w+)")


def _compared(event: Compared, context: Context) -> Iterator[Fact]:
    left, right = event.left, event.right
    one, other = _secret_in(left.value), _secret_in(right.value)
    secret = one or other
    if secret is None or not is_open(event) or _is_expected(event, context):
        return
    beside = right if one is not None else left
    is_sure = secret.kind != "name" or (one is not None and other is not None)
    other_words = frozenset(words(beside.name))
    model = context.knowledge.comparisons
    if other_words & model["no_guesses"] or not (
        is_sure or other_words & model["guesses"] or _is_request(beside.node, model["requests"])
    ):
        return
    if of_signatures(event, context) or _says_otherwise(left.name, right.name, context):
        return
    message = f"'{secret.name}' is compared with ==, which is not constant-time"
    evidence = Evidence(f"the secret '{secret.name}' is compared by ==", 2.0)
    yield Fact(RULE, event.node, message, Confidence.MEDIUM, (evidence,))


def _is_expected(event: Compared, context: Context) -> bool:
    """Tell whether it is a test that compares, or what compares anything."""
    return event.asserted or context.in_test or (event.function is not None and event.function.name in _EQUALITY)


def _secret_in(value: Value) -> Taint | None:
    if value.clean:
        return None
    return next((taint for taint in value.taints if taint.kind not in _NOT_COMPARED and not taint.part), None)


def _says_otherwise(one: str, other: str, context: Context) -> bool:
    """Tell whether the names say that this is no check: of tokens of another kind, of a thing asked for twice."""
    if any("token" in words(name) and not context.names.is_secret(name) for name in (one, other)):
        return True
    return bool(one and other) and confirms(one, other) and _TWO_THINGS.isdisjoint((*words(one), *words(other)))


def _is_request(node: cst.CSTNode, requests: frozenset[str]) -> bool:
    path = dotted(node.value if isinstance(node, cst.Subscript) else node)
    return not requests.isdisjoint(_PART.findall(path))


POLICY = Policy({Compared: _compared}, whole(RULE))
