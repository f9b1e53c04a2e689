"""What else must be read to judge what a block does: what registers it, what runs before it, what compares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import CHECKED, MAC, WEBHOOK, plain
from keytrace.analyzers.python.outline.spread import functions
from keytrace.analyzers.python.program import Program

_BEFORE = ("before_request", "middleware", "middlewares", "add_middleware", "include_router")
_FIRST = frozenset("dispatch initial prepare setup check_permissions on_prepare".split())
_MOST_HANDED_ON = 3  # times that the name of a setting is
SENT = frozenset((".headers", ".auth", ".cookies"))


class Followed(Protocol):
    """What is known of a program when secrets and signatures have been followed."""

    program: Program
    wanted: dict[Block, str]
    signed: dict[Block, set[str]]


def around(program: Program, block: Block) -> list[Block]:
    """Return what makes a view of a function, and what looks at requests before it."""
    found = program.registering(block.name)
    if WEBHOOK in program.facts(block).reasons:
        found += (one for word in _BEFORE for one in program.called(word))
        members = block.owner.members if block.owner is not None else []
        found += (one for one in members if one.name in _FIRST or not one.is_function)
    return found


def setters(program: Program, block: Block) -> list[Block]:
    """Return the methods that set what the object of a method sends with each request."""
    members = block.owner.members if block.owner is not None else ()
    return [one for one in members if not program.facts(one).stays.isdisjoint(SENT)]


def checking(followed: Followed) -> list[Block]:
    """Return what checks signatures, where a literal may be the key of one."""
    program = followed.program
    if not any(
        MAC in program.facts(block).words for block, why in followed.wanted.items() if why.startswith("a literal")
    ):
        return []
    return [
        block
        for block, signed in followed.signed.items()
        if any(kind == CHECKED and not signed.isdisjoint(words) for kind, words in program.facts(block).exits)
    ]


def asked_by(program: Program, block: Block, depths: dict[Block, int]) -> Iterator[tuple[Block, Block]]:
    """Yield the functions that a block with the name of a setting may hand it to, and those that they hand it on to,
    each with who does, but for what was yielded before: `depths` has behind how many others each was asked.
    """
    waiting = [block]
    for depth in range(_MOST_HANDED_ON):
        later: dict[Block, None] = {}
        for asker in waiting:
            if depths.get(asker, _MOST_HANDED_ON) <= depth:
                continue
            depths[asker] = depth
            for name in sorted({*map(plain, program.facts(asker).words)} & program.defined.keys()):
                for function in functions(program.defined[name]):
                    yield function, asker
                    if program.facts(function).parameters:
                        later[function] = None
        waiting = list(later)
