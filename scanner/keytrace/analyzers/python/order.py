"""In which order modules are read that import each other, whichever program leads to them first."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def ranks(paths: Iterable[str], imported: Callable[[str], Iterable[str]]) -> dict[str, int]:
    """Return a number for each of some programs and all that they import: each is read before those that import it, but
    for one of those that import each other.
    """
    found: dict[str, int] = {}
    begun: set[str] = set()
    for path in paths:
        waiting = [(path, iter(imported(path)))] if path not in begun else []
        begun.add(path)
        while waiting:
            here, rest = waiting[-1]
            target = next((one for one in rest if one not in begun), None)
            if target is None:
                found[here] = len(found)
                waiting.pop()
            else:
                begun.add(target)
                waiting.append((target, iter(imported(target))))
    return found
