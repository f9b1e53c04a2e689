"""How words of a block flow to others, and which functions a call of some definitions runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import Flow


def spread(reached: set[str], flows: list[Flow], is_open: Callable[[str], bool] = lambda _target: True) -> list[Flow]:
    """Add to some words all that they flow to, of targets that are open; return the flows that may lead further yet."""
    pending = flows
    while reached:
        later: list[Flow] = []
        size = len(reached)
        for flow in pending:
            targets, words = flow
            if reached.isdisjoint(words):
                later.append(flow)
                continue
            open_targets = [one for one in targets if is_open(one)]
            reached.update(open_targets)
            if len(open_targets) < len(targets):
                later.append(flow)  # they may open
        pending = later
        if len(reached) == size:
            break
    return pending


def functions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the functions among some definitions; of a class what makes its objects."""
    for block in blocks:
        if block.word == b"class":
            yield from (one for one in block.members if one.name == "__init__")
        else:
            yield block
