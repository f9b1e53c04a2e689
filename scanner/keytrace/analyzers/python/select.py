"""Which blocks of a program are worth reading: those where a policy may find something, and all that they depend on.

Words carry secrets from block to block: out of functions that return them, through attributes and globals, into
parameters. What is selected may be too much and must not be too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from keytrace.analyzers.python.outline.blocks import Block
from keytrace.analyzers.python.outline.facts import (
    ANSWERED,
    BUILT,
    COMPARED,
    DUMP,
    LOCALS,
    OTHER,
    SENDS,
    SETTING,
    SHOWN,
    SHOWS,
    UNREADABLE,
    URL,
    WEBHOOK,
    Call,
    Facts,
)
from keytrace.analyzers.python.outline.words import URLISH
from keytrace.analyzers.python.program import Program

_PUBLIC_HTTP = re.compile(
    rb"(?i)http://(?!localhost|127\.|0\.0\.0\.0|www\.w3\.org|schemas?\.|ns\.|purl\.|www\.apache\.org)[\w{%][^\s\"'/]*\."
)
_MOST_WORDS = 400  # that carry a secret through a program
_EVERYTHING = frozenset((DUMP, LOCALS))


class Selection:
    """Follows secrets from block to block, word by word, until nothing new is reached.

    `foreign` are words by which other modules hand on secrets, `takers` functions of other modules that take what they
    are handed to an exit, `asked` names of functions of which somebody wants to know whether they do.
    """

    def __init__(
        self, program: Program, seeds: Iterable[Block], *, in_test: bool = False,
        foreign: Iterable[str] = (), takers: Iterable[str] = (), asked: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self.program, self.in_test = program, in_test
        self.foreign, self.takers = frozenset(foreign), frozenset(takers)
        self.wanted: dict[Block, str] = {}  # with why
        self.carriers: dict[str, set[Block]] = {word: set() for word in self.foreign}  # -> the blocks it is bound in
        self.handed: dict[Block, dict[Block, set[str]]] = {}  # functions -> by whom they are handed one -> as what
        self.given_away: set[str] = set()  # names of other modules that are handed a secret
        self._tainted: dict[Block, set[str]] = {}
        self._told: set[Block] = set()  # whose callers may hand them a literal for a secret
        self._asked = {one: name for name in asked for one in _functions(program.defined.get(name, ()))}
        self._waiting = [*dict.fromkeys(seeds), *self._asked]
        for word in self.foreign:
            self._waiting += program.mentions(word)
        while self._waiting and len(self.carriers) < _MOST_WORDS:
            self._follow(self._waiting.pop())

    def _follow(self, block: Block) -> None:
        """Follow what may hold a secret in a block; note what is reached, and whom that concerns."""
        facts = self.program.facts(block)
        tainted = self._reach(block, facts)
        if self._tainted.get(block) == tainted:
            return
        self._tainted[block] = tainted
        if block not in self._told and any(map(self.program.vocabulary.promises, facts.parameters)):
            self._told.add(block)
            self._waiting += self._callers(block)
        if block not in self.wanted and (why := self._demanded(facts, tainted)):
            self.wanted[block] = why
        if not tainted:
            return
        if block.name and not tainted.isdisjoint(facts.returned):
            self._carry(block.name, block)
        for word in facts.stays & tainted:
            self._carry(word, block)
        if (
            block.owner is not None
            and not block.is_function
            and any(map(self.program.vocabulary.promises, facts.stays))
        ):
            self._carry(block.owner.name, block)  # its objects show what they hold
        for call in facts.calls:
            if not tainted.isdisjoint(call.words):
                self._called(block, call, tainted)

    def _callers(self, block: Block) -> list[Block]:
        """Return who may call a function, or make an object of its class."""
        name = block.owner.name if block.owner is not None and block.name == "__init__" else block.name
        return self.program.mentions(name) if name else []

    def _called(self, block: Block, call: Call, tainted: set[str]) -> None:
        """Note who is handed a secret by a call: what is called, or functions among the arguments."""
        defined = self.program.defined
        if call.name not in defined:
            self.given_away.add(call.name)
        for name in {call.name, *call.words} & defined.keys():
            for function in _functions(defined[name]):
                if function is not block:
                    self._hand(
                        block, function, call.arguments if name == call.name else ((-1, list(tainted)),), tainted
                    )

    def _hand(
        self, block: Block, function: Block, arguments: Iterable[tuple[int | str, list[str]]], tainted: set[str]
    ) -> None:
        facts = self.program.facts(function)
        parameters = self.handed.setdefault(function, {}).setdefault(block, set())
        before = len(parameters)
        for place, words in arguments:
            if tainted.isdisjoint(words):
                continue
            if isinstance(place, str) and place in facts.parameters:
                parameters.add(place)
            elif isinstance(place, int) and 0 <= place < facts.positional:
                parameters.add(facts.parameters[place])
            else:
                parameters.update(facts.parameters)
        if len(parameters) > before:
            self._waiting.append(function)

    def _carry(self, word: str, block: Block) -> None:
        known = self.carriers.get(word)
        if known is None:
            self.carriers[word] = {block}
            self._waiting += self.program.mentions(word)
        else:
            known.add(block)

    def _reach(self, block: Block, facts: Facts) -> set[str]:
        """Return the words of a block that may hold a secret."""
        vocabulary, defined = self.program.vocabulary, self.program.defined
        reached = {word for word in facts.words if vocabulary.promises(word) or word in self.carriers}
        if reached and facts.has(LOCALS):
            reached.add(LOCALS)
        reached |= facts.words & vocabulary.sources
        reached.update(word for word in (DUMP, SETTING) if facts.has(word))
        for parameters in self.handed.get(block, {}).values():
            reached |= parameters
        if block in self._asked:
            reached.update(facts.parameters)
        pending = facts.flows
        while reached:
            later: list[tuple[list[str], list[str]]] = []
            size = len(reached)
            for flow in pending:
                targets, words = flow
                if reached.isdisjoint(words):
                    later.append(flow)
                    continue
                for target in targets:
                    if not target.endswith("()") or target[:-2] in defined or target[:-2] in self.foreign:
                        reached.add(target)
            if len(reached) == size:
                break
            pending = later
        return reached

    # --- what is wanted ---

    def _demanded(self, facts: Facts, tainted: set[str]) -> str:
        """Say why a policy may find something in a block, empty if none can."""
        reasons = facts.reasons - {SHOWS, SENDS}
        if reasons:
            return min(reasons)
        if SENDS in facts.reasons and _PUBLIC_HTTP.search(self.program.data):
            return SENDS
        if tainted and (SHOWS in facts.reasons):
            return SHOWS
        for kind, words in facts.exits if tainted else ():
            if self._reaches(kind, words, facts, tainted):
                return kind
        if any(call.name in self.takers and not tainted.isdisjoint(call.words) for call in facts.calls):
            return OTHER
        return self._offered(facts)

    @property
    def takes(self) -> frozenset[str]:
        """The functions, of those asked for, that take what they are handed to an exit, by themselves or by others."""
        by_whom: dict[Block, set[Block]] = {}
        for function, callers in self.handed.items():
            for caller in callers:
                by_whom.setdefault(function, set()).add(caller)
        waiting, reached = list(self.wanted), set(self.wanted)
        while waiting:
            for caller in by_whom.get(waiting.pop(), ()):
                if caller not in reached:
                    reached.add(caller)
                    waiting.append(caller)
        return frozenset(name for block, name in self._asked.items() if block in reached)

    def _reaches(self, kind: str, words: list[str], facts: Facts, tainted: set[str]) -> bool:
        """Tell whether a secret may reach an exit."""
        if tainted.isdisjoint(words):
            return False
        if kind == SHOWN:
            return True
        if kind == ANSWERED:
            return facts.is_view
        if (tainted - _EVERYTHING).isdisjoint(words):
            return False
        if kind == COMPARED:
            return not self.in_test and self._is_guess(facts, words, tainted)
        return kind != BUILT or self._is_url(facts, words)

    def _is_guess(self, facts: Facts, words: list[str], tainted: set[str]) -> bool:
        vocabulary = self.program.vocabulary
        for one in facts.comparisons:
            if one.words is words:
                held = tainted.intersection(words)
                is_sure = (
                    SETTING in held
                    or not held.isdisjoint(vocabulary.sources)
                    or any(not vocabulary.promises(word) for word in held)
                )
                if vocabulary.is_guess(one, is_sure=is_sure):
                    return True
        return False

    def _is_url(self, facts: Facts, words: list[str]) -> bool:
        """Tell whether a text is built of a literal elsewhere that is the beginning of a URL."""
        return any(
            URLISH.search(text) for word in words if not word.endswith("()") for text in self._values(word, facts)
        )

    def _offered(self, facts: Facts) -> str:
        """Say whether a literal may be a credential under one of the names that it stands under."""
        might_be = self.program.vocabulary.literals.might_be
        if any(might_be(name, text, sdk=sdk) for name, text, sdk in facts.offers):
            return "a literal"
        for name, word, sdk in facts.aliases:
            if any(might_be(name, text, sdk=sdk) for text in self._values(word, facts)):
                return "a literal behind a name"
        return "a literal for a parameter" if self._given(facts) else ""

    def _given(self, facts: Facts) -> set[str]:
        """Return the functions that are handed a literal which may be a credential under the name of the parameter."""
        might_be, parameters = self.program.vocabulary.literals.might_be, self.program.parameters
        return {
            function for function, place, text in facts.given
            if function in self.program.defined and any(might_be(name, text) for name in parameters(function, place))
        }  # fmt: skip

    def _values(self, word: str, facts: Facts) -> Iterator[str]:
        """Yield the literals that a word may be bound to, here or for the whole program."""
        yield from facts.values.get(word, ())
        for block in self.program.binders(word):
            known = self.program.facts(block)
            yield from known.values.get(word, ())
            if block.name == word:
                yield from (text for _, text, _ in known.offers)

    # --- what is read ---

    def needed(self) -> set[Block]:
        """Return the wanted blocks and all that they depend on, seen from what is asked of each."""
        asked = [(block, self._goals(block)) for block in self.wanted]
        called = (name for block in self.wanted for name in self._given(self.program.facts(block)))
        makers = (one for name in called for one in self.program.defined[name])
        fields = ((one, frozenset[str]()) for block in makers for one in block.members if not one.is_function)
        return self._closure([*asked, *fields])

    def exporting(self, name: str) -> set[Block]:
        """Return the blocks on which depends what a name of the top level is."""
        found = self.program.binders(name)
        members = [member for block in found for member in block.members]
        return self._closure((block, frozenset(self.program.facts(block).words)) for block in (*found, *members))

    def _closure(self, waiting_: Iterable[tuple[Block, frozenset[str]]]) -> set[Block]:
        waiting = list(waiting_)
        asked: dict[Block, set[str]] = {}
        while waiting:
            block, goals = waiting.pop()
            known = asked.get(block)
            if known is not None and goals <= known:
                continue
            before = self._backward(block, known) if known else frozenset()
            known = asked.setdefault(block, set())
            known |= goals
            relevant = self._backward(block, known)
            waiting += self._dependencies(block, relevant, before)
        return set(asked)

    def _dependencies(
        self, block: Block, relevant: frozenset[str], before: frozenset[str]
    ) -> Iterator[tuple[Block, frozenset[str]]]:
        """Yield (block, words) on which the words of a block depend: where they are bound, and by whom handed over."""
        facts = self.program.facts(block)
        own = set(facts.parameters).union(*(targets for targets, _ in facts.flows)) - facts.stays
        for word in relevant - before:
            goal = frozenset((word,))
            yield from ((one, goal) for one in self.carriers.get(word, ()))
            if word not in own:
                yield from ((one, goal) for one in self.program.binders(word))
        names = {block.name, block.owner.name if block.owner is not None else block.name}
        for caller, parameters in self.handed.get(block, {}).items():
            if not relevant.isdisjoint(parameters):
                tainted = self._tainted.get(caller, set())
                calls = (
                    one for one in self.program.facts(caller).calls if not names.isdisjoint((one.name, *one.words))
                )
                yield caller, frozenset(word for call in calls for word in call.words if word in tainted)

    def _goals(self, block: Block) -> frozenset[str]:
        """Return the words on which depends what may be found in a wanted block."""
        facts, tainted = self.program.facts(block), self._tainted.get(block, set())
        goals: set[str] = set()
        for kind, words in facts.exits:
            if not tainted.isdisjoint(words):
                goals.update(words if kind in (URL, BUILT) else (word for word in words if word in tainted))
        if facts.offers:
            goals |= facts.receivers
        goals |= self._given(facts)
        for name, word, _ in facts.aliases:
            goals.update((name, word))
        if WEBHOOK in facts.reasons:
            goals.update(call.name for call in facts.calls)
        if not facts.reasons.isdisjoint((UNREADABLE, SENDS)):
            goals |= facts.words
        return frozenset(goals)

    def _backward(self, block: Block, goals: set[str]) -> frozenset[str]:
        """Return the words that what `goals` hold in a block is made of: of what may hold a secret, and of literals."""
        facts, tainted = self.program.facts(block), self._tainted.get(block, set())
        relevant = set(goals)
        if UNREADABLE in facts.reasons:
            relevant |= facts.words
        if block.name in goals:
            relevant.update(facts.returned)
        pending = facts.flows
        while True:
            later: list[tuple[list[str], list[str]]] = []
            for flow in pending:
                targets, words = flow
                if relevant.isdisjoint(targets):
                    later.append(flow)
                else:
                    relevant.update(words if tainted.isdisjoint(targets) else tainted.intersection(words))
            if len(later) == len(pending):
                return frozenset(word.removesuffix("()") for word in relevant)
            pending = later


def _functions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the functions among some definitions; of a class what makes its objects."""
    for block in blocks:
        if block.word == b"class":
            yield from (one for one in block.members if one.name == "__init__")
        else:
            yield block
