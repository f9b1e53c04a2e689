"""What a name that is called may be another name for, or made of, and which functions a call may run."""

from __future__ import annotations

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import Call, attribute, plain
from keytrace.analyzers.python.program import Program

_MOST_ALIASES = 3  # of an alias


class Aliases:
    """Other names of the functions of a program: say = log.info, client = Client()."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._runs = program.vocabulary.runs

    def of(self, word: str, block: Block) -> frozenset[str]:
        """Return what a word that is called in a block, and is no function, may be another name for or made of."""
        if not word or plain(word) in self._program.defined:
            return frozenset()
        own = self._program.facts(block).made.get(word)
        return self._program.made(word).union(own) if own else self._program.made(word)

    def of_any(self, name: str, block: Block) -> frozenset[str]:
        """Return the same of a name or an attribute that is called so."""
        return self.of(name, block) | self.of(attribute(name), block)

    def run_by(self, call: Call, block: Block) -> set[str]:
        """Return what a call in a block may run: what is called, and what that is handed where it may call it."""
        names = {call.name} | self.of(attribute(call.name) if call.of_object else call.name, block)
        if not call.name or not names.isdisjoint(self._runs) or not names.isdisjoint(self._program.defined):
            names.update(call.named)
        return names

    def show(self, name: str, block: Block, depth: int = 0) -> bool:
        """Tell whether a name that is called in a block is another one for an exit: say = log.info."""
        if not name or name in self._program.defined:
            return False
        return (
            name in self._program.facts(block).shows
            or self._program.shows(name)
            or (depth < _MOST_ALIASES and any(self.show(one, block, depth + 1) for one in self.of_any(name, block)))
        )
