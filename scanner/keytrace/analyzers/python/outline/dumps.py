"""What holds everything at once: an environment, settings, headers, all variables of a function, all of an object."""

from __future__ import annotations

import ast
from functools import lru_cache

from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.analyzers.python.outline.facts import DUMP, FIELDS, LOCALS
from keytrace.analyzers.python.outline.shapes import dotted
from keytrace.names.lexicon import words

ENVIRONMENTS = frozenset(("environ", "environb"))
_SCOPES = frozenset(("locals", "globals"))
_OF_OBJECTS = frozenset(("vars", "asdict"))  # give all attributes of what they are handed
_OWN = frozenset(("self", "request", "app", "builtins"))  # that begin names in the model and are no modules


class Dumps:
    """Tells which attributes and calls may give everything, by the model in rules/python.toml."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._values, self._methods, self._settings = knowledge.dump_values, knowledge.dump_methods, knowledge.settings
        paths = (value.replace("()", "").rpartition(".") for value in (*self._values, "request.headers"))
        self._of_things = frozenset((name, last(base)) for base, _, name in paths)
        self._attributes = frozenset(map(last, self._values))
        self._made = [(last(value), module_of(value)) for value in self._values if "()" in value]
        of_dumps = {name for name in knowledge.dump_calls if name.rpartition(".")[0] in self._values}
        self.keep = frozenset(("dict", "model_dump", *map(last, of_dumps)))  # methods of dumps that return one
        self._calls = frozenset((*map(last, knowledge.dump_calls - of_dumps), *self._methods, *_OF_OBJECTS))

    def may_be(self, name: str, base: str, imports: frozenset[str]) -> bool:
        """Tell whether an attribute of something of a name may be everything that there is to it."""
        return (name, base) in self._of_things or self._is_made(name, imports)

    def of(self, node: ast.Attribute, imports: frozenset[str]) -> str:
        """Return the word for an attribute that may be everything: an environment, settings, headers, an object's."""
        name, path = node.attr, dotted(node)
        if name in ENVIRONMENTS:
            return DUMP
        if name == "f_locals":
            return LOCALS
        if name == "__dict__":
            return DUMP if self._is_settings(node.value) else FIELDS
        if name not in self._attributes:
            return ""
        if path in self._values or path.endswith(".request.headers"):
            return DUMP
        return DUMP if isinstance(node.value, ast.Name) and self._is_made(name, imports) else ""

    def of_call(self, node: ast.Call, name: str) -> str:
        """Return the word for a call that may return everything that an environment, object or function holds."""
        if name not in self._calls:
            return ""
        if name in _SCOPES:
            return LOCALS
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        owner = node.args[0] if node.args and name in _OF_OBJECTS else owner
        if owner is not None and self._is_settings(owner):
            return DUMP
        if name in _OF_OBJECTS:
            return FIELDS
        return "" if name in self._methods else DUMP

    def _is_made(self, name: str, imports: frozenset[str]) -> bool:
        """Tell whether what a call of one of these modules makes may have everything by a name."""
        return any(value == name and module in imports for value, module in self._made)

    def _is_settings(self, node: ast.AST) -> bool:
        path = dotted(node)
        return not {path, *words(last(path)), path.rpartition(".")[2]}.isdisjoint(self._settings)


def last(name: str) -> str:
    """Return the last word of a dotted name."""
    return name.removesuffix("()").rpartition(".")[2].removesuffix("()")


def module_of(name: str) -> str:
    """Return the module that must be imported for a name of the model, empty for what needs none."""
    first = name.partition(".")[0]
    return "" if "." not in name or first.endswith("()") or first in _OWN or name.startswith("*") else first


@lru_cache(maxsize=1024)
def package_of(name: str) -> str:
    """Return the whole path of the module that a name of the model is from, empty for what needs none: up to the first
    class or call.
    """
    if not module_of(name):
        return ""
    pieces = name.split(".")[:-1]
    known = next((number for number, one in enumerate(pieces) if number and (one[:1].isupper() or "(" in one)), None)
    return ".".join(pieces[:known]).removesuffix("()")
