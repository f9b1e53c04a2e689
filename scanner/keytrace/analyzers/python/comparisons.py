"""Comparisons: with a literal that is a credential, and of secrets or signatures without constant time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from keytrace.analyzers.python.lattice import UNKNOWN, Value
from keytrace.analyzers.python.tree import dotted
from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import confirms, words

if TYPE_CHECKING:
    from keytrace.analyzers.python.expressions import Expressions

_SIGNATURE = frozenset("signature sig hmac digest hexdigest mac".split())
_MAC = re.compile(r"(?:hmac\.(?:new|HMAC|digest)|Crypto\w*\.Hash\.HMAC\.new)\(\)")
_FEW = 4  # so many passwords may open something; a longer list is one of bad ones
# What a secret is compared with that is no guess of it.
_NO_GUESSES = frozenset(
    "length type kind status username user len email hash hashed old previous last sentinel default missing "
    "none empty pad eos bos eof".split()
)
# And what is one, or is what it should be.
_GUESSES = frozenset(
    "expected given provided received supplied candidate presented actual stored correct key secret password "
    "token value got wanted real true proof".split()
)
_FORMS = frozenset("encode decode strip lower upper hexdigest digest".split())


def check(reader: Expressions, node: cst.Comparison) -> None:
    """Look at each pair of a chain of comparisons."""
    left_node: cst.BaseExpression = node.left
    left = reader.evaluate(left_node)
    for target in node.comparisons:
        right_node = target.comparator
        right = reader.evaluate(right_node)
        if isinstance(target.operator, cst.Equal | cst.NotEqual):
            pair(reader, node, (left_node, left), (right_node, right))
        elif isinstance(target.operator, cst.In | cst.NotIn):
            name = name_of(reader, left_node)
            entries = list((right.items or {}).values())
            if name and reader.names.is_secret(name) and len(entries) <= _FEW:
                for entry in entries:
                    reader.literal(name, entry, "compare")
            if left.text is not None and (name := name_of(reader, right_node)) and reader.ledger.is_plural(name):
                reader.literal(name, left, "compare")
        left_node, left = right_node, right


def pair(
    reader: Expressions, node: cst.CSTNode, one: tuple[cst.CSTNode, Value], other: tuple[cst.CSTNode, Value]
) -> None:
    """Look at `one == other`."""
    for (first_node, first), (_second_node, second) in ((one, other), (other, one)):
        constant = second.text is not None or any(leaf.text is not None for leaf in second.leaves)
        if constant and first.text is None:
            name = name_of(reader, first_node)
            if name and (reader.names.is_secret(name) or name.lower() in ("token", "auth", "authorization")):
                reader.literal(name, second, "compare")
            return
    if _signatures(reader, node, one, other):
        return
    _secrets(reader, node, one, other)


def _signatures(
    reader: Expressions, node: cst.CSTNode, one: tuple[cst.CSTNode, Value], other: tuple[cst.CSTNode, Value]
) -> bool:
    """Report an HMAC, or what is named a signature, that is compared with == ."""
    if any(value.const is not UNKNOWN or value.items is not None for _, value in (one, other)):
        return False
    macs = [_is_mac(value) for _, value in (one, other)]
    named = [not _SIGNATURE.isdisjoint(words(name_of(reader, place))) for place, _ in (one, other)]
    webhook = reader.function is not None and reader.function.webhook != ""
    if not (
        any(macs) or (all(named) and webhook) or (any(named) and webhook and reader.function and reader.function.signs)
    ):
        return False
    if reader.asserting or reader.in_test:
        return True
    evidence = [Evidence("an HMAC is compared" if any(macs) else "a webhook's signature is compared", 3.0)]
    message = "A signature is compared with ==, not in constant time"
    reader.ledger.fact(
        "weak-signature-check", node, message, Confidence.HIGH if any(macs) else Confidence.MEDIUM, evidence
    )
    return True


def _is_mac(value: Value) -> bool:
    if value.mac:
        return True
    refs = [value.ref, *(part.ref for part in value.parts), *(leaf.ref for leaf in value.options)]
    return any(_MAC.match(ref) for ref in refs) or any(part.mac for part in (*value.parts, *value.options))


def _secrets(
    reader: Expressions, node: cst.CSTNode, one: tuple[cst.CSTNode, Value], other: tuple[cst.CSTNode, Value]
) -> None:
    """Report a secret that is compared with another value by == ."""
    if reader.asserting or reader.in_test or (reader.function and reader.function.name in ("__eq__", "__ne__")):
        return
    (first_node, first), (second_node, second) = one, other
    if first.const is not UNKNOWN or second.const is not UNKNOWN or first.clean or second.clean:
        return
    if first.items is not None or second.items is not None:
        return
    taints = [
        next(
            (taint for taint in value.taints if taint.kind not in ("parameter", "dump", "literal") and not taint.part),
            None,
        )
        for value in (first, second)
    ]
    secret = taints[0] or taints[1]
    if secret is None:
        return
    names = [name_of(reader, first_node), name_of(reader, second_node)]
    if any(name and "token" in words(name) and not reader.names.is_secret(name) for name in names):
        return
    if (
        names[0]
        and names[1]
        and (
            confirms(*names)
            and not ({"expected", "given", "provided", "received"} & {*words(names[0]), *words(names[1])})
        )
    ):
        return
    other_side = names[1] if taints[0] else names[0]
    other_words = set(words(other_side))
    if other_words & _NO_GUESSES:
        return
    if (
        not (taints[0] and taints[1])
        and not _is_request(first_node if taints[1] else second_node)
        and secret.kind == "name"
        and not other_words & _GUESSES
    ):
        return
    message = f"'{secret.name}' is compared with ==, which is not constant-time"
    reader.ledger.fact(
        "credential-compared",
        node,
        message,
        Confidence.MEDIUM,
        [Evidence(f"the secret '{secret.name}' is compared by ==", 2.0)],
    )


def _is_request(node: cst.CSTNode) -> bool:
    written = dotted(node)
    if isinstance(node, cst.Subscript):
        written = dotted(node.value)
    return bool(
        re.search(
            r"(?:^|\.)(?:request|req|headers|args|form|params|query_params|cookies|event|data|body|payload)\b", written
        )
    )


def name_of(reader: Expressions, node: cst.CSTNode | None) -> str:
    """Return the name that an expression goes by: of a variable, attribute, constant key or function."""
    while True:
        if isinstance(node, cst.Name):
            return node.value
        if isinstance(node, cst.Attribute):
            return node.attr.value
        if isinstance(node, cst.Await):
            node = node.expression
        elif isinstance(node, cst.NamedExpr):
            node = node.target
        elif isinstance(node, cst.Subscript):
            inner = node.slice[0].slice if len(node.slice) == 1 else None
            key = reader.evaluate(inner.value).const if isinstance(inner, cst.Index) else None
            return key if isinstance(key, str) else ""
        elif isinstance(node, cst.Call):
            function = node.func
            if isinstance(function, cst.Attribute):
                if function.attr.value in ("get", "pop", "getlist", "header") and node.args:
                    key = reader.evaluate(node.args[0].value).const
                    return key if isinstance(key, str) else ""
                if function.attr.value in _FORMS:
                    node = function.value
                    continue
                return reader.names.noun_of(function.attr.value)
            if isinstance(function, cst.Name):
                if function.value in ("str", "bytes") and node.args:
                    node = node.args[0].value
                    continue
                if function.value == "getattr" and len(node.args) > 1:
                    key = reader.evaluate(node.args[1].value).const
                    return key if isinstance(key, str) else ""
                return reader.names.noun_of(function.value)
            return ""
        else:
            return ""
