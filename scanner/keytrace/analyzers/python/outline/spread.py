"""How words of a block flow to others, and which functions a call of some definitions runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keytrace.analyzers.python.outline.blocks import Block


def spread(reached: set[str], flows: list[tuple[list[str], frozenset[str]]]) -> set[str]:
    """Return some words with all that they flow to."""
    pending = flows
    while reached:
        later: list[tuple[list[str], frozenset[str]]] = []
        for flow in pending:
            targets, words = flow
            if reached.isdisjoint(words):
                later.append(flow)
            else:
                reached.update(targets)
        if len(later) == len(pending):
            break
        pending = later
    return reached


def functions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the functions among some definitions; of a class what makes its objects."""
    for block in blocks:
        if block.word == b"class":
            yield from (one for one in block.members if one.name == "__init__")
        else:
            yield block
