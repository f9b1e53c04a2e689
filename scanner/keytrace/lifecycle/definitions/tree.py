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
        """Return what stands below these keys, if anything does."""
        found: Tree | None = self
        for name in path:
            found = next((value for key, _, value in found.items() if key == name), None) if found else None
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


def documents(data: bytes) -> list[Tree]:
    """Return the documents of a YAML or JSON file; raise BrokenError for what is none."""
    if len(data) > MOST:
        return []
    import yaml

    text = data.decode("utf-8", "replace").replace("\t", "    ")
    templates: list[str] = []
    if "{{" in text or "{%" in text:
        text = _DIRECTIVE.sub("", text)
        text = _INLINE.sub(lambda found: _kept(found[0], templates), text)
    text = "".join(char if char.isprintable() or char in "\n\r" else " " for char in text)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return [Tree(node, templates) for node in yaml.compose_all(text, Loader=loader) if node is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BrokenError(mark.line + 1 if mark else 1) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BrokenError(1) from error


def _kept(template: str, templates: list[str]) -> str:
    templates.append(template)
    return _MARK.format(len(templates) - 1)
