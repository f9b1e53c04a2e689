"""Which classes of a program may come from one another: a method that is called on self is one of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from keytrace.analyzers.python.outline.blocks import Block

_BASES = re.compile(rb"class[ \t]+\w+[ \t]*\(([^:]*)\)")
_NAME = re.compile(rb"[A-Za-z_]\w*")


class Related:
    """The classes of a program in groups."""

    def __init__(self, data: bytes, classes: Iterable[Block], is_assigned: Callable[[str], bool]) -> None:
        """Join each class with its bases; a base that `is_assigned` may be any class."""
        self._heads = {block.name: block.name for block in classes}
        unknown = set[str]()
        for block in classes:
            found = _BASES.search(data, block.start, block.end)
            for base in (name.decode("latin-1") for name in _NAME.findall(found[1])) if found is not None else ():
                if base in self._heads:
                    self._heads[self._head(block.name)] = self._head(base)
                elif is_assigned(base):
                    unknown.add(block.name)
        self._unknown = {self._head(name) for name in unknown}

    def may_be(self, one: Block, other: Block) -> bool:
        """Tell whether an object of one class may be one of the other."""
        first, second = self._head(one.name), self._head(other.name)
        return first == second or not self._unknown.isdisjoint((first, second))

    def _head(self, name: str) -> str:
        """Return the one class of a group that stands for all of it."""
        while self._heads[name] != name:
            self._heads[name] = name = self._heads[self._heads[name]]
        return name
