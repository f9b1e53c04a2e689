"""Texts: constants, f-strings, % and format, and what they are built of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from keytrace.analyzers.python.events import Built
from keytrace.analyzers.python.interpret import folding
from keytrace.analyzers.python.interpret.joins import dump, merge, taints_of, text_of, with_taints
from keytrace.analyzers.python.interpret.lookups import entry, labelled, named, shown_as, shows_secrets
from keytrace.analyzers.python.interpret.state import State
from keytrace.analyzers.python.interpret.values import CLEAN, NOTHING, UNKNOWN, Value
from keytrace.analyzers.python.syntax import string_value, unescape

_OF_NUMBERS = tuple("bdoxXeEfFgGn")  # how a format ends
_PRECISION = re.compile(r"\.(\d+)s?$")
_PART = 8  # characters of a secret that are only a part of it
_FIELD = re.compile(r"[^.\[]*")


def string(state: State, node: cst.SimpleString) -> Value:
    value = Value(const=string_value(node), node=node)
    text = value.text
    if text and ("=" in text or "://" in text):  # what is neither a URL nor a setting is told to nobody
        state.emit(Built(value, node))
    return value


def concatenated(state: State, node: cst.ConcatenatedString) -> Value:
    pieces: list[cst.CSTNode] = []
    current: cst.CSTNode = node
    while isinstance(current, cst.ConcatenatedString):
        pieces.append(current.left)
        current = current.right
    pieces.append(current)
    return built(state, [state.evaluate(piece) for piece in pieces], node)


def built(state: State, parts: Sequence[Value], node: cst.CSTNode) -> Value:
    """Return the text that `parts` make, and tell of it."""
    parts = [_labelled(state, before, part) for before, part in zip((NOTHING, *parts), parts, strict=False)]
    if parts and all(isinstance(part.const, bytes) for part in parts):
        joined = b"".join(part.const for part in parts if isinstance(part.const, bytes))
        value = Value(const=joined, node=node, folded=True)
    else:
        value = replace(text_of(parts), node=node)
    if value.parts or value.const is not UNKNOWN:
        state.emit(Built(value, node, tuple(part.node for part in parts if part.node is not None)))
    return value


def _labelled(state: State, before: Value, part: Value) -> Value:
    """Return a part of a text without its secrets where the text before says that it is another token."""
    return labelled(state.names, before.text, part) if part.taints and before.text else part


def number(_state: State, node: cst.Integer | cst.Float) -> Value:
    try:
        return Value(const=int(node.value, 0) if isinstance(node, cst.Integer) and len(node.value) < 30 else 0.0)
    except ValueError:
        return CLEAN


def formatted(state: State, node: cst.FormattedString) -> Value:
    parts: list[Value] = []
    raw = "r" in node.start.lower().partition(node.start[-1])[0]
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text = part.value.replace("{{", "{").replace("}}", "}")
            parts.append(Value(const=text if raw or "\\" not in text else unescape(text)))
        elif isinstance(part, cst.FormattedStringExpression):
            value = state.evaluate(part.expression)
            if part.equal is not None:
                parts.append(Value(const=f"{state.path(part.expression)}="))
            parts.append(_shown(state, value, part))
    return built(state, parts, node)


def _shown(state: State, value: Value, part: cst.FormattedStringExpression) -> Value:
    """Return what a text shows of a value: all of it, or as many characters as its format asks for."""
    if value.clean:
        return value
    value = shown_as(state, value, part.expression)
    if shows_secrets(state.names, value):
        value = with_taints(value, (dump(state.path(part.expression), part.expression),))
    pieces = (piece.value for piece in part.format_spec or () if isinstance(piece, cst.FormattedStringText))
    specification = "".join(pieces)
    precision = _precision(specification)
    if precision is not None and precision <= _PART:
        return cut(Value(taints=value.taints), precision)
    if not part.conversion and (value.parts or (isinstance(value.const, str) and not specification)):
        return value
    if isinstance(value.const, int | float) and not specification:
        return Value(const=str(value.const))
    return _as_text(value)


def _as_text(value: Value) -> Value:
    """Return what a text has of a value that is part of it; the parameters of a URL are told apart."""
    if value.options:
        return Value(taints=value.taints, options=value.options, shown=value.shown)
    items = value.items if value.ref.endswith("urlencode()") else None
    return Value(ref=value.ref, taints=value.taints, shown=value.shown, items=items)


def percent(state: State, template: Value, right: Value, node: cst.CSTNode) -> Value:
    """Return `template % right`."""
    if template.text is None:
        return Value(taints=merge(template.taints, right.taints))
    items = right.items or {}
    numbered = right.items is not None and all(isinstance(key, int) for key in items)
    arguments = iter(items.values() if numbered else [right])
    parts: list[Value] = []
    for text, name, precision in folding.percent_pieces(template.text):
        parts.append(Value(const=text))
        if name is None:
            break
        argument = items.get(name, NOTHING) if name else next(arguments, NOTHING)
        argument = cut(argument, precision)
        parts.append(Value(const=str(argument.const)) if type(argument.const) is int and not name else argument)
    return built(state, _without_bytes(parts), node)


def _precision(specification: str) -> int | None:
    """Return how many characters a format shows of a text, None for all; 0 of what is shown as a number."""
    cut = _PRECISION.search(specification)
    return 0 if specification.endswith(_OF_NUMBERS) else int(cut[1]) if cut else None


def cut(value: Value, precision: int | None) -> Value:
    """Return what is left of a value with as many characters, or as a number: 0."""
    if precision is None or precision > _PART or not value.taints:
        return value
    return Value(taints=tuple(taint.cut() for taint in value.taints)) if precision else CLEAN


def _without_bytes(parts: list[Value]) -> list[Value]:
    """Return the parts of a text, of which only the taints are known if one is None or of bytes."""
    if not any(part.const is None or isinstance(part.const, bytes) for part in parts):
        return parts
    return [part if isinstance(part.const, str) else Value(taints=part.taints) for part in parts]


def format_(
    state: State, template: str, arguments: Sequence[Value], keywords: dict[str, Value], node: cst.CSTNode
) -> Value:
    """Return `template.format(*arguments, **keywords)`."""
    pieces = folding.format_pieces(template)
    if pieces is None:
        return Value(taints=taints_of([*arguments, *keywords.values()]))
    parts: list[Value] = []
    position = 0
    for text, field, _specification in pieces:
        parts.append(Value(const=text))
        if field is None:
            continue
        found = _FIELD.match(field)
        first = found[0] if found else ""
        if not first or first.isdigit():
            number = int(first) if first else position
            position += 1
            value = arguments[number] if number < len(arguments) else NOTHING
        else:
            value = keywords.get(first, NOTHING)
        if rest := field[len(first) :].strip("[].")[:64]:
            inside = value.items is not None
            value = entry(state, value, rest, "", node) if inside else named(state, NOTHING, rest, node)
        parts.append(value if value.text is None or isinstance(value.const, str) else NOTHING)
    return built(state, parts, node)
