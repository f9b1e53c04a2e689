"""What the targets of assignments bind: variables, and what others see: attributes, entries, globals."""

from __future__ import annotations

import ast

from keytrace.analyzers.python.outline.facts import attribute
from keytrace.analyzers.python.outline.handed import gives
from keytrace.analyzers.python.outline.shapes import SELF, text_of
from keytrace.analyzers.python.outline.words import Words


def targets(reader: Words, target: ast.AST, *, is_local: bool) -> list[str]:
    """Return the names that a target binds; attributes, entries and globals are seen elsewhere, too."""
    if isinstance(target, ast.Name):
        return bound_name(reader, target.id, is_local=is_local)
    if isinstance(target, ast.Attribute):
        _stays(reader, attribute(target.attr))
        bound = [attribute(target.attr), *_holders(reader, target.value)]
        if isinstance(target.value, ast.Name) and target.value.id in SELF:
            reader.facts.of_self.add(bound[0])
        gives(reader, bound)
        return bound
    if isinstance(target, ast.Subscript):
        found = _holders(reader, target.value)
        gives(reader, found)
        if (key := text_of(target.slice)) is not None:
            _stays(reader, attribute(key))
            found.append(attribute(key))
        else:
            reader.visit(target.slice)
        return found
    if isinstance(target, ast.Tuple | ast.List):
        return [name for element in target.elts for name in targets(reader, element, is_local=is_local)]
    return targets(reader, target.value, is_local=is_local) if isinstance(target, ast.Starred) else []


def bound_name(reader: Words, name: str, *, is_local: bool) -> list[str]:
    """Return the words of a name that is bound; a global is seen elsewhere, too."""
    reader.facts.words.add(name)
    if reader.in_class:
        _stays(reader, attribute(name))
    if not is_local:
        reader.facts.stays.add(name)
    else:
        reader.local.add(name)
        if reader.depth == 1:
            reader.facts.own.add(name)
    return [name, attribute(name)] if reader.in_class else [name]


def _stays(reader: Words, word: str) -> None:
    reader.facts.words.add(word)
    reader.facts.stays.add(word)


def _holders(reader: Words, node: ast.AST) -> list[str]:
    """Return the names of what an attribute or entry belongs to: they hold it, too."""
    found: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            found.append(attribute(node.attr))
            reader.facts.stays.add(attribute(node.attr))
        else:
            reader.visit(node.slice)
        node = node.value
    if not isinstance(node, ast.Name):
        reader.visit(node)
    elif node.id in SELF:
        reader.facts.of_self.update(found[-1:])
    else:
        found.append(node.id)
        reader.changed.add(node.id)
    reader.facts.words.update(found)
    return found
