"""What calls and look-ups return that hold a secret by themselves: settings, commands, questions to a user."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from keytrace.analyzers.python.outline.dumps import last, package_of
from keytrace.analyzers.python.outline.facts import DUMP, LOOKED_UP, SETTING
from keytrace.analyzers.python.outline.imports import Imports
from keytrace.analyzers.python.outline.shapes import dotted, key_of, literals
from keytrace.analyzers.python.outline.vocabulary import Vocabulary

_COMMANDS = frozenset("check_output getoutput getstatusoutput run popen Popen check_call call".split())


def returned(
    vocabulary: Vocabulary, node: ast.Call, name: str, imports: Imports, bound: Mapping[str, Iterable[str]]
) -> str:
    """Return the word for what a call of this name returns that holds a secret, empty if it does not."""
    if name in vocabulary.lookups and (found := _looked_up(vocabulary, node, name, imports.modules)):
        return found
    if name in _COMMANDS and node.args:
        first = node.args[0]
        lines = {*bound.get(first.id, ())} if isinstance(first, ast.Name) else {" ".join([*literals(first)][::-1])}
        return next(filter(None, (_printed(vocabulary, line) for line in lines)), "")
    meant = vocabulary.common.get(name)
    return SETTING if meant and any(_is_meant(one, dotted(node.func), imports) for one in meant) else ""


def _printed(vocabulary: Vocabulary, line: str) -> str:
    """Return the word for what a command prints."""
    if line.startswith(vocabulary.knowledge.secret_commands):
        return SETTING
    return DUMP if line in vocabulary.knowledge.dump_commands else ""


def _looked_up(vocabulary: Vocabulary, node: ast.Call, name: str, modules: frozenset[str]) -> str:
    texts = list(filter(None, map(key_of, node.args)))
    if any(vocabulary.asks_for_setting(node, name, text) for text in texts):
        return SETTING
    key = node.args[0] if node.args else None
    if key is None or isinstance(key, ast.Constant):
        return ""
    is_environment = vocabulary.asks(name, modules) or (
        isinstance(node.func, ast.Attribute) and vocabulary.holds_settings(node.func.value)
    )
    return LOOKED_UP if is_environment else ""


def subscript(vocabulary: Vocabulary, node: ast.Subscript) -> str:
    """Return the word for what a look-up in the environment gives, empty if it is none of a secret."""
    if not vocabulary.holds_settings(node.value):
        return ""
    if vocabulary.names.is_setting(key_of(node.slice)):
        return SETTING
    return "" if isinstance(node.slice, ast.Constant) else LOOKED_UP


def _is_meant(name: str, path: str, imports: Imports) -> bool:
    """Tell whether a call that is written so may be one of a name in the model, by its path or its module."""
    if name.startswith("*"):
        return not name.startswith("*.") and path.lower().endswith(name[1:].lower())
    if last(name) == name:
        return True
    package = package_of(name)
    first = name.removeprefix(f"{package}.").partition(".")[0].removesuffix("()")  # the class, or what makes the object
    return imports.bring(package) and first.encode() in imports.text
