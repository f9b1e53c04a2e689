"""Containers, operators and functions in expressions: what of them is held by what is around them."""

from __future__ import annotations

import ast
from typing import Any

from keytrace.analyzers.python.outline.facts import SIGNED, attribute
from keytrace.analyzers.python.outline.shapes import named, text_of
from keytrace.analyzers.python.outline.targets import targets
from keytrace.analyzers.python.outline.words import LONGEST_NAME, Words

_SAME = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def dictionary(reader: Words, node: ast.Dict) -> None:
    labelled: dict[str, ast.expr] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        text = text_of(key) if key is not None else None
        if text is not None:
            labelled[text.lower()] = value
            reader.mention(attribute(text))
            reader.note([attribute(text)], reader.under([text], value))
        else:
            names = reader.expression(key)
            reader.under(names[-1:], value)
    for label in ("key", "name"):
        name = text_of(labelled[label]) if label in labelled and "value" in labelled else None
        if name is not None:
            reader.under([name], labelled["value"])


def sequence(reader: Words, node: ast.List | ast.Tuple | ast.Set) -> None:
    before = ""
    for element in node.elts:
        reader.under([before], element)
        name, _, value = (text_of(element) or "").lstrip("-").partition("=")
        before = name if len(name) < LONGEST_NAME and reader.vocabulary.promises(name) else ""
        if before and value:
            reader.facts.offers.add((name, value, False))


def comprehended(reader: Words, node: Any) -> None:
    for clause in node.generators:
        words = reader.expression(clause.iter)
        reader.note(targets(reader, clause.target, is_local=True), words)
        for test in clause.ifs:
            reader.aside(test)
    for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
        reader.visit(part)
    if reader.names:
        reader.folded(node)


def compare(reader: Words, node: ast.Compare) -> None:
    begin = len(reader.words)
    sides = [node.left, *node.comparators]
    names = [name for side in sides for name in named(side)]
    for side in sides:
        reader.under(names, side)
    words = reader.words[begin:]
    if isinstance(node.ops[0], _SAME):
        reader.exit(SIGNED, words)
    if isinstance(node.ops[0], ast.Eq | ast.NotEq):
        reader.compared(sides[:2], words)
    del reader.words[begin:]


def unary(reader: Words, node: ast.UnaryOp) -> None:
    reader.aside(node.operand)


def conditional(reader: Words, node: ast.IfExp) -> None:
    reader.aside(node.test)
    reader.visit(node.body)
    reader.visit(node.orelse)


def lambda_(reader: Words, node: ast.Lambda) -> None:
    arguments = node.args
    own = [*arguments.posonlyargs, *arguments.args]
    reader.lambdas += [one.arg for one in (*own, *arguments.kwonlyargs)]
    for one, default in zip(reversed(own), reversed(arguments.defaults), strict=False):
        reader.under([one.arg], default)
    outer, reader.in_lambda = reader.in_lambda, True
    reader.visit(node.body)
    reader.in_lambda = outer


def yielded(reader: Words, node: ast.Yield | ast.YieldFrom) -> None:
    reader.facts.returned += reader.expression(node.value)


def walrus(reader: Words, node: ast.NamedExpr) -> None:
    words = reader.under([node.target.id], node.value)
    reader.note(targets(reader, node.target, is_local=reader.depth > 0), words)
    reader.hold([node.target.id], node.value)
    reader.mention(node.target.id)
