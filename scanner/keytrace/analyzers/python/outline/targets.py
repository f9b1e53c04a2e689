"""What the targets of assignments bind: variables, and what others see: attributes, entries, globals."""

from __future__ import annotations

import ast

from keytrace.analyzers.python.outline.shapes import SELF, text_of
from keytrace.analyzers.python.outline.words import Words


def targets(reader: Words, target: ast.AST, *, is_local: bool) -> list[str]:
    """Return the names that a target binds; attributes, entries and globals are seen elsewhere, too."""
    facts = reader.facts
    if isinstance(target, ast.Name):
        facts.words.add(target.id)
        if not is_local:
            facts.stays.add(target.id)
        return [target.id]
    if isinstance(target, ast.Attribute):
        _stays(reader, target.attr)
        return [target.attr, *_holders(reader, target.value, is_local=is_local)]
    if isinstance(target, ast.Subscript):
        found = _holders(reader, target.value, is_local=is_local)
        if (key := text_of(target.slice)) is not None:
            _stays(reader, key)
            found.append(key)
        else:
            reader.visit(target.slice)
        return found
    if isinstance(target, ast.Tuple | ast.List):
        return [name for element in target.elts for name in targets(reader, element, is_local=is_local)]
    return targets(reader, target.value, is_local=is_local) if isinstance(target, ast.Starred) else []


def _stays(reader: Words, word: str) -> None:
    reader.facts.words.add(word)
    reader.facts.stays.add(word)


def _holders(reader: Words, node: ast.AST, *, is_local: bool) -> list[str]:
    """Return the names of what an attribute or entry belongs to: they hold it, too."""
    found: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            found.append(node.attr)
            reader.facts.stays.add(node.attr)
        else:
            reader.visit(node.slice)
        node = node.value
    if not isinstance(node, ast.Name):
        reader.visit(node)
    elif node.id not in SELF:
        found.append(node.id)
        if not is_local:
            reader.facts.stays.add(node.id)
    reader.facts.words.update(found)
    return found
