"""An iterator of which one may ask how much it yields in all: what is left is then looked up, and yielded later."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Iterator[T], Generic[T]):
    """Yields the items of another iterable, in their order."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self._waiting: deque[T] = deque()
        self._yielded = 0

    def __next__(self) -> T:
        item = self._waiting.popleft() if self._waiting else next(self._items)
        self._yielded += 1
        return item

    def count(self) -> int:
        """Return how many items there are in all."""
        self._waiting.extend(self._items)
        return self._yielded + len(self._waiting)
