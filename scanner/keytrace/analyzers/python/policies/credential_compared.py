"""Secrets that are compared with another value by ==, which takes the longer the more of it is right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from keytrace.analyzers.python.events import Compared, Operand
from keytrace.analyzers.python.finds import Fact
from keytrace.analyzers.python.interpret.label import name_of
from keytrace.analyzers.python.interpret.values import Taint, Value
from keytrace.analyzers.python.outline.shapes import CLASS_NAME
from keytrace.analyzers.python.policies.comparisons import is_open, of_signatures
from keytrace.analyzers.python.policies.context import Context, Policy, whole
from keytrace.analyzers.python.syntax import dotted, walk
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import confirms, judge, words

RULE = "credential-compared"
_TWO_THINGS = frozenset("expected given provided received".split())  # words by which two names are not those of one
_NOT_COMPARED = frozenset("parameter dump literal".split())  # kinds of taints
_FIELD = frozenset(("v", "value"))  # what validators call what they are handed
_FIELDS = frozenset("values info.data data attrs cleaned_data self.cleaned_data".split())  # and all fields
_KEEPS = frozenset("set save update store cache put write".split())
_EQUALITY = frozenset(("__eq__", "__ne__"))


def _compared(event: Compared, context: Context) -> Iterator[Fact]:
    left, right = event.left, event.right
    if not is_open(event) or _is_expected(event, context) or _is_column(left) or _is_column(right):
        return
    secret = _by_value(event, context) or _by_header(left, right, context) or _by_header(right, left, context)
    if not secret or of_signatures(event, context) or _is_no_check(event, context):
        return
    message = f"'{secret}' is compared with ==, which is not constant-time"
    evidence = (Evidence(f"the secret '{secret}' is compared by ==", 2.0), *_doubts(secret, event, context))
    yield Fact(RULE, event.node, message, Confidence.MEDIUM if len(evidence) == 1 else Confidence.LOW, evidence)


def _is_no_check(event: Compared, context: Context) -> bool:
    """Tell whether the two are of one thing: then and now, asked for twice, of one object, made of each other."""
    left, right = event.left, event.right
    if _is_taken_over(event) or _says_otherwise(left, right, context) or _is_own(left, right):
        return True
    return _is_validated(left, right) or _is_validated(right, left) or _are_of_one(left.value, right.value)


def _doubts(secret: str, event: Compared, context: Context) -> Iterator[Evidence]:
    if doubt := context.uses.as_id(secret):
        yield Evidence(doubt, -1.0)
    if _is_kept(event, context):
        yield Evidence("the program goes on with one of the two where they differ: it looks for what has changed", -1.0)


def _by_value(event: Compared, context: Context) -> str:
    """Return the secret that is compared with a guess of it, empty if there is none."""
    left, right = event.left, event.right
    one, other = _secret_in(left.value), _secret_in(right.value)
    secret = one or other
    if secret is None or (one is not None and other is not None and one.kind == other.kind == "prompt"):
        return ""
    beside = right if one is not None else left
    model = context.knowledge.comparisons
    is_sure = secret.kind != "name" or (one is not None and other is not None)
    told = frozenset(words(beside.name))
    if told & model["no_guesses"] or not (is_sure or told & model["guesses"] or _is_request(beside.node, context)):
        return ""
    return secret.name


def _by_header(header: Operand, other: Operand, context: Context) -> str:
    """Return what a header for a credential is compared with that is called like it: X-Upload-Key and UPLOAD_KEY."""
    if not (context.names.is_header(header.name) and _is_request(header.node, context)):
        return ""
    named, expected = words(header.name), words(other.name)
    is_one = len(expected) > 1 and expected[-1] in named and context.names.is_setting(other.name)
    return other.name if is_one and context.knowledge.comparisons["no_guesses"].isdisjoint((*named, *expected)) else ""


def _is_expected(event: Compared, context: Context) -> bool:
    """Tell whether it is a test that compares, or what compares anything."""
    return event.asserted or context.in_test or (event.function is not None and event.function.name in _EQUALITY)


def _is_column(side: Operand) -> bool:
    """Tell whether it is an attribute of a class of which only the name is known: a column, compared in a query."""
    if any(taint.kind != "name" for taint in side.value.taints):
        return False
    node = side.node.value if isinstance(side.node, cst.Attribute) else None
    while isinstance(node, cst.Attribute) and not CLASS_NAME.fullmatch(node.attr.value):
        node = node.value
    name = node.value if isinstance(node, cst.Name) else node.attr.value if isinstance(node, cst.Attribute) else ""
    return name == "cls" or CLASS_NAME.fullmatch(name) is not None


def _secret_in(value: Value) -> Taint | None:
    if value.clean:
        return None
    return next((taint for taint in value.taints if taint.kind not in _NOT_COMPARED and not taint.part), None)


def _name(side: Operand, context: Context) -> str:
    """Return what a side is called: of a field that holds it, `form.new_password.data`, the name of the field."""
    node = side.node
    while isinstance(node, cst.Attribute) and node.attr.value.lower() in context.knowledge.value_names:
        node = node.value
    return dotted(node).rpartition(".")[2] or side.name


def _is_own(*sides: Operand) -> bool:
    """Tell whether both sides are of one object: what it has, and what it got anew."""
    return all(side.value.ref.startswith("self.") or dotted(side.node).startswith("self.") for side in sides)


def _is_change(left: Operand, right: Operand, context: Context) -> bool:
    """Tell whether the names say that it is looked for what has changed: old.token != new.token, next_token."""
    if _is_request(left.node, context) or _is_request(right.node, context):
        return False
    owners = [words(dotted(side.node).rpartition(".")[0]) for side in (left, right)]
    told = {*owners[0], *owners[1]} & context.knowledge.comparisons["changes"]
    if "password" in (judge(left.name).kind, judge(right.name).kind):
        return bool(told)  # an old password may be given to prove who asks
    return bool(told or {*words(left.name), *words(right.name)} & context.knowledge.comparisons["changes"])


def _is_validated(one: Operand, other: Operand) -> bool:
    """Tell whether a validator compares a field with another one of the same form: password and its repetition."""
    base = dotted(other.node.value) if isinstance(other.node, cst.Subscript) else ""
    return dotted(one.node) in _FIELD and base in _FIELDS


def _are_of_one(one: Value, other: Value) -> bool:
    """Tell whether both sides are made of one secret: whether it is the same when decoded and encoded again."""
    begins = [{(taint.key, taint.steps[0].place) for taint in side.taints if taint.steps} for side in (one, other)]
    return not begins[0].isdisjoint(begins[1])


def _is_taken_over(event: Compared) -> bool:
    """Tell whether the function sets one side to the other: it looks for what has changed."""
    one, other = dotted(event.left.node), dotted(event.right.node)
    if event.function is None or not one or not other or one == other:
        return False
    assigned = (part for part in walk(event.function.node) if type(part) is cst.Assign)
    return any({dotted(part.targets[0].target), dotted(part.value)} == {one, other} for part in assigned)


def _is_kept(event: Compared, context: Context) -> bool:
    """Tell whether the program goes on with one side where they differ: it looks for what has changed."""
    node = event.node
    if event.function is None or not isinstance(node, cst.Comparison):
        return False
    if not isinstance(node.comparisons[0].operator, cst.NotEqual):
        return False
    names = {name_of(side.node, context.names, context.value_of) for side in (event.left, event.right)} - {""}
    body = _branches(event.function.node).get(node)
    if body is None or _leaves(body):
        return False
    return any(name_of(part, context.names, context.value_of) in names for part in _given(body))


@lru_cache(maxsize=2)  # the function that is being read may compare many times
def _branches(function: cst.CSTNode) -> dict[cst.CSTNode, cst.BaseSuite]:
    """Return what a function does where its comparisons hold, by these."""
    tests = (one for one in walk(function) if isinstance(one, cst.If))
    return {part: one.body for one in tests for part in walk(one.test) if isinstance(part, cst.Comparison)}


def _given(body: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    """Yield the parts of what is assigned in a branch, or handed to what keeps it."""
    for node in walk(body):
        if isinstance(node, cst.Assign):
            yield from walk(node.value)
        elif isinstance(node, cst.Call) and not _KEEPS.isdisjoint(words(dotted(node.func).rpartition(".")[2])):
            yield from (part for arg in node.args for part in walk(arg.value))


def _leaves(body: cst.BaseSuite) -> bool:
    """Tell whether a branch ends with an exception or a result."""
    last = body.body[-1] if body.body else None
    last = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(last, cst.Raise | cst.Return)


def _says_otherwise(left: Operand, right: Operand, context: Context) -> bool:
    """Tell whether the names say that this is no check: of tokens of another kind, of a thing asked for twice."""
    if _is_change(left, right, context):
        return True
    one, other = _name(left, context), _name(right, context)
    if any("token" in words(name) and not context.names.is_secret(name) for name in (one, other)):
        return True
    return bool(one and other) and confirms(one, other) and _TWO_THINGS.isdisjoint((*words(one), *words(other)))


def _is_request(node: cst.CSTNode, context: Context) -> bool:
    path = dotted(node.value if isinstance(node, cst.Subscript) else node).replace("()", "")
    return not context.knowledge.comparisons["requests"].isdisjoint(path.split("."))


POLICY = Policy({Compared: _compared}, whole(RULE))
