"""YAML and JSON with the lines that things stand on. Templates in them are read as far as they are YAML without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keytrace.lifecycle.definitions.entry import MOST

_DIRECTIVE = re.compile(r"^[ \t]*(?:\{\{[^{}]*\}\}|\{%.*%\})[ \t]*(?:#.*)?$", re.MULTILINE)
_INLINE = re.compile(r"(?<!\$)\{\{.*?\}\}")
_MARK = "KTmplK{}K"
_MARKED = re.compile(r"KTmplK(\d+)K")
_DEEPEST = 40


class BrokenError(Exception):
    """What is no YAML, on `line`."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Tree:
    """A node: a mapping, a list or a scalar, with its line and, in a template, what the template puts there."""

    __slots__ = ("_node", "_templates")

    def __init__(self, node: Any, templates: list[str]) -> None:
        self._node = node
        self._templates = templates

    @property
    def line(self) -> int:
        return int(self._node.start_mark.line) + 1

    @property
    def tag(self) -> str:
        return str(self._node.tag)

    @property
    def is_map(self) -> bool:
        return bool(self._node.id == "mapping")

    @property
    def is_list(self) -> bool:
        return bool(self._node.id == "sequence")

    @property
    def text(self) -> str | None:
        """The text of a scalar, else None; of an empty one, nothing."""
        if self._node.id != "scalar":
            return None
        if self._node.tag == "tag:yaml.org,2002:null":
            return ""
        tag = "" if self._node.tag.startswith("tag:yaml.org") else f"{self._node.tag} "
        return tag + self._filled(self._node.value)

    def _filled(self, text: str) -> str:
        if "KTmplK" not in text:
            return text
        return _MARKED.sub(lambda mark: self._templates[int(mark[1])], text)

    @property
    def is_block(self) -> bool:
        """Whether it is a scalar that begins on the line below."""
        return self._node.id == "scalar" and self._node.style in ("|", ">")

    def items(self) -> Iterator[tuple[str, int, Tree]]:
        """Yield the entries of a mapping: key, its line, value; those that `<<` brings in come first."""
        yield from self._items(0)

    def _items(self, depth: int) -> Iterator[tuple[str, int, Tree]]:
        if not self.is_map or depth > _DEEPEST:
            return
        for key, value in self._node.value:
            if key.id != "scalar":
                continue
            if key.value == "<<":
                for one in value.value if value.id == "sequence" else [value]:
                    yield from Tree(one, self._templates)._items(depth + 1)
            else:
                yield self._filled(key.value), int(key.start_mark.line) + 1, Tree(value, self._templates)

    def parts(self) -> Iterator[Tree]:
        """Yield the items of a list; a scalar is a list of itself."""
        if self.is_list:
            for one in self._node.value:
                yield Tree(one, self._templates)
        elif not self.is_map:
            yield self

    def get(self, *path: str) -> Tree | None:
        """Return what stands below these keys, if anything does; its own goes before what `<<` brings in."""
        found: Tree | None = self
        for name in path:
            own = [value for key, _, value in found.items() if key == name] if found else []
            found = own[-1] if own else None
        return found

    def say(self, *path: str) -> str:
        """Return the text of a scalar below these keys, empty if there is none."""
        found = self.get(*path)
        return (found.text or "") if found else ""

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int, Tree]]:
        """Yield each scalar below with its path and the line of its key."""
        if len(path) > _DEEPEST:
            return
        for key, line, value in self.items():
            if value.text is not None:
                yield (*path, key), line, value
            else:
                yield from value.leaves((*path, key))
        for one in self.parts() if self.is_list else ():
            yield from one.leaves(path)


_JSON = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\")|//[^\n]*|/\*.*?\*/", re.DOTALL)  # strings, and comments between them


def documents(data: bytes) -> list[Tree]:
    """Return the documents of a YAML or JSON file; raise BrokenError for what is none."""
    if len(data) > MOST:
        return []
    import yaml

    text = data.decode("utf-8", "replace").replace("\t", "    ")
    templates: list[str] = []
    if text.lstrip()[:1] in ("{", "[") and text.lstrip()[1:2] != "{":
        text = _JSON.sub(lambda found: found[1] or "\n" * found[0].count("\n"), text)
    if "{{" in text or "{%" in text:
        text = _DIRECTIVE.sub("", text)
        text = _INLINE.sub(lambda found: _kept(found[0], templates), text)
    text = "\n".join(line if line.isprintable() else _printable(line) for line in text.split("\n"))
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return [Tree(node, templates) for node in yaml.compose_all(text, Loader=loader) if node is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BrokenError(mark.line + 1 if mark else 1) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BrokenError(1) from error


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() or char == "\r" else " " for char in line)


def _kept(template: str, templates: list[str]) -> str:
    templates.append(template)
    return _MARK.format(len(templates) - 1)


Setting = tuple[tuple[str, ...], int, str | None]  # the keys on the way to a scalar, its line, and what it is: None
# where it is taken from somewhere else


def settings(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[Setting]:
    """Yield each scalar below with its path; of an item with a name and a value, the name is the last of its path."""
    if len(path) > _DEEPEST:
        return
    if tree.is_map and (pair := _pair(tree, path)):
        yield pair
        return
    for key, line, value in tree.items():
        if value.text is not None:
            yield (*path, key), line, value.text
        else:
            yield from settings(value, (*path, key))
    for one in tree.parts() if tree.is_list else ():
        name, separator, value_of = (one.text or "").partition("=")
        if separator and name.isidentifier():
            yield (*path, name), one.line, value_of
        elif one.text is None:
            yield from settings(one, path)


def _pair(tree: Tree, path: tuple[str, ...]) -> Setting | None:
    """Return the setting that an item with a name and, beside it, a value is; without one, the name stands for it."""
    named = next((found for key in ("name", "key") if (found := tree.get(key))), None)
    valued = next((found for key in ("value", "valueFrom", "fromDatabase") if (found := tree.get(key))), None)
    if named is None or not named.text or (valued is None and path[-1:] not in _VARIABLES):
        return None
    return (*path, named.text), named.line, valued.text if valued is not None else None


_VARIABLES = tuple((name,) for name in ("env", "environment", "envVars", "variables", "secrets"))
_ROUGH = re.compile(rb"^[ \t]*(?:-[ \t]+)?[\"']?([A-Za-z_][\w.\-]*)[\"']?[ \t]*:[ \t]+([^\r\n#]+)", re.MULTILINE)
_NAMED = re.compile(rb"^[ \t]*-[ \t]+name:[ \t]*[\"']?([A-Z][A-Z0-9_]+)[\"']?[ \t]*\r?$", re.MULTILINE)


def rough(data: bytes) -> Iterator[tuple[str, int, str]]:
    """Yield what looks like entries in what is no YAML: name, line, value; and the names of variables in a list."""
    for pattern in (_ROUGH, _NAMED):
        line, at = 1, 0
        for found in pattern.finditer(data):
            line += data.count(b"\n", at, found.start(1))
            at = found.start(1)
            value = found[2].strip().strip(b"\"'").decode("utf-8", "replace") if pattern is _ROUGH else ""
            if not (pattern is _ROUGH and found[1] in (b"name", b"key")):
                yield found[1].decode("latin-1"), line, value
