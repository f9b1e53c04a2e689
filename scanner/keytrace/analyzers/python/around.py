"""What else must be read to judge what a block does: what registers it, what runs before it, what compares."""

from __future__ import annotations

from typing import Protocol

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import CHECKED, MAC, WEBHOOK
from keytrace.analyzers.python.program import Program

_BEFORE = ("before_request", "middleware", "middlewares", "add_middleware", "include_router")
_FIRST = frozenset("dispatch initial prepare setup check_permissions on_prepare".split())
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
